/** Each vendor's generated page says, word for word, what that vendor has published: codes, texts, headers, scopes, prices. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { authenticationPage } from "../../src/project/pages.ts";
import { rowsOf, sectionOf } from "./page-tables.ts";
import { vendorNames, vendorProject } from "./project-files.ts";

interface Published {
  readonly variable: string;
  readonly headers: readonly string[];
  readonly regex: string;
  /** Status, code and, where it is published, the message. */
  readonly errors: readonly (readonly [status: number, code: string, message?: string])[];
  /** Bodies that are printed whole. */
  readonly bodies: readonly string[];
  readonly scopes: readonly string[];
  /** Title and price. */
  readonly plans: readonly (readonly [title: string, price?: string])[];
}

const FORBIDDEN = "API key does not have access to this resource";
const UNAUTHORIZED = "Invalid or missing API key";

/** Source: CONTRACTS N1 to N6, K0 to K8, M1 to M6, D1 to D6, H1 to H6. */
const PUBLISHED: Readonly<Record<string, Published>> = {
  nur: {
    variable: "NUR_API_KEY",
    headers: ["Authorization: Bearer <key>"],
    regex: "nur_[0-9A-Za-z]{40}",
    errors: [
      [401, "unauthorized", "Missing Authorization header."],
      [403, "insufficient_scope"],
    ],
    bodies: ['{"error":{"code":"unauthorized","message":"Missing Authorization header."}}'],
    scopes:
      "tts:read tts:write stt:read voices:read voices:write agents:read agents:write dubbing:write music:write audio:write *".split(
        " ",
      ),
    plans: [],
  },
  kugelaudio: {
    variable: "KUGELAUDIO_API_KEY",
    headers: ["Authorization: Bearer <key>", "?api_key=<key>"],
    regex: "ka_[0-9A-Za-z]{40}",
    errors: [
      [401, "unauthorized", UNAUTHORIZED],
      [403, "forbidden", FORBIDDEN],
    ],
    bodies: [
      `{"error":{"code":"unauthorized","message":"${UNAUTHORIZED}"}}`,
      `{"error":{"code":"forbidden","message":"${FORBIDDEN}"}}`,
    ],
    scopes: [],
    plans: [["Standard"], ["Basic"]],
  },
  murmr: {
    variable: "MURMR_API_KEY",
    headers: ["Authorization: Bearer <key>"],
    regex: "murmr_sk_(?:live|test)_[0-9A-Za-z]{32}",
    errors: [
      [401, "unauthorized"],
      [403, "forbidden"],
    ],
    bodies: [],
    scopes: [],
    plans: [
      ["Free", "$0 a month"],
      ["Starter", "$10 a month"],
      ["Pro", "$25 a month"],
      ["Realtime", "$49 a month"],
      ["Scale", "$99 a month"],
    ],
  },
  nudg3: {
    variable: "NUDG3_API_KEY",
    headers: ["Authorization: Bearer <key>", "X-API-Key: <key>", "X-RateLimit-Scopes", "X-RateLimit-Tier"],
    regex: "nudg3_(?:live|test)_ak_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}",
    errors: [
      [401, "invalid_api_key"],
      [401, "expired_api_key"],
      [403, "insufficient_scope"],
      [403, "ip_not_allowed"],
    ],
    bodies: [],
    scopes: ["read:analytics", "export:data"],
    plans: [],
  },
  nohuman: {
    variable: "NOHUMAN_API_KEY",
    headers: ["Authorization: Bearer <key>"],
    regex: "nh_[0-9A-Za-z]{40}",
    errors: [
      [401, "missing_api_key", "No Authorization header provided"],
      [401, "invalid_api_key", "API key is malformed or revoked"],
      [403, "insufficient_permissions", "Key lacks permission for this endpoint"],
      [402, "insufficient_credits", "Account has insufficient credits"],
    ],
    bodies: [
      '{"error":{"code":"missing_api_key","message":"No Authorization header provided","status":401}}',
      '{"error":{"code":"insufficient_permissions","message":"Key lacks permission for this endpoint","status":403}}',
    ],
    scopes: ["videos:generate", "videos:read"],
    plans: [],
  },
};

test("every project file has its published figures here", () => {
  assert.deepEqual(Object.keys(PUBLISHED).sort(), vendorNames.toSorted());
});

