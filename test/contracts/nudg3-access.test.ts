// Nudg3: which scope and tier opens which path, and the allowlist of a key (rows D3, D4).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { updateKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bearer, startGateway } from "../support/gateway.ts";

const HOST = "nudg3.localhost";
const FILE = readFileSync(new URL("../../projects/nudg3.yaml", import.meta.url), "utf8");
const gateway = await startGateway();
after(() => gateway.close());
// The test's own address stands for a trusted proxy, so that clients of any address can be played.
await gateway.apply(`${FILE}network: { trustedProxies: [127.0.0.1] }\n`);

/** The status of a request of `client`, or of 127.0.0.1 itself. */
async function from(key: string, client?: string): Promise<number> {
  const headers = { ...bearer(key), ...(client !== undefined && { "X-Forwarded-For": client }) };
  return (await gateway.ask(HOST, { path: "/dashboard", headers })).status;
}

test("D3: a key has a name and scopes, and without an allowlist every address is admitted", async () => {
  const key = await gateway.key("nudg3", { name: "Weekly report", scopes: ["read:analytics"] });
  assert.deepEqual([key.name, key.scopes, key.allowedIps], ["Weekly report", ["read:analytics"], []]);
  for (const client of [undefined, "203.0.113.7", "2001:db8::1"]) {
    assert.equal(await from(key.key, client), 200);
  }
});

test("D3: an allowlist of IPv4 and IPv6 addresses and ranges admits those and no other", async () => {
  const allowedIps = ["203.0.113.7", "198.51.100.0/24", "2001:db8::7", "2001:db8:aa::/48"];
  const { key, allowedIps: stored } = await gateway.key("nudg3", { allowedIps });
  assert.deepEqual(stored, allowedIps);
  const admitted =
    "203.0.113.7 198.51.100.0 198.51.100.255 2001:db8::7 2001:db8:aa:: 2001:db8:aa:ffff:ffff:ffff:ffff:ffff ::ffff:203.0.113.7";
  for (const client of admitted.split(" ")) assert.equal(await from(key, client), 200, client);
  const refused =
    "203.0.113.8 203.0.113.70 198.51.99.255 198.51.101.0 2001:db8::8 2001:db8:ab:: 2001:db8:a9:ffff:: ::1";
  for (const client of refused.split(" ")) assert.equal(await from(key, client), 403, client);
  assert.equal(await from(key), 403, "the proxy itself is not on the list");
});

test("D3: the allowlist can be edited later and counts from the next request on", async () => {
  const { key, id } = await gateway.key("nudg3", { allowedIps: ["203.0.113.7"] });
  const edit = (allowedIps: string[]) =>
    updateKey(gateway.instance, LOCAL_CALLER, "nudg3", id, { allowedIps });
  assert.deepEqual([await from(key, "203.0.113.7"), await from(key, "2001:db8::1")], [200, 403]);
  await edit(["2001:db8::/32"]);
  assert.deepEqual([await from(key, "203.0.113.7"), await from(key, "2001:db8::1")], [403, 200]);
  await edit([]);
  assert.deepEqual([await from(key, "203.0.113.7"), await from(key, "2001:db8::1")], [200, 200]);
});

test("D3: an edit with one bad entry changes nothing", async () => {
  const { key, id } = await gateway.key("nudg3", { allowedIps: ["203.0.113.7"] });
  const edit = updateKey(gateway.instance, LOCAL_CALLER, "nudg3", id, {
    allowedIps: ["198.51.100.1", "198.51.100.256"],
  });
  await assert.rejects(edit, { status: 422 });
  assert.deepEqual([await from(key, "203.0.113.7"), await from(key, "198.51.100.1")], [200, 403]);
});

const ANALYTICS =
  "/dashboard /brands /prompts /sources /urls /responses /aio-metrics /filters /brands/7/mentions /filters/a/b";
const BOTH = "/exports /exports/brands.csv /exports/2026/10";

for (const [label, input, opensExports] of [
  ["tier basic", { tier: "basic" }, false],
  ["no tier and no scopes", {}, false],
  ["scope read:analytics", { scopes: ["read:analytics"] }, false],
  ["tier premium", { tier: "premium" }, true],
  ["both scopes", { scopes: ["read:analytics", "export:data"] }, true],
] as const) {
  test(`D4: ${label} opens analytics${opensExports ? " and exports" : " but not exports"}`, async () => {
    const { key, tier } = await gateway.key("nudg3", input);
    assert.equal(tier, opensExports ? "premium" : "basic");
    for (const path of ANALYTICS.split(" ")) {
      for (const method of ["GET", "POST"]) {
        const answer = await gateway.ask(HOST, { method, path, headers: bearer(key) });
        assert.equal(answer.status, 200, `${method} ${path}`);
      }
    }
    for (const path of BOTH.split(" ")) {
      const answer = await gateway.ask(HOST, { path, headers: bearer(key) });
      assert.equal(answer.status, opensExports ? 200 : 403, path);
    }
  });
}

test("D4: export:data alone opens nothing, because exports need both", async () => {
  const { key } = await gateway.key("nudg3", { scopes: ["export:data"] });
  for (const path of `${ANALYTICS} ${BOTH}`.split(" ")) {
    const answer = await gateway.ask(HOST, { path, headers: bearer(key) });
    assert.equal(answer.status, 403, path);
    assert.equal(answer.json.error.code, "insufficient_scope");
  }
});

test("D4: the tiers hold the page's scopes, and a tier cannot be stretched", async () => {
  const { tiers } = gateway.instance.directory.project("nudg3")!;
  assert.deepEqual(
    [...tiers].map(([id, { title, scopes }]) => [id, title, scopes]),
    [
      ["basic", "Basic", ["read:analytics"]],
      ["premium", "Premium", ["read:analytics", "export:data"]],
    ],
  );
  await assert.rejects(gateway.key("nudg3", { tier: "basic", scopes: ["export:data"] }), { status: 422 });
  await assert.rejects(gateway.key("nudg3", { tier: "gold" }), { status: 422 });
});

test("D4: a path that no scope speaks of is closed to every key", async () => {
  const { key } = await gateway.key("nudg3", { tier: "premium" });
  for (const path of ["/", "/users", "/dashboards", "/v1/dashboard", "/export"]) {
    const answer = await gateway.ask(HOST, { path, headers: bearer(key) });
    assert.equal(answer.status, 403, path);
    assert.equal(answer.json.error.code, "forbidden");
  }
});
