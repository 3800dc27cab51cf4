// Promise: what a key or its account loses or gets back by one node holds on every node from the acknowledgement on, whichever change it
// is (hostile B07, B17), also when a node was frozen while it was made (hostile F20).
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type PostgresDatabase, startOwnValkey, startPostgres } from "../support/services.ts";
import { changeOften, KINDS, makeCustomer } from "./changes.ts";
import { check, newHistory } from "./history.ts";
import { type Cluster, startCluster } from "./nodes.ts";
import { ACME_JSON, makeAcme } from "./revocations.ts";

test("four nodes", { timeout: 180_000 }, async (context) => {
  const { url, ask } = await startPostgres(context);
  const valkey = await startOwnValkey(context);
  const cluster = await startCluster(context, { count: 4, database: url, valkey: valkey.url });
  await makeAcme(cluster);
  await context.test("a new key is known everywhere at once", () => newKeys(cluster));
  for (const kind of KINDS) {
    await context.test(kind.name, async (its) => {
      const history = newHistory();
      await changeOften(cluster, history, kind, 6);
      const { stale, wrong, unknown, verdicts, close } = check(history);
      its.diagnostic(`${verdicts} verdicts, right after a change ${JSON.stringify(close)}`);
      assert.deepEqual({ stale, wrong, unknown }, { stale: [], wrong: [], unknown: 0 });
      assert.equal(Object.keys(close).length, 4);
    });
  }
  await context.test("a node that was frozen serves the project file of the moment", () => thawed(cluster));
  await context.test("a node that missed what the log has forgotten knows nothing from before it", () =>
    cutOff(cluster, ask),
  );
});

async function newKeys(cluster: Cluster): Promise<void> {
  const history = newHistory();
  for (let turn = 0; turn < 24; turn += 1) await makeCustomer(cluster, history, cluster.nodes[turn % 4]!);
  const { stale, wrong, unknown, verdicts } = check(history);
  assert.deepEqual({ stale, wrong, unknown, verdicts }, { stale: [], wrong: [], unknown: 0, verdicts: 96 });
}

/** What a node is told of while its lease has run out must not wait for the lease. */
async function thawed({ nodes, manage }: Cluster): Promise<void> {
  const [first, last] = [nodes[0]!, nodes[3]!];
  last.signal("SIGSTOP");
  await delay(600);
  await manage("PUT", "/v1/projects/acme", { ...ACME_JSON, hosts: ["later.localhost"] }, first);
  last.signal("SIGCONT");
  const again = { ...ACME_JSON, hosts: ["later.localhost"], title: "Acme" };
  await manage("PUT", "/v1/projects/acme", again, last);
  const { endpoints } = await manage("GET", "/v1/projects/acme", undefined, last);
  assert.equal(endpoints.length, 1, "the host has its port");
}

/** As after a million changes, of which the log keeps the newest. */
async function cutOff(cluster: Cluster, ask: PostgresDatabase["ask"]): Promise<void> {
  const { nodes, manage } = cluster;
  const [first, last] = [nodes[0]!, nodes[3]!];
  const { id, key } = await makeCustomer(cluster, newHistory(), first);
  last.signal("SIGSTOP");
  await delay(600);
  await manage("POST", `/v1/projects/acme/keys/${id}/revoke`, {}, first);
  await ask("delete from changes");
  last.signal("SIGCONT");
  const verdict = await manage("POST", "/v1/verify", { project: "acme", key }, last);
  assert.equal(verdict.code, "revoked_key");
}
