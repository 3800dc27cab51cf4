// Promise: a route whose verdict needs no body is judged alike by the built-in gateway, by nginx, Caddy and HAProxy with their
// example configurations, and by both of Envoy's services: the same status, body and headers to the client, the same identity to
// the application. Where a proxy makes that impossible, what-proxies-do-otherwise.test.ts says what it does.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createExtAuthz, drainExtAuthz, listenExtAuthz } from "../../src/gateway/ext-authz.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { START } from "../support/gateway.ts";
import { checkClient, startFilter } from "./envoy.ts";
import { PROXY_NAMES, type RunningProxy, startProxy } from "./proxies.ts";
import { ASKINGS, type Asking } from "./questions.ts";
import { type Callers, type Got, makeCallers, SECRET, send, startWorld } from "./world.ts";

const world = await startWorld();
const { gateway, app } = world;
const extAuthz = createExtAuthz({ ...gateway.instance, secret: SECRET });
const client = checkClient(await listenExtAuthz(extAuthz, 0, "127.0.0.1"));
const ways: Readonly<Record<string, RunningProxy>> = {
  ...Object.fromEntries(
    await Promise.all(PROXY_NAMES.map(async (name) => [name, await startProxy(name, world)])),
  ),
  "ext_authz by gRPC": await startFilter(world, client.check),
  "ext_authz by HTTP": await startFilter(world),
};
after(async () => {
  for (const way of Object.values(ways)) await way.close();
  client.close();
  await drainExtAuthz(extAuthz, 0);
  await world.close();
});

const callers = new Map<string, Callers>();
for (const name of ["gateway", ...Object.keys(ways)]) callers.set(name, await makeCallers(world));
gateway.clock.set(START + 2_000);

interface Outcome {
  readonly got: Pick<Got, "status" | "text"> & { readonly headers: Readonly<Record<string, unknown>> };
  readonly reached: readonly {
    readonly method: string;
    readonly target: string;
    readonly headers: readonly (readonly [string, string])[];
  }[];
}

/** Of the connection, or of the moment. */
const NOT_COMPARED =
  /^(date|server|connection|keep-alive|transfer-encoding|content-length|accept-encoding|via)$/;

async function ask(way: string, port: number, { sent, withoutStore }: Asking): Promise<Outcome> {
  const mine = callers.get(way)!;
  const before = app.received.length;
  const { store } = gateway.instance;
  const find = store.keyByDigest;
  if (withoutStore) store.keyByDigest = () => Promise.reject(new StoreUnavailable("gone"));
  const { status, headers, text } = await send(port, sent(mine)).finally(() => {
    store.keyByDigest = find;
  });
  const same = (value: unknown): string =>
    String(value)
      .replaceAll(/req_[0-9a-f]{20}/g, "REQUEST")
      .replaceAll(/key_[0-9a-f]{20}/g, (id) => nameOf(mine, id))
      .replaceAll(mine.rich, "RICH")
      .replaceAll(/acc_[0-9a-f]{20}/g, "ACCOUNT");
  return {
    got: {
      status,
      text,
      headers: Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => !NOT_COMPARED.test(name))
          .map(([name, value]) => [name, same(value)]),
      ),
    },
    reached: app.received.slice(before).map(({ method, target, rawHeaders }) => ({
      method,
      target: same(target),
      headers: rawHeaders
        .flatMap((name, index) =>
          index % 2 === 0 ? [[name.toLowerCase(), same(rawHeaders[index + 1])] as const] : [],
        )
        // The gateway names its upstream, a proxy the client's host; the application learns that from X-Forwarded-Host.
        .filter(([name]) => !NOT_COMPARED.test(name) && name !== "host")
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    })),
  };
}

function nameOf(mine: Callers, id: string): string {
  const [name] = Object.entries(mine).find(([, key]) => typeof key === "object" && key.id === id) ?? [
    "STRANGE",
  ];
  return name;
}

for (const asking of ASKINGS) {
  test(asking.name, async (context) => {
    const expected = await ask("gateway", gateway.port, asking);
    assert.equal(expected.got.status, asking.status, expected.got.text);
    if (asking.fault !== undefined)
      assert.ok(expected.got.text.includes(`"${asking.fault}"`), expected.got.text);
    assert.equal(expected.reached.length, asking.status === 200 ? 1 : 0);
    for (const [way, { port }] of Object.entries(ways)) {
      await context.test(way, async () => {
        assert.deepEqual(await ask(way, port, asking), expected);
      });
    }
  });
}
