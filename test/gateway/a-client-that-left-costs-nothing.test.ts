// A client that goes away while its key is being looked up causes no request at the upstream.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, mock, test } from "node:test";
import { Agent } from "undici";
import { createGateway } from "../../src/gateway/gateway.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { openExchange } from "../support/exchange.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream } from "../support/upstream.ts";

const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(plainProject(upstream.url));
const { store } = gateway.instance;

test("a request whose client has gone is not forwarded", async () => {
  const { key } = await gateway.key("acme");
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const keyByDigest = store.keyByDigest.bind(store);
  mock.method(store, "keyByDigest", async (digest: string) => {
    asked.resolve();
    await left.promise;
    return keyByDigest(digest);
  });
  const dispatcher = new Agent();
  const handler = createGateway({ ...gateway.instance, dispatcher, upstreamOf: () => upstream.url });
  const handled = Promise.withResolvers<void>();
  const server = createHttpServer((request, response) => {
    once(response, "close").then(() => left.resolve());
    handler(request, response).then(handled.resolve, handled.reject);
  });
  const exchange = openExchange(await listen(server, 0, "127.0.0.1"), "acme.localhost", {
    headers: bearer(key),
  });
  exchange.request.end();
  await asked.promise;
  exchange.request.destroy();
  await handled.promise;
  assert.equal(upstream.received.length, 0);
  mock.restoreAll();
  await drain(server, 0);
  await dispatcher.destroy();
});