for (const [name, published] of Object.entries(PUBLISHED)) {
  const page = authenticationPage(vendorProject(name));

  test(`${name}: errors stand there with status, code and message`, () => {
    const rows = rowsOf(sectionOf(page, "Errors") ?? "");
    for (const [status, code, message] of published.errors) {
      const fitting = rows.filter((row) => row[0] === String(status) && row[1] === code);
      assert.ok(fitting.length > 0, `${status} ${code}`);
      if (message !== undefined)
        assert.ok(
          fitting.some((row) => row[2] === message),
          message,
        );
    }
    for (const body of published.bodies) assert.ok(page.includes(`\n${body}\n`), body);
  });

  test(`${name}: the places of a key and the usage headers are named`, () => {
    for (const header of published.headers) assert.ok(page.includes(`\`${header}\``), header);
  });

  test(`${name}: the key is described so that a scanner finds it`, () => {
    assert.ok(page.includes(`\n${published.regex}\n`));
  });

  test(`${name}: every snippet reads the documented variable`, () => {
    assert.ok(page.includes(`export ${published.variable}=`));
    assert.ok(page.includes(`$${published.variable}"`));
    assert.ok(page.includes(`os.environ["${published.variable}"]`));
    assert.ok(page.includes(`process.env.${published.variable};`));
  });

  test(`${name}: scopes and plans are those published, in their order`, () => {
    const scopes = rowsOf(sectionOf(page, "Scopes") ?? "").map(([scope]) => scope);
    assert.deepEqual(scopes, published.scopes);
    const plans = rowsOf(sectionOf(page, "Plans") ?? "");
    assert.deepEqual(
      plans.map(([title]) => title),
      published.plans.map(([title]) => title),
    );
    for (const [index, [, price]] of published.plans.entries()) {
      if (price !== undefined) assert.equal(plans[index]?.[2], price);
    }
  });
}

test("of a vendor with one code for all, every 401 has that code (N2, K5) and every 403 (K6)", () => {
  const codes = (name: string, status: string) => {
    const rows = rowsOf(sectionOf(authenticationPage(vendorProject(name)), "Errors") ?? "");
    return [...new Set(rows.filter((row) => row[0] === status).map((row) => row[1]))];
  };
  assert.deepEqual(codes("nur", "401"), ["unauthorized"]);
  assert.deepEqual(codes("kugelaudio", "401"), ["unauthorized"]);
  assert.deepEqual(codes("kugelaudio", "403"), ["forbidden"]);
});

test("what full access reaches is said (N3, N4)", () => {
  const rows = rowsOf(sectionOf(authenticationPage(vendorProject("nur")), "Scopes") ?? "");
  const includes = new Map(rows.map((row) => [row[0], row[3]]));
  assert.equal(includes.get("*"), "every scope, those added later too");
  assert.equal(includes.get("tts:write"), "tts:read");
  assert.equal(includes.get("voices:write"), "–");
});

test("a project without scopes says that keys have full access (K3)", () => {
  const scopes = sectionOf(authenticationPage(vendorProject("kugelaudio")), "Scopes");
  assert.match(scopes ?? "", /full access to its own account's resources/);
});

test("a region is asked for by a prefix (K4)", () => {
  const regions = sectionOf(authenticationPage(vendorProject("kugelaudio")), "Regions");
  assert.deepEqual(rowsOf(regions ?? ""), [["eu", "eu-<key>"]]);
});

test("hosts are bound to environments (D8) and the tiers list their scopes (D4)", () => {
  const page = authenticationPage(vendorProject("nudg3"));
  assert.deepEqual(rowsOf(sectionOf(page, "Environments and hosts") ?? ""), [
    ["nudg3.localhost", "live"],
    ["sandbox.nudg3.localhost", "test"],
  ]);
  assert.deepEqual(rowsOf(sectionOf(page, "Tiers") ?? ""), [
    ["Basic", "basic", "read:analytics"],
    ["Premium", "premium", "read:analytics, export:data"],
  ]);
  const header = rowsOf(sectionOf(page, "Response headers") ?? "").map((row) => [row[0], row[2]]);
  assert.deepEqual(header, [
    ["X-RateLimit-Limit", "100"],
    ["X-RateLimit-Remaining", "100"],
    ["X-RateLimit-Reset", "1772323200"],
    ["X-RateLimit-Scopes", "read:analytics,export:data"],
    ["X-RateLimit-Tier", "premium"],
  ]);
});

test("endpoints say what they need: scopes, feature and own account (N5, D4, K6, M5)", () => {
  const endpoints = (name: string) =>
    rowsOf(sectionOf(authenticationPage(vendorProject(name)), "Endpoints") ?? "");
  assert.deepEqual(endpoints("nur")[2], ["POST, PATCH, DELETE", "/v1/tts/settings/**", "tts:write"]);
  assert.deepEqual(endpoints("nudg3").at(-1), ["any", "/exports/**", "read:analytics, export:data"]);
  assert.deepEqual(endpoints("murmr")[1], ["GET", "/v1/realtime", "websocket"]);
  assert.deepEqual(endpoints("kugelaudio")[2], [
    "any",
    "/v1/accounts/{account}/voices/**",
    "–",
    "{account} must be the key's own account",
  ]);
});
