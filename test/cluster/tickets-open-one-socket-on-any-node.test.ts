// Promise: a ticket that one node made opens one WebSocket at whichever node it is brought to, and at no other afterwards, with Valkey
// and without; with Valkey away it opens none, and none twice when that is back.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startOwnValkey, startPostgres } from "../support/services.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { trySocket } from "../support/websocket.ts";
import { type Cluster, type Node, startCluster } from "./nodes.ts";

const HOST = "acme.localhost";

async function started(context: TestContext, valkey?: string) {
  const { url } = await startPostgres(context);
  const upstream = await startSocketUpstream();
  context.after(() => upstream[Symbol.asyncDispose]());
  const cluster = await startCluster(context, { count: 2, database: url, valkey });
  const file = { name: "acme", upstream: upstream.url, credentials: { ticket: {} } };
  await cluster.manage("PUT", "/v1/projects/acme", file);
  const account = await cluster.manage("POST", "/v1/projects/acme/accounts", { name: "An account" });
  const body = { account: account.id, name: "A key" };
  const key = await cluster.manage("POST", "/v1/projects/acme/keys", body);
  return { cluster, keyId: key.id as string };
}

/** Made on one node, brought so many times to both at once: the statuses, 101 for a socket. */
async function bring(cluster: Cluster, keyId: string, maker: Node, times: number): Promise<number[]> {
  const { ticket } = await cluster.manage("POST", "/v1/projects/acme/tickets", { key: keyId }, maker);
  return knock(cluster, ticket, times);
}

async function knock({ nodes }: Cluster, ticket: string, times: number): Promise<number[]> {
  const asked = Array.from({ length: times }, async (_, index) => {
    const port = Number(new URL(nodes[index % nodes.length]!.gateway).port);
    const got = await trySocket(port, HOST, { path: `/live?ticket=${ticket}` });
    if ("status" in got) return got.status;
    got.socket.terminate();
    return 101;
  });
  return (await Promise.all(asked)).sort();
}

for (const withValkey of [true, false]) {
  test(withValkey ? "with Valkey" : "without Valkey", { timeout: 120_000 }, async (context) => {
    const valkey = withValkey ? await startOwnValkey(context) : undefined;
    const { cluster, keyId } = await started(context, valkey?.url);
    for (let round = 0; round < 10; round += 1) {
      const statuses = await bring(cluster, keyId, cluster.nodes[round % 2]!, 6);
      assert.deepEqual(statuses, [101, 401, 401, 401, 401, 401]);
    }
    if (valkey === undefined) return;
    const path = "/v1/projects/acme/tickets";
    const { ticket } = await cluster.manage("POST", path, { key: keyId });
    valkey.server.signal("SIGSTOP");
    assert.deepEqual(await knock(cluster, ticket, 2), [503, 503]);
    await assert.rejects(cluster.manage("POST", path, { key: keyId }), /: 503 /);
    valkey.server.signal("SIGCONT");
    const untilBack = async (): Promise<number[]> => {
      const statuses = await knock(cluster, ticket, 2);
      return statuses.includes(503) ? untilBack() : statuses;
    };
    const opened = (await untilBack()).filter((status) => status === 101);
    assert.ok(opened.length <= 1, "what was asked for in vain may be spent, and opens nothing twice");
    assert.deepEqual(await bring(cluster, keyId, cluster.nodes[1]!, 2), [101, 401]);
  });
}
