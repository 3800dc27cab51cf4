// Promise: a request gets from the middleware of each framework the answer that the gateway gives for the same project: status, body
// and headers.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Ask, askPort, bearer } from "../support/gateway.ts";
import { FRAMEWORKS, type Framework, start } from "./program.ts";
import { essence, keyOf, openClaviger, type Side, worldsFor } from "./worlds.ts";

const LIVE = "acme.localhost";

/** Asks for something with a key of its own, and gives the last answer. */
type Case = readonly [name: string, status: number, ask: (side: Side) => ReturnType<Side["ask"]>];

const once =
  (request: Ask, scopes: readonly string[] = ["read"], host = LIVE) =>
  async (side: Side) => {
    const key = await side.key({ scopes });
    return side.ask(host, { ...request, headers: [...bearerLines(key), ...flat(request.headers)] });
  };

const bearerLines = (key: string) => Object.entries(bearer(key)).flat();
const flat = (headers: Ask["headers"] = []) =>
  Array.isArray(headers) ? headers : Object.entries(headers).flat();

/** A key that one address may use, behind a proxy that says these lines. */
const from =
  (lines: readonly string[], allowed = "198.51.100.9") =>
  async (side: Side) => {
    const key = await side.key({ scopes: ["read"], allowedIps: [allowed] });
    return side.ask(LIVE, { path: "/words", headers: [...bearerLines(key), ...lines] });
  };

/** Hostile D02 to D07 and D11. */
const ADDRESSES: readonly Case[] = [
  ["the rightmost hop that is not trusted", 200, from(["X-Forwarded-For", "203.0.113.7, 198.51.100.9"])],
  ["a hop before it", 403, from(["X-Forwarded-For", "198.51.100.9, 203.0.113.7"])],
  ["hops in two lines", 200, from(["X-Forwarded-For", "203.0.113.7", "X-Forwarded-For", "198.51.100.9"])],
  ["a hop that cannot be read", 403, from(["X-Forwarded-For", "198.51.100.9, unknown"])],
  ["more than 100 hops", 403, from(["X-Forwarded-For", Array(200).fill("198.51.100.9").join(",")])],
  [
    "an address under another name",
    403,
    from(["X-Real-IP", "198.51.100.9", "Forwarded", "for=198.51.100.9"]),
  ],
  ["an IPv4-mapped address", 200, from(["X-Forwarded-For", "::ffff:198.51.100.9"])],
  ["another address that holds it", 403, from(["X-Forwarded-For", "64:ff9b::c633:6409"])],
  ["an address with a port", 200, from(["X-Forwarded-For", "198.51.100.9:5678"])],
  ["an address in brackets", 200, from(["X-Forwarded-For", '"[2001:db8::1]:443"'], "2001:db8::1")],
  [
    "a field that Connection takes out",
    403,
    from(["X-Forwarded-For", "198.51.100.9", "Connection", "close, x-forwarded-for"]),
  ],
];

