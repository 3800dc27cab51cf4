// Promise: a request that is admitted from memory past its lease says so to who asked, at the gateway and at the control plane, and no
// other does (hostile F08).
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { test } from "node:test";
import { Agent } from "undici";
import { createGateway } from "../../src/gateway/gateway.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { createSamples } from "../../src/gateway/samples.ts";
import type { Instance } from "../../src/open.ts";
import type { Directory } from "../../src/store/directory.ts";
import { createFailures } from "../../src/verify/failures.ts";
import { createVerify } from "../../src/verify/verify.ts";
import { controlPlaneFor } from "../support/control-plane.ts";
import { engineFor } from "../support/engine.ts";

const ACME = {
  name: "acme",
  hosts: ["acme.localhost"],
  routes: [{ match: "GET /v1/notes", scopes: ["notes:read"] }],
  scopes: { "notes:read": "Read notes", "notes:write": "Write notes" },
};

/** The same engine, whose memory is past its lease while `isStale`. */
function staleVerify({ clock, directory, pepper, limiter, cashier, usage }: Instance) {
  const state = { isStale: false, heard: 0 };
  const over: Directory = { ...directory, isStale: () => state.isStale };
  const verify = createVerify({
    ...{ clock, directory: over, peppers: [pepper], limiter, cashier, usage },
    failures: createFailures(clock),
    onVerdict: (_question, verdict) => {
      if (verdict.allowed && verdict.stale) state.heard += 1;
    },
    onFault: () => {},
  });
  return { state, verify };
}

test("Claviger-Stale: 1 stands on what is admitted past the lease, and on nothing else", async (context) => {
  const engine = await engineFor(context, { projects: [ACME] });
  const { state, verify } = staleVerify(engine.instance);
  const [dispatcher, samples] = [new Agent(), createSamples()];
  const handler = createGateway({ ...engine.instance, verify, dispatcher, upstreamOf: samples.upstreamOf });
  const server = createHttpServer((request, response) => void handler(request, response));
  const port = await listen(server, 0, "127.0.0.1");
  context.after(async () => {
    await drain(server, 0);
    await dispatcher.destroy();
    await samples.close();
  });
  const ask = (key: string) =>
    new Promise<[number | undefined, unknown]>((resolve, reject) => {
      const headers = { host: "acme.localhost", authorization: `Bearer ${key}` };
      const request = httpRequest({ port, path: "/v1/notes", headers, agent: false }, (answer) => {
        answer.resume();
        resolve([answer.statusCode, answer.headers["claviger-stale"]]);
      });
      request.on("error", reject);
      request.end();
    });
  const allowed = await engine.key("acme", { scopes: ["notes:read"] });
  const refused = await engine.key("acme", { scopes: ["notes:write"] });
  assert.deepEqual((await ask(allowed.key))[1], undefined);
  state.isStale = true;
  assert.deepEqual((await ask(allowed.key))[1], "1");
  assert.deepEqual(await ask(refused.key), [403, undefined]);
  assert.equal(state.heard, 1, "and is counted");
});

test("POST /v1/verify tells it in the verdict", async (context) => {
  let state = { isStale: false };
  const { ask, engine } = await controlPlaneFor(context, {
    projects: [ACME],
    over: (instance) => {
      const made = staleVerify(instance as Instance);
      state = made.state;
      return { ...instance, verify: made.verify };
    },
  });
  const { key } = await engine.key("acme", { scopes: ["notes:read"] });
  const body = { project: "acme", key };
  assert.equal((await ask("POST /v1/verify", { body })).json.stale, undefined);
  state.isStale = true;
  assert.equal((await ask("POST /v1/verify", { body })).json.stale, true);
});
