// Compares what two stores hold account by account: keys, money, journal, usage. It changes neither and holds a page of sums at a time.
import { type Kysely, sql } from "kysely";
import { StoreUnavailable } from "../contract.ts";
import type { Tables } from "./tables.ts";

/** Equal on both sides, or it would not be answered. */
export interface Compared {
  readonly what: string;
  readonly source: bigint;
  readonly target: bigint;
}

interface SummedTable {
  readonly table: string;
  /** What is summed up, to the SQL of one row's part in it. */
  readonly parts: Readonly<Record<string, string>>;
}

/** `over` is a word of SQL, hence the quotes. */
const SUMMED: readonly SummedTable[] = [
  { table: "keys", parts: { "keys not revoked": "case when revoked_at is null then 1 else 0 end" } },
  {
    table: "allowances",
    parts: { "units of allowances used": "used", "units over an allowance": '"over"' },
  },
  { table: "credit_lots", parts: { "units of credits": "remaining" } },
  { table: "holds", parts: { "units on hold": "case when settled_at is null then units else 0 end" } },
  {
    table: "movements",
    parts: {
      "journal of credits": "case when pot = 'credits' then units else 0 end",
      "journal of allowances": "case when pot = 'allowance' then units else 0 end",
      "requests in the journal": "requests",
    },
  },
  { table: "usage", parts: { "requests counted": "requests", "units counted": "units" } },
];

const ACCOUNTS_IN_PAGE = 1_000;

/** Every account by itself, and the totals. Throws StoreUnavailable at the first difference. */
export async function compareSums(source: Kysely<Tables>, target: Kysely<Tables>): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const summed of SUMMED) {
    const totals = await compareTable(source, target, summed);
    for (const [index, what] of Object.keys(summed.parts).entries())
      compared.push({ what, source: totals.source[index]!, target: totals.target[index]! });
  }
  return compared;
}

/** The totals, in the order of the parts. */
async function compareTable(
  source: Kysely<Tables>,
  target: Kysely<Tables>,
  summed: SummedTable,
): Promise<{ source: bigint[]; target: bigint[] }> {
  const zeros = () => Object.keys(summed.parts).map(() => 0n);
  const totals = { source: zeros(), target: zeros() };
  for (let after: Sums | undefined; ; ) {
    const [ours, theirs] = [await readSums(source, summed, after), await readSums(target, summed, after)];
    for (let index = 0; index < Math.max(ours.length, theirs.length); index += 1)
      assertSame(summed, ours[index], theirs[index]);
    addTo(totals.source, ours);
    addTo(totals.target, theirs);
    after = ours.at(-1);
    if (ours.length < ACCOUNTS_IN_PAGE) return totals;
  }
}

function addTo(totals: bigint[], pages: readonly Sums[]): void {
  for (const { sums } of pages)
    for (const [index, sum] of sums.entries()) totals[index] = totals[index]! + sum;
}

interface Sums {
  readonly project: string;
  readonly account: string;
  readonly sums: readonly bigint[];
}

/** Sums as text: a total may be more than a number holds. */
async function readSums(
  database: Kysely<Tables>,
  { table, parts }: SummedTable,
  after: Sums | undefined,
): Promise<Sums[]> {
  const sums = Object.values(parts).map(
    (part, index) => sql`cast(sum(${sql.raw(part)}) as text) as ${sql.ref(`s${index}`)}`,
  );
  const rest =
    after === undefined ? sql`` : sql`where (project, account) > (${after.project}, ${after.account})`;
  const { rows } = await sql<Record<string, string>>`
    select project, account, ${sql.join(sums)} from ${sql.table(table)} ${rest}
    group by project, account order by project, account limit ${ACCOUNTS_IN_PAGE}`.execute(
    database.withoutPlugins(),
  );
  return rows.map(({ project, account, ...texts }) => ({
    project: project!,
    account: account!,
    sums: sums.map((_, index) => BigInt(texts[`s${index}`]!)),
  }));
}

function assertSame({ parts }: SummedTable, ours: Sums | undefined, theirs: Sums | undefined): void {
  const text = (sums: Sums | undefined) => `${sums?.project} ${sums?.account} ${sums?.sums.join(" ")}`;
  if (text(ours) === text(theirs)) return;
  const { project, account } = (ours ?? theirs)!;
  throw new StoreUnavailable(
    `the copy differs in ${Object.keys(parts).join(", ")} of the account ${account} of ${project}: nothing was moved`,
  );
}
