// The registry of nodes over SQL: who is there, how far each has followed the changes log, and until when each may use what it
// remembers. Times are the database's own, in milliseconds since 1970, so that no node's clock plays a part.
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Beat, News, Nodes } from "../cluster.ts";
import type { Change } from "../records.ts";
import { readNewestChange } from "./reads.ts";
import type { Tables } from "./tables.ts";

const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
/** Changes read at a time; the next turn follows at once. */
const MOST_CHANGES = 1_000;
/** Rows of nodes that are gone are kept that long, for whoever looks. */
const FORGET_MS = 60 * 60 * 1000;

export interface NodesDriver extends Pick<Nodes, "onWake"> {
  /**
   * A condition that always holds, behind which a statement may be answered before it is on disk. A crash that takes back how far a node
   * has come makes others wait for it once more.
   */
  readonly unflushed: RawBuilder<unknown>;
}

/**
 * `onWake` is the driver's, and so are the faults: StoreUnavailable. `beats` is a connection of its own, so that no number of
 * requests that wait for the database keeps this node from holding its lease (hostile F09).
 */
export function createNodes(
  database: Kysely<Tables>,
  beats: Kysely<Tables>,
  { onWake, unflushed }: NodesDriver,
): Nodes {
  return {
    onWake,
    join: (id, leaseMs) => join(database, id, leaseMs),
    beat: (id, applied, leaseMs) => beat(beats, id, applied, leaseMs),
    newest: () => readNewestChange(database),
    news: (applied) => readNews(beats, applied),
    async applied(id, applied) {
      await sql`update nodes set applied = greatest(applied, ${applied}) where id = ${id} and ${unflushed}`.execute(
        beats,
      );
    },
    isBehind: (seq, but) => isBehind(database, seq, but),
    leave: async (id) => void (await sql`delete from nodes where id = ${id}`.execute(database)),
  };
}

async function join(database: Kysely<Tables>, id: string, leaseMs: number): Promise<number> {
  await sql`delete from nodes where lease_until < ${NOW} - ${FORGET_MS}`.execute(database);
  await sql`insert into nodes (id, applied, lease_until, started_at) values (${id}, 0, ${NOW} + ${leaseMs}, ${NOW})`.execute(
    database,
  );
  // After the entry is there: a change from now on either waits for this node or is older than what it reads.
  return readNewestChange(database);
}

/** One question: the row is written and the log read under one snapshot, so that what is promised has been seen. */
async function beat(database: Kysely<Tables>, id: string, applied: number, leaseMs: number): Promise<Beat> {
  const { rows } = await sql<NewsRow & { time: number; live: string[] | null }>`
    with beat as (
      insert into nodes (id, applied, lease_until, started_at) values (${id}, ${applied}, ${NOW} + ${leaseMs}, ${NOW})
      on conflict (id) do update set applied = greatest(nodes.applied, excluded.applied),
        lease_until = greatest(nodes.lease_until, excluded.lease_until)
      returning id
    )
    select ${NOW} as time, ${newsAfter(applied)},
      (select json_agg(id order by id) from nodes where lease_until > ${NOW}) as live
    from beat`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Error("the registry of nodes answered nothing");
  return { ...newsOf(row), time: Number(row.time), live: row.live ?? [] };
}

async function readNews(database: Kysely<Tables>, applied: number): Promise<News> {
  const { rows } = await sql<NewsRow>`select ${newsAfter(applied)}`.execute(database);
  return newsOf(rows[0]!);
}

interface NewsRow {
  newest: number;
  changes: Change[] | null;
}

function newsAfter(applied: number) {
  return sql`
    (select value from counters where name = 'changes') as newest,
    (select json_agg(json_build_object('seq', seq, 'kind', kind, 'project', project, 'subject', subject) order by seq)
       from (select * from changes where seq > ${applied} order by seq limit ${MOST_CHANGES}) as news) as changes`;
}

function newsOf({ newest, changes }: NewsRow): News {
  return { newest: Number(newest), changes: changes ?? [] };
}

async function isBehind(database: Kysely<Tables>, seq: number, but: string): Promise<boolean> {
  const { rows } = await sql`select 1 from nodes
    where applied < ${seq} and lease_until > ${NOW} and id <> ${but} limit 1`.execute(database);
  return rows.length > 0;
}
