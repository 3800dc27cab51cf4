// What is asked through every way in, with what the built-in gateway has to make of it. One after the other: some use up what later
// ones find used up.
import type { Callers, Sent } from "./world.ts";

export interface Asking {
  readonly name: string;
  /** What the gateway answers. */
  readonly status: number;
  /** The dialect's code, where the request is refused. */
  readonly fault?: string;
  readonly sent: (callers: Callers) => Sent;
  /** The store is out of reach meanwhile. */
  readonly withoutStore?: boolean;
}

const bearer = ({ key }: { readonly key: string }): string[] => ["Authorization", `Bearer ${key}`];
/** Well-formed, and of another place. */
const UNKNOWN = "acme_live_00000000000000000000000000000000";

const FORGED = [
  ...["Claviger-Key-Id", "key_forged", "claviger-account", "acc_forged", "CLAVIGER_KEY_ID", "key_forged"],
  ...["Claviger_Plan", "pro", "Claviger-Proxy-Secret", "guessed", "X-Request-Id", "req_forged"],
];

const target = "/things/1";
const refusal = (name: string, status: number, fault: string, sent: Asking["sent"]): Asking => ({
  name,
  status,
  fault,
  sent,
});
const pass = (name: string, sent: Asking["sent"]): Asking => ({ name, status: 200, sent });

const CREDENTIALS: readonly Asking[] = [
  pass("a bearer token", (c) => ({ target, headers: bearer(c.good) })),
  pass("a header of the project's", (c) => ({ target, headers: ["X-API-Key", c.good.key] })),
  pass("a scheme in capitals", (c) => ({ target, headers: ["authorization", `BEARER ${c.good.key}`] })),
  refusal("no credential", 401, "missing_api_key", () => ({ target })),
  refusal("an empty one", 401, "missing_api_key", () => ({ target, headers: ["X-API-Key", ""] })),
  refusal("a scheme that is none", 401, "invalid_api_key", (c) => ({
    target,
    headers: ["Authorization", c.good.key],
  })),
  refusal("Basic", 401, "invalid_api_key", () => ({ target, headers: ["Authorization", "Basic eDp5"] })),
  refusal("two places", 400, "multiple_credentials", (c) => ({
    target,
    headers: [...bearer(c.good), "X-API-Key", c.good.key],
  })),
  refusal("one header twice", 400, "multiple_credentials", (c) => ({
    target,
    headers: ["X-API-Key", c.good.key, "X-API-Key", c.other.key],
  })),
  refusal("a header and the query", 400, "multiple_credentials", (c) => ({
    target: `${target}?api_key=${c.other.key}`,
    headers: bearer(c.good),
  })),
  refusal("the query alone", 401, "missing_api_key", (c) => ({ target: `${target}?api_key=${c.good.key}` })),
  refusal("an underscore twin alone", 401, "missing_api_key", (c) => ({
    target,
    headers: ["X_API_Key", c.good.key],
  })),
  pass("a credential with an underscore twin", (c) => ({
    target,
    headers: [...bearer(c.good), "X_API_Key", c.other.key, "X_API-KEY", c.other.key],
  })),
  refusal("Connection: Authorization", 401, "missing_api_key", (c) => ({
    target,
    headers: [...bearer(c.good), "Connection", "Authorization"],
  })),
  refusal("Connection: close, x-api-key", 401, "missing_api_key", (c) => ({
    target,
    headers: ["X-API-Key", c.good.key, "Connection", "close, x-api-key"],
  })),
];

const KEYS: readonly Asking[] = [
  refusal("an ill-formed key", 401, "invalid_api_key", (c) => ({
    target,
    headers: ["X-API-Key", `${c.good.key}x`],
  })),
  refusal("an unknown key", 401, "invalid_api_key", () => ({ target, headers: bearer({ key: UNKNOWN }) })),
  refusal("a revoked key", 401, "revoked_api_key", (c) => ({ target, headers: bearer(c.revoked) })),
  refusal("a disabled key", 401, "disabled_api_key", (c) => ({ target, headers: bearer(c.disabled) })),
  refusal("an expired key", 401, "expired_api_key", (c) => ({ target, headers: bearer(c.expired) })),
  refusal("a suspended account", 403, "account_suspended", (c) => ({ target, headers: bearer(c.suspended) })),
  refusal("another environment", 401, "invalid_api_key", (c) => ({ target, headers: bearer(c.testing) })),
  pass("an allowlist with the client", (c) => ({ target, headers: bearer(c.here) })),
  refusal("an allowlist without it", 403, "ip_not_allowed", (c) => ({
    target,
    headers: bearer(c.elsewhere),
  })),
  refusal("an address that the client made up", 403, "ip_not_allowed", (c) => ({
    target,
    headers: [...bearer(c.elsewhere), "X-Forwarded-For", "10.1.1.1", "Forwarded", "for=10.1.1.1"],
  })),
  {
    name: "a store out of reach",
    status: 503,
    fault: "store_unavailable",
    withoutStore: true,
    sent: (c) => ({ target, headers: bearer(c.cold) }),
  },
];

