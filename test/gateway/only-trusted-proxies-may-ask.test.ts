// Promise: a verdict for a proxy is given to those only who know the secret and stand under the project's trusted proxies; and what
// is asked about is what they say, in the fields that are theirs, and nothing else.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer } from "../support/gateway.ts";
import { ASKED_PROJECT, forwarded, HOST, SECRET, startAskingProxy, WITH_SECRET } from "./asking-proxy.ts";

const ADDRESS = "/v1/forward-auth/acme";
const proxy = await startAskingProxy();
after(() => proxy[Symbol.asyncDispose]());
const { gateway } = proxy;
const { key } = await gateway.key("acme");
const auth = Object.entries(bearer(key)).flat();
const QUESTION = [...WITH_SECRET, ...auth, ...forwarded("GET", "/things")];

test("a proxy that knows the secret hears a 204 with who is calling", async () => {
  const { status, headers, text } = await proxy.ask(ADDRESS, QUESTION);
  assert.equal(status, 204);
  assert.equal(text, "");
  assert.match(headers["claviger-key-id"] as string, /^key_/);
  assert.equal(headers["claviger-environment"], "live");
  assert.equal(headers["claviger-region"], "-");
  assert.match(headers["x-request-id"] as string, /^req_/);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-accel-redirect"], undefined);
});

test("without the secret, with another, or with two nobody hears anything of a key", async () => {
  const asked = [...auth, ...forwarded("GET", "/things")];
  const secrets = [
    [],
    ["Claviger-Proxy-Secret", ""],
    ["Claviger-Proxy-Secret", `${SECRET}x`],
    [...WITH_SECRET, ...WITH_SECRET],
    ["Claviger-Proxy-Secret", "guessed", ...WITH_SECRET],
  ];
  for (const secret of secrets) {
    const answers = [
      await proxy.ask(ADDRESS, [...secret, ...asked]),
      await proxy.ask("/v1/forward-auth/none", secret),
    ];
    for (const { status, text, headers } of answers) {
      assert.equal(status, 403);
      assert.equal(JSON.parse(text).code, "untrusted_proxy");
      assert.equal(headers["claviger-key-id"], undefined);
    }
  }
});

test("a project that does not let proxies ask is none, and neither is Claviger's own", async () => {
  await gateway.apply("name: shut\nnetwork: { trustedProxies: [127.0.0.1] }");
  for (const name of ["shut", "claviger", "unknown", "acme/other", "acme/nginx/more", ""]) {
    const { status, text } = await proxy.ask(`/v1/forward-auth/${name}`, QUESTION);
    assert.equal(status, 404, name);
    assert.equal(JSON.parse(text).code, "no_forward_auth");
  }
});

test("a proxy that stands elsewhere is refused, secret or not", async () => {
  await gateway.apply(ASKED_PROJECT.replace("127.0.0.1", "192.0.2.7"));
  const { status, text } = await proxy.ask(ADDRESS, QUESTION);
  assert.equal(status, 403);
  assert.match(JSON.parse(text).title, /not under trustedProxies of acme/);
  await gateway.apply(ASKED_PROJECT);
});

test("the operator is told once of each", () => {
  assert.deepEqual(new Set(proxy.faults).size, proxy.faults.length);
  assert.equal(proxy.faults.length, 3);
  assert.ok(!proxy.faults.join().includes(SECRET));
});

test("nothing is read from the query of the address", async () => {
  const query = "?X-Forwarded-Method=GET&X-Forwarded-Uri=/things&method=GET&uri=/things&cost=0&scopes=";
  const { status, text } = await proxy.ask(ADDRESS + query, [...WITH_SECRET, ...auth]);
  assert.equal(status, 400);
  assert.equal(JSON.parse(text).code, "unclear_question");
  const asked = [...WITH_SECRET, ...auth, ...forwarded("GET", "/other")];
  assert.equal((await proxy.ask(`${ADDRESS}?uri=/things`, asked)).status, 403);
});

test("what is said twice, not at all, or in another proxy's fields is unclear", async () => {
  const original = QUESTION.map((word) => word.replace(/^X-Forwarded-(?!For)/, "X-Original-"));
  const [name, value] = ["X-Forwarded-Uri", "/other"];
  const without = QUESTION.toSpliced(QUESTION.indexOf("X-Forwarded-Host"), 2);
  for (const [address, headers] of [
    [ADDRESS, [...QUESTION, name, value]],
    [ADDRESS, without],
    [ADDRESS, original],
    [`${ADDRESS}/nginx`, QUESTION],
  ] as const) {
    const { status, text } = await proxy.ask(address, headers);
    assert.equal(status, 400, address);
    assert.equal(JSON.parse(text).code, "unclear_question");
  }
  const { status, headers } = await proxy.ask(`${ADDRESS}/nginx`, original);
  assert.equal(status, 204);
  assert.equal(headers["x-accel-redirect"], "@claviger_allowed");
  // It would overrule the application's own.
  assert.equal(headers["cache-control"], undefined);
});