const CASES: readonly Case[] = [
  ...ADDRESSES,
  ["an allowed request", 200, once({ path: "/words?a=b" })],
  ["an allowed HEAD", 200, once({ path: "/words", method: "HEAD" })],
  ["a request of a page", 200, once({ path: "/words", headers: { Origin: "https://app.example.com" } })],
  ["a request of a foreign page", 200, once({ path: "/words", headers: { Origin: "https://evil.example" } })],
  [
    "a refusal to a page",
    401,
    (side) => side.ask(LIVE, { path: "/words", headers: { Origin: "https://app.example.com" } }),
  ],
  [
    "a preflight",
    204,
    (side) =>
      side.ask(LIVE, {
        method: "OPTIONS",
        path: "/words",
        headers: { Origin: "https://app.example.com", "Access-Control-Request-Method": "PUT" },
      }),
  ],
  ["no key", 401, (side) => side.ask(LIVE, { path: "/words" })],
  ["a key in the URL", 401, (side) => side.ask(LIVE, { path: "/words?api_key=acme_live_x" })],
  ["an ill-formed key", 401, (side) => side.ask(LIVE, { path: "/words", headers: bearer("acme_live_x") })],
  [
    "no Bearer credential",
    401,
    (side) => side.ask(LIVE, { path: "/words", headers: { Authorization: "Basic eA==" } }),
  ],
  [
    "a key in another header",
    200,
    async (side) =>
      side.ask(LIVE, { path: "/words", headers: { "X-API-Key": await side.key({ scopes: ["read"] }) } }),
  ],
  [
    "two credentials",
    400,
    async (side) =>
      side.ask(LIVE, { path: "/words", headers: { ...bearer(await side.key()), "X-API-Key": "x" } }),
  ],
  ["a missing scope", 403, once({ path: "/words" }, ["speak"])],
  [
    "a rate that is used up",
    429,
    async (side) => {
      const headers = bearer(await side.key({ scopes: ["read"] }));
      for (let count = 0; count < 3; count++)
        assert.equal((await side.ask(LIVE, { path: "/words", headers })).status, 200);
      return side.ask(LIVE, { path: "/words", headers });
    },
  ],
  ["a look-alike of a stricter route", 403, once({ path: "/EXPORTS/x" })],
  ["a look-alike with a slash", 403, once({ path: "/exports/x/" })],
  ["an encoded slash", 400, once({ path: "/exports%2fx" })],
  ["an empty segment", 400, once({ path: "//words" })],
  ["a method that is not known", 405, once({ path: "/words", method: "PROPFIND" })],
  [
    "a key of another environment",
    401,
    async (side) =>
      side.ask(LIVE, { path: "/words", headers: bearer(await side.key({ environment: "test" })) }),
  ],
  [
    "a host of the other environment",
    200,
    async (side) =>
      side.ask("test.acme.localhost:4001", {
        path: "/words",
        headers: bearer(await side.key({ environment: "test", scopes: ["read"] })),
      }),
  ],
  ["a host that is not served", 421, once({ path: "/words" }, ["read"], "evil.example")],
  [
    "an address off the allowlist",
    403,
    async (side) =>
      side.ask(LIVE, { path: "/words", headers: bearer(await side.key({ allowedIps: ["192.0.2.1"] })) }),
  ],
  [
    "an address that a trusted proxy tells",
    200,
    async (side) => {
      const key = await side.key({ allowedIps: ["192.0.2.1"], scopes: ["read"] });
      return side.ask(LIVE, {
        path: "/words",
        headers: { ...bearer(key), "X-Forwarded-For": "198.51.100.7, 192.0.2.1" },
      });
    },
  ],
  [
    "a body that is measured",
    200,
    once(
      {
        path: "/speech",
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: '{"text":"déjà vu"}',
      },
      ["speak"],
    ),
  ],
  [
    "a body that cannot be measured",
    400,
    once(
      {
        path: "/speech",
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: '{"text":7}',
      },
      ["speak"],
    ),
  ],
  [
    "a body that is too large to be measured",
    413,
    once(
      {
        path: "/speech",
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: Buffer.alloc(1_048_577, " "),
      },
      ["speak"],
    ),
  ],
  [
    "an allowance that is used up",
    429,
    once(
      {
        path: "/speech",
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text: "x".repeat(101) }),
      },
      ["speak"],
    ),
  ],
  ["a failure that gives back what was paid", 503, once({ path: "/fail", method: "POST" })],
  ["an answer that says what it cost", 200, once({ path: "/settle", method: "POST" })],
];

for (const framework of FRAMEWORKS) {
  suite(framework, () => {
    test("each answer is the gateway's own", async (t) => {
      const { gateway, embedded } = await worldsFor(t, framework);
      for (const [name, status, ask] of CASES) {
        const wanted = await ask(gateway);
        assert.equal(wanted.status, status, `${name}, at the gateway: ${wanted.text}`);
        assert.deepEqual(essence(await ask(embedded)), essence(wanted), name);
      }
    });

    test("a credential on two lines is refused", async (t) => {
      const { embedded } = await worldsFor(t, framework);
      const key = await embedded.key({ scopes: ["read"] });
      const answer = await embedded.ask(LIVE, {
        path: "/words",
        headers: [...bearerLines(key), ...bearerLines(key)],
      });
      // The Web's Headers have made one line of the two, which is no credential at all.
      assert.deepEqual(
        [answer.status, answer.json.error.code],
        joined(framework, [400, "multiple_credentials"]),
      );
    });

    test("a dot segment goes nowhere that it may not", async (t) => {
      const { embedded } = await worldsFor(t, framework);
      const headers = bearer(await embedded.key({ scopes: ["read"] }));
      const { status } = await embedded.ask(LIVE, { path: "/words/../exports/x", headers });
      // The Web's URL has folded it before anybody could see it.
      assert.equal(status, framework === "next" ? 403 : 400);
    });

    test("an environment that is named stands for every host", async (t) => {
      const claviger = await openClaviger(t);
      await using program = await start(framework, claviger, { environment: "test" });
      const statuses = [];
      for (const environment of ["test", "live"]) {
        const headers = bearer(await keyOf(claviger, { environment, scopes: ["read"] }));
        statuses.push((await askPort(program.port, "anywhere.example", { path: "/words", headers })).status);
      }
      assert.deepEqual(statuses, [200, 401]);
    });
  });
}

function joined(framework: Framework, elsewhere: [number, string]): [number, string] {
  return framework === "next" ? [401, "invalid_api_key"] : elsewhere;
}
