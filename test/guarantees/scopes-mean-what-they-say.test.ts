// Promise: a scope is granted by its whole name, exists in the project's catalogue, and implies what the file says and nothing
// else. CONTRACTS N3, N4, D4; hostile cases C01, C02, C05, C06, C14.
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderDenial } from "../../src/policy/dialect.ts";
import { bundledProjects } from "../support/bundled.ts";
import { engineFor } from "../support/engine.ts";

const { nur = "", nudg3 = "" } = bundledProjects();
const request = (line: string) => {
  const [method = "", target = ""] = line.split(" ");
  return { request: { method, target } };
};

test("no scope matches by its beginning, its end or its case (C01)", async (context) => {
  const scopes = { "tts:read": "R", "tts:readx": "X", "tts:rea": "S", tts: "T", read: "U", "TTS:READ": "V" };
  const engine = await engineFor(context, { projects: [{ name: "acme", scopes }] });
  for (const held of Object.keys(scopes)) {
    const { key } = await engine.key("acme", { scopes: [held] });
    for (const needed of Object.keys(scopes)) {
      const verdict = await engine.ask("acme", key, { scopes: [needed] });
      assert.equal(verdict.code, held === needed ? "ok" : "insufficient_scope", `${held} for ${needed}`);
    }
    for (const needed of ["", "*", "tts:*", "nothing"]) {
      assert.equal(await engine.code("acme", key, { scopes: [needed] }), "insufficient_scope", needed);
    }
  }
});

test("names that are not in the catalogue, wildcards that are not declared and junk are refused (C02)", async (context) => {
  const engine = await engineFor(context, { projects: [nur] });
  const account = (await engine.account("nur")).id;
  const junk = [
    "tts:*",
    "*:read",
    "**",
    "*:*",
    "tts:",
    ":read",
    "TTS:READ",
    " tts:read ",
    "tts:read\n",
    "tts:read,stt:read",
    "x".repeat(300),
    "🎙️",
    "",
    "__proto__",
    "constructor",
    "tts:read\u0000",
  ];
  for (const scope of junk) {
    for (const scopes of [[scope], ["stt:read", scope]]) {
      await assert.rejects(engine.key("nur", { account, scopes }), { code: "validation_failed" }, scope);
    }
  }
  for (const scopes of [[], undefined]) {
    const work = engine.key("nur", { account, ...(scopes && { scopes }) });
    await assert.rejects(work, { code: "validation_failed", message: /must name at least one of: tts:read/ });
  }
  assert.deepEqual(await engine.instance.store.keys("nur", {}, { limit: 1 }), []);
  const kept = await engine.key("nur", { account, scopes: ["stt:read", "tts:read", "stt:read"] });
  assert.deepEqual(kept.scopes, ["stt:read", "tts:read"], "named twice, kept once");
});

test("write does not imply read unless the file says so (C06, N4)", async (context) => {
  const engine = await engineFor(context, { projects: [nur] });
  const voices = await engine.key("nur", { scopes: ["voices:write"] });
  assert.equal(await engine.code("nur", voices.key, request("POST /v1/voices")), "ok");
  assert.equal(await engine.code("nur", voices.key, request("GET /v1/voices")), "insufficient_scope");
  assert.equal(await engine.code("nur", voices.key, request("HEAD /v1/voices")), "insufficient_scope");
  const tts = await engine.key("nur", { scopes: ["tts:write"] });
  assert.equal(await engine.code("nur", tts.key, request("POST /v1/tts")), "ok");
  const reader = await engine.key("nur", { scopes: ["tts:read"] });
  assert.equal(await engine.code("nur", reader.key, request("PATCH /v1/tts/settings")), "insufficient_scope");
});

test("a route that needs two scopes is not opened by one, and the challenge names both (C05, D4)", async (context) => {
  const engine = await engineFor(context, { projects: [nudg3] });
  const project = engine.instance.directory.project("nudg3")!;
  for (const scope of ["read:analytics", "export:data"]) {
    const { key } = await engine.key("nudg3", { scopes: [scope] });
    const verdict = await engine.ask("nudg3", key, request("GET /exports/prompts.csv"));
    assert.ok(!verdict.allowed);
    assert.equal(verdict.code, "insufficient_scope");
    assert.deepEqual(verdict.requiredScopes, ["read:analytics", "export:data"]);
    const { headers, status } = renderDenial(project.dialect, verdict, { now: 0 });
    assert.equal(status, 403);
    assert.match(headers["www-authenticate"] ?? "", /scope="read:analytics export:data"$/);
  }
  const { key } = await engine.key("nudg3", { scopes: ["export:data", "read:analytics"] });
  assert.equal(await engine.code("nudg3", key, request("GET /exports/prompts.csv")), "ok");
});

test("scopes that the caller asks for come on top of the route's", async (context) => {
  const engine = await engineFor(context, { projects: [nur] });
  const { key } = await engine.key("nur", { scopes: ["stt:read", "music:write"] });
  const asked = { ...request("GET /v1/stt/1"), scopes: ["music:write", "stt:read"] };
  assert.equal(await engine.code("nur", key, asked), "ok");
  const verdict = await engine.ask("nur", key, { ...asked, scopes: ["audio:write", "stt:read"] });
  assert.ok(!verdict.allowed);
  assert.deepEqual(verdict.requiredScopes, ["stt:read", "audio:write"]);
});
