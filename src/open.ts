// The one place that wires the rooms together: store, directory, verify and manage of one instance.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "./base/clock.ts";
import type { ManageParts } from "./manage/save.ts";
import { BUILTIN_PROJECT } from "./project/builtin.ts";
import { openDirectory } from "./store/directory.ts";
import { createMemoryCounters } from "./store/memory/counters.ts";
import { createMemoryTickets } from "./store/memory/tickets.ts";
import { openPepper } from "./store/pepper.ts";
import { openSqliteStore } from "./store/sqlite/open.ts";
import type { Tickets } from "./store/tickets.ts";
import { type Cashier, createCashier } from "./verify/cashier.ts";
import { createFailures } from "./verify/failures.ts";
import { createLedgerQueue } from "./verify/ledger-queue.ts";
import { createLimiter, type Limiter } from "./verify/limiter.ts";
import { createUsage, type Usage } from "./verify/usage.ts";
import { createVerify, type Verify } from "./verify/verify.ts";

/** The name of the embedded store's file in its folder. */
export const STORE_FILE = "claviger.db";

export interface InstanceOptions {
  /** The folder of the embedded store; made with mode 0700 when it is missing. */
  readonly data: string;
  /** Base64url of at least 32 bytes; without it one is made at first start and kept in `data`. */
  readonly pepper?: string | undefined;
  readonly clock?: Clock;
  /** Hears of faults that no caller is told in full. */
  readonly onFault?: (message: string, error: unknown) => void;
}

/** An open instance: what the ways in are built on. */
export interface Instance extends ManageParts {
  readonly verify: Verify;
  readonly limiter: Limiter;
  readonly cashier: Cashier;
  readonly usage: Usage;
  readonly tickets: Tickets;
  /** Writes the usage that is not written yet, then closes the store. */
  close(): Promise<void>;
}

/** Throws StoreUnavailable with the reason in words. */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const { data, clock = systemClock, onFault = () => {} } = options;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const store = await openSqliteStore(join(data, STORE_FILE));
  try {
    const pepper = await openPepper(store, { text: options.pepper, file: join(data, "pepper") });
    const directory = await openDirectory(store, [BUILTIN_PROJECT], (name, error) =>
      onFault(`the stored project ${name} cannot be read and is not served`, error),
    );
    const limiter = createLimiter(createMemoryCounters(), clock, (error) =>
      onFault("a place of a request that runs could not be given back or kept", error),
    );
    const usage = createUsage(store, clock, (error) =>
      onFault("usage could not be written and is kept for the next time", error),
    );
    const cashier = createCashier(store, createLedgerQueue(store, clock), clock, usage);
    const verify = createVerify({
      clock,
      directory,
      peppers: [pepper],
      limiter,
      cashier,
      usage,
      failures: createFailures(clock),
      onFault: (error) => onFault("the store did not answer a verdict", error),
    });
    const close = async (): Promise<void> => {
      await usage.flush();
      await store.close();
    };
    const tickets = createMemoryTickets();
    return { store, directory, clock, pepper, verify, limiter, cashier, usage, tickets, close };
  } catch (error) {
    await store.close();
    throw error;
  }
}
