// Revokes one key after another while all nodes are asked about keys that are being revoked, have just been, and are not: what clients saw
// goes into the history, and how long each acknowledgement took beside it.
import { setTimeout as delay } from "node:timers/promises";
import { check, type Findings, type History, newHistory } from "./history.ts";
import { startLoad } from "./load.ts";
import type { Cluster, Node } from "./nodes.ts";

export interface MadeKey {
  readonly id: string;
  readonly key: string;
}

/** The project and an account in it. */
export async function makeAcme({ manage }: Pick<Cluster, "manage">): Promise<string> {
  await manage("PUT", "/v1/projects/acme", ACME_JSON);
  return (await manage("POST", "/v1/projects/acme/accounts", { name: "Customer" })).id;
}

export const ACME_JSON = {
  name: "acme",
  keys: { format: "acme_{env}_{secret:32}" },
  scopes: { read: "Read", write: "Write", admin: "Administer" },
  plans: { free: { features: [] }, pro: { features: ["reports"] } },
  defaultPlan: "pro",
  routes: [
    { match: "GET /notes/**", scopes: ["read"] },
    { match: "POST /notes/**", scopes: ["write"] },
    { match: "GET /reports/**", scopes: ["read"], feature: "reports" },
  ],
};

export async function makeKeys(
  { manage, nodes: all }: Cluster,
  account: string,
  count: number,
  nodes = all,
): Promise<MadeKey[]> {
  const made: MadeKey[] = [];
  const body = { account, name: "Key", scopes: ["read", "write"] };
  const make = async (node: Node): Promise<void> => {
    while (made.length < count) {
      const { id, key } = await manage("POST", "/v1/projects/acme/keys", body, node);
      made.push({ id, key });
    }
  };
  await Promise.all(nodes.flatMap((node) => [make(node), make(node)]));
  return made.slice(0, count);
}

export interface Revocations {
  readonly findings: Findings;
  /** Milliseconds from the request to its acknowledgement, of every one that was acknowledged. */
  readonly acksMs: readonly number[];
  /** Answered with a fault; the key may be revoked or not. */
  readonly unconfirmed: number;
  readonly perSecond: number;
}

export interface RevocationOptions {
  readonly keys: readonly MadeKey[];
  readonly perSecond: number;
  readonly linesPerNode?: number;
  /** Between two revokes, so that a small sample meets a fault of some length. */
  readonly pauseMs?: number;
  /** Who revokes, in turn; all when absent. */
  readonly revokers?: readonly Node[];
  /** Runs beside it; what it answers ends it. */
  readonly disturb?: () => (() => Promise<void>) | Promise<() => Promise<void>>;
}

/** So many keys before and after the one that is revoked are asked about. */
const AHEAD = 6;
const BEHIND = 12;

export async function revokeAll(cluster: Cluster, options: RevocationOptions): Promise<Revocations> {
  const { keys, perSecond, linesPerNode = 4, pauseMs = 0, revokers = cluster.nodes } = options;
  const history = newHistory();
  const born = performance.now();
  for (const { id } of keys) history.steps.set(id, [{ code: "ok", sentAt: born, ackedAt: born }]);
  let turn = 0;
  const next = () => {
    const index = turn - BEHIND + Math.floor(Math.random() * (AHEAD + BEHIND));
    const one = keys[Math.min(Math.max(index, 0), keys.length - 1)]!;
    return {
      subject: one.id,
      question: { project: "acme", key: one.key, method: "GET", path: "/notes/1" },
    };
  };
  const endLoad = startLoad({ nodes: cluster.nodes, history, linesPerNode, perSecond, next });
  const calm = await options.disturb?.();
  const startedAt = performance.now();
  const acksMs: number[] = [];
  let unconfirmed = 0;
  for (; turn < keys.length; turn += 1) {
    const node = revokers[turn % revokers.length]!;
    const ackMs = await revoke(cluster, history, keys[turn]!.id, node);
    if (ackMs === undefined) unconfirmed += 1;
    else acksMs.push(ackMs);
    if (pauseMs > 0) await delay(pauseMs);
  }
  const asked = history.seen.length / ((performance.now() - startedAt) / 1_000);
  await calm?.();
  // What a node that was away answers now is part of it.
  await delay(300);
  await endLoad();
  return { findings: check(history), acksMs, unconfirmed, perSecond: asked };
}

async function revoke(
  { manage }: Cluster,
  { steps }: History,
  id: string,
  node: Node,
): Promise<number | undefined> {
  const step = { code: "revoked_key", sentAt: performance.now(), ackedAt: undefined as number | undefined };
  steps.get(id)!.push(step);
  try {
    await manage("POST", `/v1/projects/acme/keys/${id}/revoke`, {}, node);
  } catch {
    return undefined;
  }
  step.ackedAt = performance.now();
  return step.ackedAt - step.sentAt;
}

/** The value below which so many of the whole lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
