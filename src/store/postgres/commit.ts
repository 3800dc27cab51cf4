// Commits in PostgreSQL's own ways: what changes one record goes there and back once, and whatever is committed is told to the other
// nodes by the commit itself. Anything else of a batch is sql/commit.ts's.
import { sql } from "kysely";
import { type Batch, StoreConflict } from "../contract.ts";
import type { AuditRecord, Change } from "../records.ts";
import { type Announce, changeOf, orConflict, type UpdateWrite, updateRecord } from "../sql/commit.ts";
import { auditRow } from "../sql/tables.ts";
import type { SharedDatabase } from "./contention.ts";
import { DatabaseFault } from "./faults.ts";
import { CHANNEL, toPayload } from "./listen.ts";

/** The other nodes hear of them when the transaction has committed. */
export const announce: Announce = async (transaction, changes) => {
  await sql`select pg_notify(${CHANNEL}, ${toPayload(changes)})`.execute(transaction);
};

/**
 * For a batch that updates one record, which is how keys are revoked, disabled or cut: nobody waits for anything as for this. `undefined`
 * for any other. The database must have notifications. Throws StoreConflict "stale" and "duplicate".
 */
export function commitInOne(
  database: SharedDatabase,
  { writes, audit, replay }: Batch,
): Promise<Change[]> | undefined {
  const [write, ...others] = writes;
  const isUpdate = write?.kind === "update-key" || write?.kind === "update-account";
  if (!isUpdate || others.length > 0 || replay !== undefined) return undefined;
  return database.persist(async () => {
    const { rows } = await orConflict(() => statement(database, write, audit)).catch(unconfirmed);
    const [row] = rows;
    if (row === undefined) throw new StoreConflict("stale");
    return [{ seq: Number(row.seq), ...changeOf(write) }];
  });
}

/** The order in which rows are locked is that of every commit: the record, then the one that numbers the changes. */
function statement(database: SharedDatabase, write: UpdateWrite, audit: readonly AuditRecord[]) {
  const change = changeOf(write);
  return sql<{ seq: number }>`
    with updated as (${updateRecord(database, write)}),
    noted as (
      insert into audit (id, at, project, actor, action, subject, detail)
      select entry.* from updated, json_to_recordset(${JSON.stringify(audit.map(auditRow))}::json)
        as entry(id text, at bigint, project text, actor text, action text, subject text, detail text)
    ),
    numbered as (update counters set value = value + 1 from updated where name = 'changes' returning value),
    logged as (
      insert into changes (seq, kind, project, subject)
      select value, ${change.kind}::text, ${change.project}::text, ${change.subject}::text from numbered
      returning *
    )
    select seq, pg_notify(${CHANNEL}, json_build_array(json_build_object(
      'seq', seq, 'kind', kind, 'project', project, 'subject', subject))::text) as told from logged`.execute(
    database,
  );
}

/** What is its own commit and was not answered may have happened: nobody may try it again unasked. */
function unconfirmed(error: unknown): never {
  if (!(error instanceof DatabaseFault && error.endsConnection)) throw error;
  throw new DatabaseFault(`${error.message}; the change may or may not have happened`, error, {
    endsConnection: true,
  });
}
