// Nur: every route against every scope of the catalogue, and what a scope does and does not include (rows N4, N5).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, startGateway } from "../support/gateway.ts";

const HOST = "nur.localhost";
const gateway = await startGateway();
after(() => gateway.close());

const SCOPES = [...gateway.instance.directory.project("nur")!.scopes.keys()];
/** One key for each scope, holding that scope alone. */
const keys = new Map<string, string>();
for (const scope of SCOPES) keys.set(scope, (await gateway.key("nur", { scopes: [scope] })).key);

/** The scopes that alone are enough where `needed` is asked for: N4 states one implication. */
const enough = (needed: string): string[] =>
  needed === "tts:read" ? ["tts:read", "tts:write", "*"] : [needed, "*"];

const ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const READ = ["GET", "HEAD"];
const CHANGE = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** `undefined`: no key is admitted there. */
const ROUTES: [methods: string[], paths: string[], needed: string | undefined][] = [
  [["POST"], ["/v1/tts"], "tts:read"],
  [READ, ["/v1/tts", "/v1/tts/jobs/1", "/v1/tts/settings", "/v1/tts/settings/1"], "tts:read"],
  [["POST", "PATCH", "DELETE"], ["/v1/tts/settings", "/v1/tts/settings/1/stability"], "tts:write"],
  [["PUT", "OPTIONS"], ["/v1/tts", "/v1/tts/settings/1"], undefined],
  [["POST", "PATCH", "DELETE"], ["/v1/tts/jobs", "/v1/tts/settingsx"], undefined],
  [["PATCH", "DELETE"], ["/v1/tts"], undefined],
  [ANY, ["/v1/stt", "/v1/stt/files/1"], "stt:read"],
  [READ, ["/v1/stt/stream"], "stt:read"],
  [READ, ["/v1/voices", "/v1/voices/1"], "voices:read"],
  [CHANGE, ["/v1/voices", "/v1/voices/1/clone"], "voices:write"],
  [READ, ["/v1/agents", "/v1/agents/1"], "agents:read"],
  [CHANGE, ["/v1/agents", "/v1/agents/1"], "agents:write"],
  [ANY, ["/v1/dubbing", "/v1/dubbing/1"], "dubbing:write"],
  [ANY, ["/v1/music", "/v1/music/1/stems/2"], "music:write"],
  [ANY, ["/v1/audio", "/v1/audio/denoise"], "audio:write"],
  [READ, ["/", "/v1", "/v2/tts", "/v1/ttsx", "/v1/voicesx", "/v1/unknown", "/tts"], undefined],
  [CHANGE, ["/", "/v1", "/v1/unknown"], undefined],
];

for (const [methods, paths, needed] of ROUTES) {
  for (const path of paths) {
    const promise = needed === undefined ? "no scope, not even *, opens" : `${needed} alone opens`;
    test(`N5: ${promise} ${methods.join("|")} ${path}`, async () => {
      for (const method of methods) for (const scope of SCOPES) await judge(method, path, needed, scope);
    });
  }
}

async function judge(method: string, path: string, needed: string | undefined, scope: string): Promise<void> {
  const answer = await gateway.ask(HOST, { method, path, headers: bearer(keys.get(scope)!) });
  const isEnough = needed !== undefined && enough(needed).includes(scope);
  assert.equal(answer.status, isEnough ? 200 : 403, `${method} ${path} with ${scope}`);
  if (isEnough || method === "HEAD") return;
  const error =
    needed === undefined
      ? { code: "forbidden", message: "API keys give no access to this path and method." }
      : { code: "insufficient_scope", message: `The API key lacks a scope. Needed: ${needed}.` };
  assert.equal(answer.text, JSON.stringify({ error }));
}

test("N4: tts:write gives what tts:read gives, and tts:read does not give tts:write", async () => {
  const speak = { method: "POST", path: "/v1/tts" };
  const change = { method: "PATCH", path: "/v1/tts/settings/1" };
  for (const [scope, may] of [
    ["tts:write", [200, 200]],
    ["tts:read", [200, 403]],
  ] as const) {
    const headers = bearer(keys.get(scope)!);
    const answers = [
      await gateway.ask(HOST, { ...speak, headers }),
      await gateway.ask(HOST, { ...change, headers }),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      may,
    );
  }
});

test("N4: no other write includes its read", async () => {
  for (const product of ["voices", "agents"]) {
    const headers = bearer(keys.get(`${product}:write`)!);
    const answer = await gateway.ask(HOST, { path: `/v1/${product}`, headers });
    assert.equal(answer.status, 403);
    assert.equal(answer.json.error.message, `The API key lacks a scope. Needed: ${product}:read.`);
  }
});

test("N4: two scopes of one key add up", async () => {
  const { key } = await gateway.key("nur", { scopes: ["voices:read", "music:write"] });
  for (const [path, status] of [
    ["/v1/voices", 200],
    ["/v1/music", 200],
    ["/v1/agents", 403],
  ] as const) {
    assert.equal((await gateway.ask(HOST, { path, headers: bearer(key) })).status, status);
  }
});

test("N5: HEAD is judged as GET and answered without a body", async () => {
  const ask = (scope: string) =>
    gateway.ask(HOST, { method: "HEAD", path: "/v1/voices/1", headers: bearer(keys.get(scope)!) });
  const [admitted, refused] = [await ask("voices:read"), await ask("voices:write")];
  assert.deepEqual([admitted.status, admitted.text], [200, ""]);
  assert.deepEqual([refused.status, refused.text], [403, ""]);
});

test("N5: a WebSocket handshake at /v1/stt/stream is refused without stt:read", async () => {
  const handshake = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const path = "/v1/stt/stream";
  for (const [authorization, status] of [
    [{}, 401],
    [bearer(keys.get("tts:read")!), 403],
  ] as const) {
    const answer = await gateway.ask(HOST, { path, headers: { ...handshake, ...authorization } });
    assert.equal(answer.status, status);
  }
});
