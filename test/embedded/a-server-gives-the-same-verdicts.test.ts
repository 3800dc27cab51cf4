// Promise: what `connect` answers is what `open` answers to the same question, and a server that is not there is a fault and no verdict.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { ClavigerError, connect, type VerifyQuestion } from "../../src/index.ts";
import { controlPlaneFor } from "../support/control-plane.ts";
import { bearer } from "../support/gateway.ts";
import { running } from "./program.ts";
import { ACME, keyOf, openClaviger } from "./worlds.ts";

const coded = (code: string) => (error: unknown) => error instanceof ClavigerError && error.code === code;

test("verdicts and faults are the same", async (t) => {
  const claviger = await openClaviger(t);
  const { url, rootKey, engine } = await controlPlaneFor(t, { projects: [ACME] });
  const server = connect({ url, rootKey });
  t.after(() => server.close());
  const keys = { here: await keyOf(claviger), there: (await engine.key("acme")).key };
  const web = (headers: Record<string, string>, path = "/words") =>
    new Request(`http://x${path}`, { headers });
  const questions: ((key: string) => object)[] = [
    (key) => ({ key }),
    () => ({ key: undefined }),
    () => ({ key: "acme_live_x" }),
    () => ({ key: "x".repeat(5_000) }),
    (key) => ({ key, scopes: ["speak"] }),
    (key) => ({ key, method: "GET", path: "/exports/x", ip: "192.0.2.1" }),
    (key) => ({ key, method: "GET", path: "/a/../b" }),
    (key) => ({ key, environment: "test" }),
    (key) => ({ key, cost: 101 }),
    (key) => ({ authorization: `Bearer ${key}` }),
    () => ({ authorization: undefined }),
    () => ({ authorization: "Digest x" }),
    (key) => ({ request: web(bearer(key)) }),
    (key) => ({ request: web({ ...bearer(key), "X-API-Key": key }) }),
    () => ({ request: web({}, "/words?api_key=x") }),
    (key) => ({ key, allowed: true }),
    (key) => ({ key, project: "none" }),
    (key) => ({ key, cost: -1 }),
    () => ({}),
  ];
  for (const [index, question] of questions.entries()) {
    const ask = async (verifier: typeof server, key: string) => {
      const asked = { project: "acme", ...question(key) } as VerifyQuestion;
      try {
        const { key: facts, ...verdict } = await verifier.verify(asked);
        return { ...verdict, scopes: facts?.scopes };
      } catch (error) {
        assert.ok(error instanceof ClavigerError, `${index}: ${error}`);
        return error.code;
      }
    };
    assert.deepEqual(await ask(server, keys.there), await ask(claviger, keys.here), `question ${index}`);
  }
});

test("holds are ended there", async (t) => {
  const { url, rootKey, engine } = await controlPlaneFor(t, { projects: [ACME] });
  await using server = connect({ url: `${url}/`, rootKey });
  const { key } = await engine.key("acme");
  const verdict = await server.verify({ project: "acme", key, cost: 10, hold: true });
  assert.ok(verdict.allowed);
  assert.equal((await server.holds.settle(verdict.hold!.id, 4)).allowance?.used, 4);
  await assert.rejects(server.holds.release(verdict.hold!.id), coded("conflict"));
  await assert.rejects(server.holds.release(".."), coded("not_found"));
});

test("a root key that may not ask, a server that is gone, and one that is none are faults", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [ACME] });
  const { key } = await plane.engine.key("acme");
  const ask = async (options: Parameters<typeof connect>[0]) => {
    await using server = connect(options);
    return await server.verify({ project: "acme", key });
  };
  const weak = await plane.rootKeyWith(["audit:read"]);
  await assert.rejects(ask({ url: plane.url, rootKey: weak.key }), coded("insufficient_scope"));
  await assert.rejects(ask({ url: plane.url, rootKey: "x" }), coded("invalid_key"));
  await assert.rejects(ask({ url: "http://127.0.0.1:1", rootKey: "x" }), coded("store_unavailable"));
  const stranger = createServer((_request, response) => response.end("hello"));
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  await using program = running(stranger);
  await assert.rejects(
    ask({ url: `http://127.0.0.1:${program.port}`, rootKey: "x" }),
    coded("internal_error"),
  );
  assert.throws(() => connect({ url: "ftp://x", rootKey: "x" }), coded("validation_failed"));
  assert.throws(() => connect({ url: plane.url, rootKey: "a\nb" }), coded("validation_failed"));
  const closed = connect({ url: plane.url, rootKey: plane.rootKey });
  await closed.close();
  await assert.rejects(closed.verify({ project: "acme", key }), coded("store_unavailable"));
});
