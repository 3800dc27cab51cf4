// The one place that wires the rooms together: store, directory, verify and manage of one instance.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Clock, elapsedMs, steadyClock, systemClock } from "./base/clock.ts";
import { newId } from "./base/ids.ts";
import type { ManageParts } from "./manage/save.ts";
import type { Verdict } from "./policy/verdict.ts";
import { BUILTIN_PROJECT } from "./project/builtin.ts";
import type { BareStore } from "./store/bare.ts";
import type { Store } from "./store/contract.ts";
import type { Counters } from "./store/counters.ts";
import { openDirectory } from "./store/directory.ts";
import { keepHighWater, type MarkKeeper } from "./store/high-water.ts";
import { fileKeeper } from "./store/mark-file.ts";
import { createMemoryCounters } from "./store/memory/counters.ts";
import { createMemoryTickets } from "./store/memory/tickets.ts";
import { openPepper } from "./store/pepper.ts";
import { openBarePostgres } from "./store/postgres/bare.ts";
import { openPostgresStore } from "./store/postgres/open.ts";
import { shareStore } from "./store/shared.ts";
import { createSharingCounters, type SharingCounters } from "./store/sharing-counters.ts";
import { openBareSqlite } from "./store/sqlite/bare.ts";
import { openSqliteStore } from "./store/sqlite/open.ts";
import type { Tickets } from "./store/tickets.ts";
import { openValkeyCounters } from "./store/valkey/counters.ts";
import { type Cashier, createCashier } from "./verify/cashier.ts";
import { readCondition } from "./verify/condition.ts";
import type { Condition } from "./verify/fail-policy.ts";
import { createFailures } from "./verify/failures.ts";
import { createLedgerQueue } from "./verify/ledger-queue.ts";
import { createLimiter, type Limiter } from "./verify/limiter.ts";
import type { Question } from "./verify/question.ts";
import { createRehearsal, type Rehearse } from "./verify/rehearse.ts";
import { createTraffic, type Traffic } from "./verify/traffic.ts";
import { createUsage, type Usage } from "./verify/usage.ts";
import { createVerdictCounts, type VerdictCounts } from "./verify/verdict-counts.ts";
import { createVerify, type Verify, type VerifyParts } from "./verify/verify.ts";

/** The name of the embedded store's file in its folder. */
export const STORE_FILE = "claviger.db";

export interface InstanceOptions {
  /** The folder of the embedded store; made with mode 0700 when it is missing. */
  readonly data: string;
  /** Base64url of at least 32 bytes; without it one is made at first start and kept in `data`. */
  readonly pepper?: string | undefined;
  /** `postgres://…` of a store that several nodes share; without it the embedded store in `data`. */
  readonly database?: string | undefined;
  /** Whether nodes wake one another through the database; without it they look ten times a second. Default true. */
  readonly notify?: boolean;
  /** `redis://…` of counters that several nodes share; without it each node counts its part of every limit. */
  readonly valkey?: string | undefined;
  /** How many keys stay in memory, about 1 kB each. */
  readonly heldKeys?: number | undefined;
  /** Whether the newest requests are remembered, for pages to show. Default true. */
  readonly remembersRequests?: boolean;
  /** For how long after its lease a node answers from memory when the store does not answer; 0, the default, for never. */
  readonly failStaticMs?: number;
  /** The operator knows that the store is an older backup, and gives up what was seen of it up to this change. */
  readonly acceptRestored?: number | undefined;
  readonly clock?: Clock;
  /** Hears of faults that no caller is told in full. */
  readonly onFault?: (message: string, error: unknown) => void;
}

/** An open instance: what the ways in are built on. */
export interface Instance extends ManageParts {
  readonly verify: Verify;
  /** The same without taking anything. */
  readonly rehearse: Rehearse;
  readonly limiter: Limiter;
  readonly cashier: Cashier;
  readonly usage: Usage;
  /** The newest verdicts of this process. */
  readonly traffic: Traffic;
  /** Where limits are shared with other nodes. */
  readonly counters: SharingCounters | undefined;
  /** What it does without at this moment. */
  condition(): Promise<Condition>;
  /** Since the start. */
  readonly verdicts: Pick<VerdictCounts, "read">;
  readonly tickets: Tickets;
  /** Writes the usage that is not written yet, then closes the store. */
  close(): Promise<void>;
}

/** Throws StoreUnavailable with the reason in words. */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const steady = steadyClock(systemClock, elapsedMs);
  const { data, clock = steady, onFault = () => {} } = options;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const unmarked = await openStore(options, clock, steady.resync);
  let closeCounters = async (): Promise<void> => {};
  try {
    const opened = await openCounters(options, unmarked);
    closeCounters = opened.closeCounters;
    const store = await keepHighWater(unmarked, {
      keepers: [fileKeeper(join(data, "high-water")), ...opened.marks],
      accepted: options.acceptRestored,
      onFault: (error) => onFault("how far the store has come could not be written down", error),
    });
    const pepper = await openPepper(store, { text: options.pepper, file: join(data, "pepper") });
    const instance = await assemble(options, { store, clock, pepper }, opened);
    const close = async (): Promise<void> => {
      await instance.usage.flush();
      await store.close();
      await closeCounters();
    };
    return { ...instance, tickets: opened.tickets ?? store.tickets ?? createMemoryTickets(), close };
  } catch (error) {
    await closeCounters();
    await unmarked.close();
    throw error;
  }
}

