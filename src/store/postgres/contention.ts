// The database as many writers share it: transactions that lost a race are tried again, and readers always find a connection. It
// knows nothing of what a transaction does.
import { setTimeout as delay } from "node:timers/promises";
import { Kysely, type KyselyConfig, type TransactionBuilder } from "kysely";
import type { Tables } from "../sql/tables.ts";
import { DatabaseFault } from "./faults.ts";

export interface Contention {
  /** Transactions at once; the others wait for their turn. */
  readonly writers: number;
  /** How long a transaction waits and is tried again before its fault is told, in milliseconds. */
  readonly retryForMs: number;
}

/** The first pause before another attempt, doubled each time up to the last, in milliseconds; each is cut by chance. */
const FIRST_PAUSE_MS = 5;
const LAST_PAUSE_MS = 100;

/** A Kysely whose transactions may run more than once: they may touch nothing but the transaction that they are handed. */
export class SharedDatabase extends Kysely<Tables> {
  readonly #contention: Contention;
  readonly #turn: Turn;

  constructor(config: KyselyConfig, contention: Contention) {
    super(config);
    this.#contention = contention;
    this.#turn = createTurns(contention.writers);
  }

  override transaction(): TransactionBuilder<Tables> {
    const builder = super.transaction();
    const attempt = builder.execute.bind(builder);
    builder.execute = (work) => this.persist(() => attempt(work));
    return builder;
  }

  /** For a statement that is a transaction of its own: waits for its turn, and tries it again where it lost a race. */
  async persist<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const deadline = performance.now() + this.#contention.retryForMs;
    return this.#turn(async () => {
      if (performance.now() > deadline)
        throw new DatabaseFault("too many changes wait for the database", undefined);
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
        try {
          return await attempt();
        } catch (error) {
          const isPassing = error instanceof DatabaseFault && error.mayPass;
          if (!isPassing || performance.now() + pauseMs > deadline) throw error;
          await delay(pauseMs * (0.5 + Math.random() / 2));
        }
      }
    });
  }
}

type Turn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** So many at once, in the order in which they came. */
function createTurns(width: number): Turn {
  const waiting: (() => void)[] = [];
  let free = width;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
