// Nur's stream: a WebSocket at /v1/stt/stream for keys with stt:read, and for those alone (rows N2, N3, N5).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { updateKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { openSocket, refusedSocket } from "../support/websocket.ts";

const HOST = "nur.localhost";
const PATH = "/v1/stt/stream";
const gateway = await startGateway();
after(() => gateway.close());

const keyWith = (...scopes: string[]) => gateway.key("nur", { scopes });

test("N5: stt:read and * open the stream, and audio sent as bytes reaches the upstream", async () => {
  for (const scope of ["stt:read", "*"]) {
    const { key, id } = await keyWith(scope);
    const { socket, nextJson } = await openSocket(gateway.port, HOST, {
      path: `${PATH}?language=de`,
      headers: bearer(key),
    });
    socket.send(Buffer.alloc(4_800, 1));
    const { request, message } = await nextJson();
    assert.deepEqual(message, { bytes: 4_800, binary: true });
    assert.equal(request.path, `${PATH}?language=de`);
    assert.equal(request.headers["claviger-key-id"], id);
    assert.equal(request.headers["claviger-scopes"], scope);
    assert.equal(request.headers.authorization, undefined);
    socket.close();
  }
});

test("N5: every other scope is refused on the upgrade with 403", async () => {
  const { key } = await keyWith("tts:read", "tts:write", "voices:read", "agents:write", "audio:write");
  const answer = await refusedSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
  assert.equal(answer.status, 403);
  assert.deepEqual(JSON.parse(answer.text), {
    error: { code: "insufficient_scope", message: "The API key lacks a scope. Needed: stt:read." },
  });
});

test("N2: an upgrade without a credential is the page's exact 401", async () => {
  const answer = await refusedSocket(gateway.port, HOST, { path: PATH });
  assert.deepEqual(
    [answer.status, answer.text],
    [401, '{"error":{"code":"unauthorized","message":"Missing Authorization header."}}'],
  );
});

test("N1: a key in the URL of an upgrade is no credential here", async () => {
  const { key } = await keyWith("stt:read");
  const answer = await refusedSocket(gateway.port, HOST, { path: `${PATH}?api_key=${key}` });
  assert.equal(answer.status, 401);
  assert.ok(!answer.text.includes(key));
});

test("N5: a stream whose key loses stt:read ends", async () => {
  const { key, id } = await keyWith("stt:read");
  const { closed } = await openSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
  await updateKey(gateway.instance, LOCAL_CALLER, "nur", id, { scopes: ["tts:read"] });
  assert.deepEqual(await closed, {
    code: 4401,
    reason: "insufficient_scope: The API key lacks a scope. Needed: stt:read.",
  });
});