/** What gives verdicts, over a store and counters that are open. */
async function assemble(
  { heldKeys, remembersRequests = true, failStaticMs = 0, onFault = () => {} }: InstanceOptions,
  given: Pick<Instance, "store" | "clock" | "pepper">,
  { counters, sharing }: Pick<OpenCounters, "counters" | "sharing">,
): Promise<Omit<Instance, "tickets" | "close">> {
  const { store, clock, pepper } = given;
  const directory = await openDirectory(store, [BUILTIN_PROJECT], {
    onBroken: (name, error) => onFault(`the stored project ${name} cannot be read and is not served`, error),
    heldKeys,
  });
  const limiter = createLimiter(counters, clock, (error) =>
    onFault("a place of a request that runs could not be given back or kept", error),
  );
  const usage = createUsage(store, clock, (error) =>
    onFault("usage could not be written and is kept for the next time", error),
  );
  const verdicts = createVerdictCounts();
  const cashier = createCashier(store, createLedgerQueue(store, clock), clock, usage);
  let staleAdmissions = 0;
  const traffic = createTraffic(clock);
  const judging = {
    ...{ clock, directory, peppers: [pepper] as const, limiter, cashier, usage },
    failures: createFailures(clock),
    onVerdict: (question: Question, verdict: Verdict) => {
      if (verdict.allowed && verdict.stale) staleAdmissions += 1;
      verdicts.note(question.project.name, verdict.code);
      if (remembersRequests) traffic.note(question, verdict);
    },
    onFault: (error: unknown) => onFault("the store did not answer a verdict", error),
  } satisfies VerifyParts;
  const [verify, rehearse] = [createVerify(judging), createRehearsal(judging)];
  const condition = () =>
    readCondition({ store, directory, counters: sharing, failStaticMs, staleAdmissions });
  return {
    ...{ ...given, directory, verify, rehearse, limiter, cashier, usage, traffic, verdicts },
    ...{ counters: sharing, condition },
  };
}

async function openStore(options: InstanceOptions, clock: Clock, resync: () => void): Promise<Store> {
  const { data, database, notify = true, failStaticMs = 0, onFault = () => {} } = options;
  if (database === undefined) return openSqliteStore(join(data, STORE_FILE));
  const store = await openPostgresStore(database, {
    notify,
    onFault: (error) => onFault("a connection to the database was lost", error),
  });
  try {
    return await shareStore(store, {
      nodes: store.nodes,
      id: newId("nod"),
      clock,
      elapsed: elapsedMs,
      resync,
      failStaticMs,
      onFault: (error) => onFault("the changes log cannot be followed", error),
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The store alone, whatever schema it has, for commands that look after it. Throws StoreUnavailable. */
export function openBareStore({
  data,
  database,
}: Pick<InstanceOptions, "data" | "database">): Promise<BareStore> {
  return database === undefined ? openBareSqlite(join(data, STORE_FILE)) : openBarePostgres(database);
}

interface OpenCounters {
  readonly counters: Counters;
  /** Where they may be shared. */
  readonly sharing: SharingCounters | undefined;
  /** Where the server of the counters remembers how far the store has come. */
  readonly marks: readonly MarkKeeper[];
  /** Where the server of the counters keeps those too. */
  readonly tickets?: Tickets | undefined;
  closeCounters(): Promise<void>;
}

/** Nodes without a server for counters divide every limit among them from the start. */
async function openCounters(options: InstanceOptions, { cluster }: Store): Promise<OpenCounters> {
  const { valkey, onFault = () => {} } = options;
  if (valkey === undefined && cluster === undefined)
    return { counters: createMemoryCounters(), sharing: undefined, marks: [], closeCounters: async () => {} };
  const shared =
    valkey === undefined
      ? undefined
      : await openValkeyCounters(valkey, {
          onFault: (error) => onFault("the counters that nodes share cannot be asked", error),
        });
  const sharing = createSharingCounters({
    shared,
    alone: createMemoryCounters,
    share: () => cluster?.share() ?? { nodes: 1, rank: 0 },
    elapsed: elapsedMs,
    onFault: (error) => onFault("each node counts its part of every limit", error),
  });
  const marks = shared === undefined ? [] : [shared.marks];
  return {
    counters: sharing,
    sharing,
    marks,
    tickets: shared?.tickets,
    closeCounters: async () => shared?.close(),
  };
}
