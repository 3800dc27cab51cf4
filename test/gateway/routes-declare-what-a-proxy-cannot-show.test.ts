// Promise: a route whose verdict needs the body or the end of the answer is refused for proxies that ask when the project is
// applied, unless it says what holds there instead; and then that holds.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { compileProject } from "../../src/project/compile.ts";
import { loadProjectText, ProjectFileError } from "../../src/project/load.ts";
import { bearer } from "../support/gateway.ts";
import { forwarded, startAskingProxy, WITH_SECRET } from "./asking-proxy.ts";

const ADDRESS = "/v1/forward-auth/acme";
const proxy = await startAskingProxy();
after(() => proxy[Symbol.asyncDispose]());
const { gateway } = proxy;

async function payer(credits: number) {
  const { id: account } = await gateway.account("acme");
  if (credits > 0) await gateway.grant("acme", account, credits);
  const { key } = await gateway.key("acme", { account });
  const ask = (method: string, uri: string) =>
    proxy.ask(ADDRESS, [...WITH_SECRET, ...Object.entries(bearer(key)).flat(), ...forwarded(method, uri)]);
  return { ask, credits: async () => (await gateway.balance("acme", account)).credits };
}

/** Field to message, of a project with these lines beside its name. */
function problemsOf(yaml: string): Record<string, string> {
  try {
    compileProject(loadProjectText(`name: acme\n${yaml}`, "acme.yaml").file);
    return {};
  } catch (error) {
    assert.ok(error instanceof ProjectFileError);
    return Object.fromEntries(error.problems.map(({ field, message }) => [field, message]));
  }
}

const OPEN = "network: { trustedProxies: [10.0.0.0/8], forwardAuth: true }\n";
const LIMITS = "limits: { running: { concurrency: 3 }, often: { rate: 3, windowSeconds: 1 } }\n";

test("a cost in the body, one that is settled, and a place are told at the route that has them", () => {
  for (const [route, words] of [
    [
      "cost: { characters: text }, pot: credits",
      /takes its cost from the body.*forwardAuth: \{ cost: … \}, or forwardAuth: false/,
    ],
    ["cost: 5, pot: credits, hold: true", /waits for the upstream's answer.*forwardAuth: \{ cost: … \}/],
    ["cost: 5, hold: { settle: X-Units }", /waits for the upstream's answer/],
    ["limits: [running]", /under the limit running until its answer ends.*concurrencySeconds/],
    ["scopes: []", /under the limit running/],
  ] as const) {
    const yaml =
      `${LIMITS}routes: [{ match: GET /fine, limits: [often] }, { match: GET /a, limits: [often], ${route} }]`
        .replace("limits: [often], limits:", "limits:")
        .replace("limits: [often], scopes", "scopes");
    const problems = problemsOf(OPEN + yaml);
    assert.deepEqual(Object.keys(problems), ["routes[1]"], route);
    assert.match(problems["routes[1]"]!, words);
    assert.deepEqual(problemsOf(yaml), {}, "at the gateway it is fine");
    const told = yaml.replace(`${route} }]`, `${route}, forwardAuth: false }]`);
    assert.deepEqual(problemsOf(OPEN + told), {}, "and where it is said to be the gateway's");
  }
});

test("a plan's limit counts as well, and so does one of a project without routes", () => {
  const plans = "plans: { pro: { limits: { running: { concurrency: 1 } } } }\n";
  assert.match(problemsOf(`${OPEN}${plans}routes: [{ match: GET /a }]`)["routes[0]"]!, /the limit running/);
  assert.match(problemsOf(OPEN + plans)["network.forwardAuth"]!, /running needs: declare routes/);
});

test("nobody may ask where nobody is trusted", () => {
  assert.match(problemsOf("network: { forwardAuth: true }")["network.forwardAuth"]!, /name the proxies/);
});

test("what is said in vain is told", () => {
  const route = (words: string) =>
    `${LIMITS}routes: [{ match: GET /a, limits: [often], forwardAuth: { ${words} } }]`;
  assert.match(problemsOf(route("cost: 1"))["routes[0].forwardAuth.cost"]!, /costs nothing elsewhere/);
  assert.match(
    problemsOf(route("concurrencySeconds: 1"))["routes[0].forwardAuth.concurrencySeconds"]!,
    /no limit that holds here is of concurrency/,
  );
});

test("the declared cost is spent in place of the route's, for good", async () => {
  const { ask, credits } = await payer(20);
  const measured = await ask("POST", "/measured");
  assert.equal(measured.status, 204);
  assert.equal(measured.headers["x-credits"], "15");
  assert.equal((await ask("POST", "/held")).status, 204);
  assert.equal(await credits(), 8);
  assert.equal((await ask("POST", "/held")).status, 204);
  const refused = await ask("POST", "/held");
  assert.equal(refused.status, 402);
  assert.equal(refused.headers["x-credits"], "1");
  assert.equal(await credits(), 1);
});

test("a route that is the gateway's alone takes nothing, and its operator is told once", async () => {
  const { ask, credits } = await payer(20);
  for (const _ of [1, 2]) {
    const { status, text } = await ask("POST", "/gateway-only");
    assert.equal(status, 500);
    assert.equal(JSON.parse(text).code, "route_needs_gateway");
  }
  assert.equal(await credits(), 20);
  assert.deepEqual(proxy.faults, [
    "a proxy asked about acme POST /gateway-only, which says forwardAuth: false",
  ]);
});

test("a place is held for the seconds that the route says", async () => {
  const { ask } = await payer(0);
  assert.equal((await ask("GET", "/running")).status, 204);
  const refused = await ask("GET", "/running");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers["retry-after"], "7");
  assert.deepEqual(
    proxy.later.map(({ delayMs }) => delayMs),
    [60_000],
  );
  proxy.later[0]!.run();
  assert.equal((await ask("GET", "/running")).status, 204);
});
