// A process that opens a store and moves money when its parent tells it to, so that it can be killed at a chosen system call of one
// transaction. It has the store and the queue before it, and nothing that would make its start slow.
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fixedClock } from "../../src/base/clock.ts";
import { newId } from "../../src/base/ids.ts";
import type { Balance, Draw, Part } from "../../src/policy/pot.ts";
import type { Store } from "../../src/store/contract.ts";
import type { LedgerAnswer } from "../../src/store/ledger.ts";
import { LOG_PAGES, openDatabase } from "../../src/store/sqlite/database.ts";
import { createLedgerQueue, type LedgerQueue } from "../../src/verify/ledger-queue.ts";

export const STORE = "claviger.db";
/** One account with credits alone, and one whose allowance pays before its credits. */
export const ACCOUNTS = ["prepaid", "metered"] as const;
export type Account = (typeof ACCOUNTS)[number];
export const PERIOD = Date.parse("2026-11-01T00:00:00Z");
/** Little enough that requests come to stand astride it and the credits behind it. */
const LIMIT = 300;

/** `checkpoint` carries the log over into the file behind the spends; `reuse` is what begins the log anew after that. */
export type Scenario = "spend" | "grant" | "settle" | "refund" | "checkpoint" | "reuse" | "books";

/** `act`: make the movements that were prepared; with `die` the process kills itself when they are made, and tells nobody. */
export type Order =
  | { readonly open: string; readonly at: number; readonly scenario: Scenario }
  | { readonly act: "tell" | "die" };

export type Report =
  | { readonly loaded: true }
  | { readonly ready: readonly Balance[] }
  /** How many entries were done, and how many met a store that did not answer. */
  | { readonly done: number; readonly failed: number };

interface Stage {
  readonly store: Store;
  readonly queue: LedgerQueue;
  readonly at: number;
  readonly data: string;
}

type Act = () => Promise<unknown>[];

const PREPARE: Record<Scenario, (stage: Stage) => Promise<Act>> = {
  spend: async (stage) => () => spendBatch(stage),
  grant: async ({ store, at }) => {
    const replay = { id: randomUUID(), fingerprint: "body", status: 201, body: {}, expiresAt: at + 1 };
    return () => [store.commit({ ...grantOf("prepaid", 50, null, at), replay })];
  },
  async settle(stage) {
    const hold = { id: newId("hld"), expiresAt: stage.at + 1_000 };
    await spend(stage, "metered", 20, hold);
    return () => [stage.queue.post({ kind: "settle", at: stage.at, hold: hold.id, units: 5 })];
  },
  async refund(stage) {
    const parts = partsOf(await spend(stage, "metered", 20));
    const origin = originOf("metered");
    return () => [stage.queue.post({ kind: "give-back", ...origin, at: stage.at, parts })];
  },
  async checkpoint(stage) {
    await fillLog(stage);
    return () => spendBatch(stage);
  },
  async reuse(stage) {
    await untilCarriedOver(stage);
    return () => spendBatch(stage);
  },
  async books(stage) {
    const { store, at } = stage;
    await store.commit(grantOf("prepaid", 30, at + 60_000, at));
    for (const units of [3, 4]) await spend(stage, "prepaid", units);
    const later = at + 25 * 60 * 60 * 1000;
    return () => [store.keepBooks(later, later)];
  },
};

const originOf = (account: Account) => ({
  ...{ project: "acme", account, environment: "live", key: `key_${account}`, route: "" },
});

function spend(
  { queue, at }: Stage,
  account: Account,
  units: number,
  hold?: { readonly id: string; readonly expiresAt: number },
): Promise<LedgerAnswer> {
  const allowance: Draw = { pot: "allowance", period: PERIOD, limit: LIMIT, overage: 0 };
  const draws: Draw[] = [...(account === "metered" ? [allowance] : []), { pot: "credits" }];
  return queue.post({ kind: "spend", ...originOf(account), at, units, draws, ...(hold && { hold }) });
}

/** Five requests that go in one transaction, one of them kept open under an id. */
function spendBatch(stage: Stage): Promise<LedgerAnswer>[] {
  return [
    spend(stage, "prepaid", 3),
    spend(stage, "prepaid", 4, { id: newId("hld"), expiresAt: stage.at + 1_000 }),
    spend(stage, "prepaid", 5),
    spend(stage, "metered", 7),
    spend(stage, "metered", 11),
  ];
}

function partsOf(answer: LedgerAnswer): readonly Part[] {
  if (!answer.done) throw new Error(`not paid: ${answer.reason}`);
  return answer.parts;
}

export function grantOf(account: Account, units: number, expiresAt: number | null, at: number) {
  const detail = { amount: units };
  const subject = { project: "acme", actor: "local", action: "credits.grant", subject: account, detail };
  return {
    at,
    writes: [{ kind: "grant-credits", project: "acme", account, units, expiresAt, reason: null } as const],
    audit: [{ id: newId("aud"), at, ...subject }],
  };
}

/** A page of the log with its header. */
const LOGGED_PAGE_BYTES = 4_096 + 24;

/** The same rows each time, in some 35 pages. */
function writeMuch({ store, at }: Stage): Promise<void> {
  const count = { project: "acme", account: "busy", environment: "live", key: "", outcome: "ok", hour: 0 };
  const names = Array.from({ length: 400 }, (_, index) => `${index} ${"a long route ".repeat(20)}`);
  return store.addUsage(names.map((route) => ({ ...count, route, requests: 1, units: 0, lastAt: at })));
}

/** SQLite carries the log over into the file with the first commit after which it is full, and writes each page that changed once. */
async function fillLog(stage: Stage): Promise<void> {
  const log = join(stage.data, `${STORE}-wal`);
  const pages = () => statSync(log).size / LOGGED_PAGE_BYTES;
  while (pages() < LOG_PAGES - 100) await writeMuch(stage);
  while (pages() < LOG_PAGES - 5) await spend(stage, "prepaid", 1);
}

/** The file itself is written then and only then. */
async function untilCarriedOver(stage: Stage): Promise<void> {
  const writtenAt = () => statSync(join(stage.data, STORE), { bigint: true }).mtimeNs;
  for (const before = writtenAt(); writtenAt() === before; ) await writeMuch(stage);
}

let act: Act | undefined;

async function obey(order: Order): Promise<Report> {
  if ("open" in order) {
    const { open: data, scenario, at } = order;
    const store = await openDatabase(join(data, STORE));
    const stage = { store, queue: createLedgerQueue(store, fixedClock(at)), at, data };
    const purses = ACCOUNTS.map((account) => ({ ...originOf(account), period: PERIOD }));
    const ready = await store.balances(purses, at);
    act = await PREPARE[scenario](stage);
    return { ready };
  }
  const outcomes = await Promise.allSettled(act?.() ?? []);
  if (order.act === "die") process.kill(process.pid, "SIGKILL");
  const done = outcomes.filter(({ status }) => status === "fulfilled").length;
  return { done, failed: outcomes.length - done };
}

if (process.send !== undefined) {
  process.on("message", async (order: Order) => process.send?.(await obey(order)));
  process.send({ loaded: true } satisfies Report);
}
