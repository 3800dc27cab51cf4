// Looks into the money of a shared store without Claviger: balances against the journal, over SQL. It changes nothing.
import { Client } from "pg";
import { MOVEMENT_COLUMNS } from "../../src/store/sql/ledger-rows.ts";

const cell = (name: (typeof MOVEMENT_COLUMNS)[number]) => `row->>${MOVEMENT_COLUMNS.indexOf(name)}`;

/** Movements, and those that wait to be posted: rows of JSON lists in the order of the columns. */
const JOURNAL = `with journal as (
  select project, account, environment, pot, units::bigint, period::bigint, expires_at::bigint from movements
  union all select ${cell("project")}, ${cell("account")}, ${cell("environment")}, ${cell("pot")},
    (${cell("units")})::bigint, (${cell("period")})::bigint, (${cell("expiresAt")})::bigint
  from postings, json_array_elements(postings.movements::json) as row)`;

const NEVER = Number.MAX_SAFE_INTEGER;

/** Each answers the rows that break it. One statement sees one moment. */
const RULES: readonly (readonly [words: string, sql: string])[] = [
  [
    "credits that are not the sum of their journal",
    `${JOURNAL} select account, lot, sum(units) as difference from
       (select project, account, coalesce(expires_at, ${NEVER}) as lot, units from journal where pot = 'credits'
        union all select project, account, expires_at, -remaining from credit_lots) as both_sides
     group by project, account, lot having sum(units) <> 0`,
  ],
  [
    "an allowance that is not the sum of its journal",
    `${JOURNAL} select account, period, sum(units) as difference from
       (select project, account, environment, period, units from journal where pot = 'allowance'
        union all select project, account, environment, period, used from allowances) as both_sides
     group by project, account, environment, period having sum(units) <> 0`,
  ],
  ["credits below zero", "select * from credit_lots where remaining < 0"],
  ["an allowance out of its bounds", "select * from allowances where used < 0 or over < 0 or over > used"],
];

/** What is wrong, in words; empty when nothing is. */
export async function inspectMoney(database: string): Promise<string[]> {
  return asking(database, async (client) => {
    const problems: string[] = [];
    for (const [words, sql] of RULES) {
      const { rows } = await client.query(sql);
      problems.push(...rows.map((row) => `${words}: ${JSON.stringify(row)}`));
    }
    return problems;
  });
}

/** Units that the account could still spend. */
export async function remainingOf(database: string, account: string, limit: number): Promise<number> {
  return asking(database, async (client) => {
    const sum = async (sql: string) => Number((await client.query(sql, [account])).rows[0].units);
    const credits = await sum(
      "select coalesce(sum(remaining), 0) as units from credit_lots where account = $1",
    );
    return (
      limit -
      (await sum("select coalesce(sum(used), 0) as units from allowances where account = $1")) +
      credits
    );
  });
}

async function asking<Result>(database: string, ask: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: database });
  client.on("error", () => {});
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}
