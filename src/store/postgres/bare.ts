// A store in PostgreSQL as its tables, asked patiently: what looks after a store may take longer than what serves from it.
import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import type { BareStore } from "../bare.ts";
import { StoreUnavailable } from "../contract.ts";
import type { Tables } from "../sql/tables.ts";
import { readAddress } from "./address.ts";
import { MIGRATION_LIMITS } from "./database.ts";
import { DatabaseFault } from "./faults.ts";
import { createPool } from "./pool.ts";
import { bringUpToDate, readNewest, readServer, refusalOf, type ServerFacts } from "./server.ts";

/** Throws StoreUnavailable, never with the password of the URL. */
export async function openBarePostgres(url: string): Promise<BareStore> {
  const address = readAddress(url);
  const place = `the database ${address.place}`;
  const dialect = new PostgresDialect({ pool: createPool(address, MIGRATION_LIMITS, () => {}) });
  // Migrations are made under their own names.
  const plain = new Kysely<Tables>({ dialect });
  try {
    const server = await readServer(plain);
    const refusal = refusalOf(server);
    if (refusal !== undefined) throw new StoreUnavailable(`${place} ${refusal}`);
    return bareStore(plain, place, server);
  } catch (error) {
    await plain.destroy();
    throw error;
  }
}

function bareStore(plain: Kysely<Tables>, place: string, server: ServerFacts): BareStore {
  return {
    place,
    database: plain.withPlugin(new CamelCasePlugin({ maintainNestedObjectKeys: true })),
    schema: async () => (await readNewest(plain)) ?? 0,
    async migrate() {
      try {
        await bringUpToDate(plain, server);
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        const words = `${place} cannot be brought up to date: ${(error as Error).message}`;
        throw new StoreUnavailable(words, { cause: error });
      }
    },
    lockOut: (transaction) => lockOut(transaction, place, server),
    close: () => plain.destroy(),
  };
}

/** Every server enters itself among the nodes before it does anything else. */
async function lockOut(
  transaction: Transaction<Tables>,
  place: string,
  { version }: ServerFacts,
): Promise<void> {
  // CockroachDB has no such lock: there its isolation refuses one of the two, later and in its own words.
  if (!/^CockroachDB/.test(version)) {
    await sql`set local lock_timeout = '5s'`.execute(transaction);
    await lockNodes(transaction, place);
  }
  const { rows } = await sql`select 1 from nodes
    where lease_until > extract(epoch from clock_timestamp()) * 1000 limit 1`.execute(transaction);
  if (rows.length > 0) throw new StoreUnavailable(`${place} is in use: stop every server that runs on it`);
}

async function lockNodes(transaction: Transaction<Tables>, place: string): Promise<void> {
  try {
    await sql`lock table nodes in exclusive mode`.execute(transaction);
  } catch (error) {
    if (!(error instanceof DatabaseFault && error.mayPass)) throw error;
    const words = `${place} is in use: a server starts on it, or another move runs`;
    throw new StoreUnavailable(words, { cause: error });
  }
}