const PLACES: readonly Asking[] = [
  pass("a query", (c) => ({ target: `${target}?a=1&b=%2F%3f&&c`, headers: bearer(c.good) })),
  pass("an escape", (c) => ({ target: "/things/%41%20b", headers: bearer(c.good) })),
  refusal("a path that is no route", 403, "forbidden", (c) => ({
    target: "/other",
    headers: bearer(c.good),
  })),
  refusal("a method that is no route", 403, "forbidden", (c) => ({
    method: "PUT",
    target,
    headers: bearer(c.good),
  })),
  refusal("an empty segment", 400, "ambiguous_path", (c) => ({
    target: "/things//1",
    headers: bearer(c.good),
  })),
  refusal("a dot segment", 400, "ambiguous_path", (c) => ({
    target: "/things/../fast",
    headers: bearer(c.good),
  })),
  refusal("an encoded dot segment", 400, "ambiguous_path", (c) => ({
    target: "/things/%2e%2e/fast",
    headers: bearer(c.good),
  })),
  refusal("an encoded slash", 400, "ambiguous_path", (c) => ({
    target: "/things/a%2Fb",
    headers: bearer(c.good),
  })),
  refusal("an escape of an escape", 400, "ambiguous_path", (c) => ({
    target: "/things/%252e",
    headers: bearer(c.good),
  })),
  refusal("a semicolon", 400, "ambiguous_path", (c) => ({
    target: "/things/1;a=b",
    headers: bearer(c.good),
  })),
  refusal("a backslash", 400, "ambiguous_path", (c) => ({ target: "/things/a\\b", headers: bearer(c.good) })),
  refusal("a host that is not served", 421, "unknown_host", (c) => ({
    target,
    host: "elsewhere.example.com",
    headers: bearer(c.good),
  })),
  refusal("a scope that is lacking", 403, "insufficient_scope", (c) => ({
    method: "POST",
    target: "/things/new",
    headers: bearer(c.reader),
  })),
  refusal("a feature that is not in the plan", 403, "feature_not_in_plan", (c) => ({
    target: "/fast",
    headers: bearer(c.poor),
  })),
  pass("the own account", (c) => ({ target: `/accounts/${c.rich}`, headers: bearer(c.good) })),
  refusal("another account", 403, "forbidden", (c) => ({
    target: "/accounts/acc_0",
    headers: bearer(c.good),
  })),
];

const USES: readonly Asking[] = [
  pass("a body", (c) => ({
    method: "POST",
    target: "/things/new",
    headers: bearer(c.good),
    body: "some text",
  })),
  pass("DELETE", (c) => ({ method: "DELETE", target, headers: bearer(c.good) })),
  pass("HEAD", (c) => ({ method: "HEAD", target, headers: bearer(c.good) })),
  { name: "HEAD without a key", status: 401, sent: () => ({ method: "HEAD", target }) },
  pass("identity headers that the client made up", (c) => ({
    target,
    headers: [...bearer(c.good), ...FORGED],
  })),
  pass("fields that would make it another request", (c) => ({
    target,
    headers: [...bearer(c.good), "X-HTTP-Method-Override", "DELETE", "X_HTTP_Method_Override", "DELETE"],
  })),
  pass("one of two in a minute", (c) => ({ target: "/rated", headers: bearer(c.good) })),
  pass("the other", (c) => ({ target: "/rated", headers: bearer(c.good) })),
  refusal("a third", 429, "rate_limit_exceeded", (c) => ({ target: "/rated", headers: bearer(c.good) })),
  pass("the last of an allowance", (c) => ({ target: "/metered", headers: bearer(c.poor) })),
  refusal("one past it", 429, "quota_exceeded", (c) => ({ target: "/metered", headers: bearer(c.poor) })),
  pass("credits that are there", (c) => ({ target: "/paid", headers: bearer(c.good) })),
  refusal("too few credits", 402, "buy-credits", (c) => ({ target: "/paid", headers: bearer(c.poor) })),
];

export const ASKINGS: readonly Asking[] = [...CREDENTIALS, ...KEYS, ...PLACES, ...USES];