test("fields of the other kind are the client's, and change nothing", async () => {
  const strange = [
    "X-Original-Uri",
    "/other",
    "X-Original-Method",
    "DELETE",
    "X-HTTP-Method-Override",
    "DELETE",
  ];
  assert.equal((await proxy.ask(ADDRESS, [...strange, ...QUESTION])).status, 204);
});

test("a host of another project, or of none, is not served", async () => {
  await gateway.apply("name: beta\nnetwork: { trustedProxies: [127.0.0.1], forwardAuth: true }");
  for (const host of ["beta.localhost", "nowhere.localhost"]) {
    const { status, text } = await proxy.ask(ADDRESS, [
      ...WITH_SECRET,
      ...auth,
      ...forwarded("GET", "/things", host),
    ]);
    assert.equal(status, 421);
    assert.equal(JSON.parse(text).code, "unknown_host");
  }
});

test("a proxy that does not name its client never passes for it", async () => {
  const { key: bound } = await gateway.key("acme", { allowedIps: ["127.0.0.1", "192.0.2.1"] });
  const asked = [...WITH_SECRET, ...Object.entries(bearer(bound)).flat()];
  const nameless = forwarded("GET", "/things").toSpliced(-2);
  assert.equal((await proxy.ask(ADDRESS, [...asked, ...nameless])).status, 403);
  assert.equal(
    (await proxy.ask(ADDRESS, [...asked, ...nameless, "X-Forwarded-For", "192.0.2.9"])).status,
    403,
  );
  assert.equal((await proxy.ask(ADDRESS, [...asked, ...forwarded("GET", "/things")])).status, 204);
});

test("what the client's Connection names is taken away, even where the proxy passed it on", async () => {
  for (const options of ["Authorization", "close, AUTHORIZATION"]) {
    const { status } = await proxy.ask(ADDRESS, [...QUESTION, "X-Forwarded-Connection", options]);
    assert.equal(status, 401);
  }
  // The proxy's own fields are not the client's to take away.
  const own = "x-forwarded-for, claviger-proxy-secret, x-forwarded-uri";
  assert.equal((await proxy.ask(ADDRESS, [...QUESTION, "X-Forwarded-Connection", own])).status, 204);
});

test("Envoy's way: the request itself behind the address, 200 for allowed, and what is to be removed", async () => {
  const asked = [...WITH_SECRET, ...auth, "X-Forwarded-For", "192.0.2.1", "Claviger_Plan", "pro"];
  const { status, headers, text } = await proxy.ask(`${ADDRESS}/envoy/things?a=1`, asked);
  assert.equal(status, 200);
  assert.equal(text, "");
  assert.deepEqual(String(headers["x-envoy-auth-headers-to-remove"]).split(", "), [
    "claviger-proxy-secret",
    "authorization",
    "claviger_plan",
  ]);
  assert.equal((await proxy.ask(`${ADDRESS}/envoy/other`, asked)).status, 403);
  assert.equal((await proxy.ask(`${ADDRESS}/envoy/things`, asked, "POST")).status, 403);
  assert.equal((await proxy.ask(`${ADDRESS}/envoy//things`, asked)).status, 400);
  assert.equal((await proxy.ask(`${ADDRESS}/envoy`, asked)).status, 404);
  assert.equal((await proxy.ask(`${ADDRESS}/envoy/things`, [...asked, "Host", HOST])).status, 400);
});

test("a failed attempt counts against its client", async () => {
  const limited = ASKED_PROJECT.replace(
    "forwardAuth: true",
    "forwardAuth: true, failedAttempts: { rate: 1, windowSeconds: 60 }",
  );
  await gateway.apply(limited);
  const wrong = [...WITH_SECRET, "Authorization", "Bearer wrong", ...forwarded("GET", "/things")];
  assert.equal((await proxy.ask(ADDRESS, wrong)).status, 401);
  assert.equal((await proxy.ask(ADDRESS, wrong)).status, 429);
  assert.equal((await proxy.ask(ADDRESS, QUESTION)).status, 204);
  await gateway.apply(ASKED_PROJECT);
});
