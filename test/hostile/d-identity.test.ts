// Rows D14 and D15: what may be said about the caller. Whatever a client strips or claims, it can only take access away, and
// the upstream hears who is calling from the gateway alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layStage } from "./hostile-client.ts";

const stage = await layStage(["nur", "nudg3"]);
await stage.apply("name: edge\nnetwork: { trustedProxies: [127.0.0.1] }");

const IDENTITY = ["key-id", "key-name", "account", "environment", "scopes", "plan", "region"].map(
  (name) => `claviger-${name}`,
);
const OWN = [...IDENTITY, "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-request-id"];

/** Values of a name, spelled any way that a server behind the gateway might take for it. */
function valuesLike(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase().replaceAll("_", "-") === name,
  );
}

test("D14: a header that Connection takes out can only take access away", async () => {
  const options = ["X-Forwarded-For", "x-forwarded-for, close", "keep-alive,X-Forwarded-For , X-Key-Id"];
  for (const allowed of ["203.0.113.7", "127.0.0.1"]) {
    const { key } = await stage.key("edge", { allowedIps: [allowed] });
    for (const option of options) {
      const lines = [`Connection: ${option}`, "X-Forwarded-For: 203.0.113.7", `Authorization: Bearer ${key}`];
      const answer = await stage.send({ host: "edge.localhost", lines });
      assert.deepEqual([answer.status, answer.json.error.code], [403, "ip_not_allowed"], option);
    }
  }
  for (const [project, target, scopes] of [
    ["nur", "/v1/voices", ["voices:read"]],
    ["nudg3", "/dashboard", ["read:analytics"]],
  ] as const) {
    const { key } = await stage.key(project, { scopes });
    const host = `${project}.localhost`;
    for (const option of [
      "Authorization",
      "authorization, close",
      "X-Forwarded-For, X-Key-Id, Authorization",
    ]) {
      const lines = [`Connection: ${option}`, `Authorization: Bearer ${key}`];
      assert.equal((await stage.send({ host, target, lines })).status, 401, option);
    }
    const own = OWN.join(", ");
    const answer = await stage.send({
      host,
      target,
      lines: [`Connection: ${own}, host`, `Authorization: Bearer ${key}`],
    });
    assert.equal(answer.status, 204);
    for (const name of OWN)
      assert.equal(valuesLike(answer.reached[0]?.rawHeaders ?? [], name).length, 1, name);
  }
  const { key } = await stage.key("nudg3");
  const lines = ["Connection: X-API-Key", `X-API-Key: ${key}`];
  assert.equal((await stage.send({ host: "nudg3.localhost", target: "/dashboard", lines })).status, 401);
});

test("D15: the upstream hears who is calling once, and from the gateway", async () => {
  const spellings = (name: string) => [
    name,
    name.replaceAll("-", "_"),
    name.toUpperCase(),
    name.replace("-", "_").toUpperCase(),
    name.replace(/-[a-z]+$/, (last) => last.toUpperCase()),
  ];
  for (const [project, target, scopes] of [
    ["nur", "/v1/voices", ["voices:read"]],
    ["edge", "/", []],
  ] as const) {
    const { id, key } = await stage.key(project, { scopes });
    const claims = [...OWN, "claviger-admin"].flatMap(spellings).map((name) => `${name}: intruder`);
    const lines = [...claims, `Authorization: Bearer ${key}`, "X-Tenant-Id: their own affair"];
    const answer = await stage.send({ host: `${project}.localhost`, target, lines });
    assert.equal(answer.status, 204, answer.text);
    const rawHeaders = answer.reached[0]?.rawHeaders ?? [];
    assert.ok(!rawHeaders.includes("intruder"));
    for (const name of OWN) assert.equal(valuesLike(rawHeaders, name).length, 1, name);
    assert.deepEqual(valuesLike(rawHeaders, "claviger-key-id"), [id]);
    assert.deepEqual(valuesLike(rawHeaders, "claviger-admin"), []);
    assert.deepEqual(valuesLike(rawHeaders, "x-forwarded-for"), ["127.0.0.1"]);
    assert.deepEqual(valuesLike(rawHeaders, "x-tenant-id"), ["their own affair"]);
  }
});
