// Opens the store in PostgreSQL: the records and the ledger behind the same contract as everywhere, and the registry of its nodes.
import { sql } from "kysely";
import type { Nodes } from "../cluster.ts";
import type { Store } from "../contract.ts";
import { lockAccountRows } from "../sql/lock.ts";
import { createNodes } from "../sql/nodes.ts";
import { createSqlStore } from "../sql/store.ts";
import { createSqlTickets } from "../sql/tickets.ts";
import { readAddress } from "./address.ts";
import { announce, commitInOne } from "./commit.ts";
import { openBeatConnection, openPostgresDatabase, type PostgresOptions } from "./database.ts";
import { listenForChanges } from "./listen.ts";

export interface PostgresStore extends Store {
  /** The registry of those who share the store. */
  readonly nodes: Nodes;
}

/** Not asked of databases that lack notifications: they may well lack this too. */
const UNFLUSHED = sql`set_config('synchronous_commit', 'off', true) is not null`;

/** Throws StoreUnavailable in words, and never with the password of the URL; see openPostgresDatabase. */
export async function openPostgresStore(url: string, options: PostgresOptions = {}): Promise<PostgresStore> {
  const { notify = true, onFault = () => {} } = options;
  const database = await openPostgresDatabase(url, options);
  const beats = await openBeatConnection(url, options);
  const store = createSqlStore(database, {
    lockAccounts: lockAccountRows,
    // Databases that lack notifications may lack what the short way takes as well.
    ...(notify && { announce, commitShortly: (batch) => commitInOne(database, batch) }),
  });
  const listening = notify ? listenForChanges(readAddress(url), onFault) : undefined;
  const nodes = createNodes(database, beats, {
    onWake: (listener) => listening?.onWake(listener),
    unflushed: notify ? UNFLUSHED : sql`true`,
  });
  return {
    ...store,
    nodes,
    tickets: createSqlTickets(database),
    async close() {
      await listening?.close();
      await beats.destroy();
      await store.close();
    },
  };
}
