// How much memory a key in memory takes: a directory filled with made-up keys over a store that makes them when it is asked.
// Run: node --expose-gc bench/held-keys.ts
import { createHash } from "node:crypto";
import { BUILTIN_PROJECT } from "../src/project/builtin.ts";
import { loadProjectText } from "../src/project/load.ts";
import type { ChangeListener, KeyWithAccount, Store } from "../src/store/contract.ts";
import { openDirectory } from "../src/store/directory.ts";
import { BENCH_PROJECTS } from "./projects.ts";

const KEYS = Number(process.argv[2] ?? 100_000);
const NOW = 1_790_000_000_000;

const digestOf = (index: number): string => createHash("sha256").update(String(index)).digest("base64url");

/** A key of an account of its own, as PostgreSQL would answer it: every text is its own. */
function row(index: number, digest: string): KeyWithAccount {
  const id = `key_${digest.slice(0, 20)}`;
  const account = `acc_${digest.slice(20, 40)}`;
  const times = { createdAt: NOW, updatedAt: NOW };
  return {
    key: {
      ...times,
      id,
      project: "plain",
      account,
      name: `Key ${index}`,
      environment: "live",
      digest,
      pepperVersion: 1,
      scopes: JSON.parse('["read","export"]'),
      frozenScopes: JSON.parse('["read","export"]'),
      tier: null,
      allowedIps: [],
      metadata: {},
      start: "plain_live_ak",
      lastFour: digest.slice(-4),
      notBefore: null,
      expiresAt: null,
      disabledAt: null,
      revokedAt: null,
      deletedAt: null,
      family: id,
      predecessor: null,
      successor: null,
      version: 1,
    } as unknown as KeyWithAccount["key"],
    account: {
      ...times,
      id: account,
      project: "plain",
      name: `Account ${index}`,
      externalId: null,
      plan: null,
      metadata: {},
      suspendedAt: null,
      version: 1,
    } as unknown as KeyWithAccount["account"],
  };
}

const { file } = loadProjectText(BENCH_PROJECTS.plain!, "plain");
let hear: ChangeListener = () => {};
const index = new Map<string, number>();
const store = {
  projects: async () => [{ name: "plain", version: 1, file }],
  onChanges: (listener: ChangeListener) => {
    hear = listener;
  },
  keyByDigest: async (digest: string) => row(index.get(digest)!, digest),
} as unknown as Store;

const gc = (globalThis as { gc?: () => void }).gc;
if (gc === undefined) throw new Error("run with --expose-gc");
const directory = await openDirectory(store, [BUILTIN_PROJECT], { onBroken: () => {}, heldKeys: KEYS });
const fill = async (from: number, to: number): Promise<void> => {
  for (let at = from; at < to; at += 1) {
    const digest = digestOf(at);
    index.set(digest, at);
    await directory.find(digest);
    index.delete(digest);
  }
};
// What the directory makes ready for its bound is there before the first key is.
await fill(0, 1_000);
gc();
const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
await fill(1_000, KEYS);
gc();
const after = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
if (directory.peek(digestOf(KEYS - 1)) === undefined) throw new Error("the last key is not held");
console.log(
  `${KEYS.toLocaleString("en-US")} keys held: ${Math.round((after - before) / (KEYS - 1_000))} bytes each`,
);
const change = { kind: "account", project: "plain", subject: "acc_of_nobody_here" } as const;
const started = performance.now();
for (let seq = 1; seq <= 20; seq += 1) await hear([{ seq, ...change }]);
const eachMs = (performance.now() - started) / 20;
console.log(`a change of an account while they are held: ${eachMs.toFixed(1)} ms of the thread`);
