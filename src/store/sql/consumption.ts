// What accounts consumed, for their bills: sums of the counts of usage and of the ledger. It reads both and writes neither.
import { type Kysely, sql } from "kysely";
import type { Consumption, ConsumptionQuery } from "../usage.ts";
import type { Tables } from "./tables.ts";

type Database = Kysely<Tables>;

/** Big sums come as text from some databases. */
type Big = number | string;

/** Three sums side by side. A verdict that is given meanwhile may be in one of them and not in the others yet. */
export async function readConsumption(database: Database, query: ConsumptionQuery): Promise<Consumption[]> {
  if (query.accounts.length === 0) return [];
  const found = new Map<string, Consumption>();
  const put = (row: { account: string; environment: string }, part: Partial<Consumption>): void => {
    const { account, environment } = row;
    const name = JSON.stringify([account, environment]);
    const known = found.get(name) ?? {
      account,
      environment,
      requests: 0,
      units: 0,
      allowance: null,
      creditsSpent: 0,
    };
    found.set(name, { ...known, ...part });
  };
  for (const row of await countsOf(database, query))
    put(row, { requests: Number(row.requests), units: Number(row.units) });
  for (const row of await allowancesOf(database, query))
    put(row, { allowance: { used: Number(row.used), over: Number(row.over) } });
  for (const row of await creditsOf(database, query)) put(row, { creditsSpent: 0 - Number(row.units) });
  return [...found.values()];
}

/** Units of every outcome: what is given back is counted with what was allowed, and nothing else costs any. */
function countsOf(database: Database, { project, accounts, from, to }: ConsumptionQuery) {
  const allowed = sql<Big>`sum(case when ${sql.ref("outcome")} = 'ok' then ${sql.ref("requests")} else 0 end)`;
  return database
    .selectFrom("usage")
    .select(["account", "environment", allowed.as("requests")])
    .select(({ fn }) => fn.sum<Big>("units").as("units"))
    .where("project", "=", project)
    .where("account", "in", accounts)
    .where("hour", ">=", from)
    .where("hour", "<", to)
    .groupBy(["account", "environment"])
    .execute();
}

function allowancesOf(database: Database, { project, accounts, from, to }: ConsumptionQuery) {
  return database
    .selectFrom("allowances")
    .select(["account", "environment"])
    .select(({ fn }) => [fn.sum<Big>("used").as("used"), fn.sum<Big>("over").as("over")])
    .where("project", "=", project)
    .where("account", "in", accounts)
    .where("period", ">=", from)
    .where("period", "<", to)
    .groupBy(["account", "environment"])
    .execute();
}

function creditsOf(database: Database, { project, accounts, from, to }: ConsumptionQuery) {
  return database
    .selectFrom("movements")
    .select(["account", "environment"])
    .select(({ fn }) => fn.sum<Big>("units").as("units"))
    .where("project", "=", project)
    .where("account", "in", accounts)
    .where("pot", "=", "credits")
    .where("kind", "in", ["spend", "refund"])
    .where("at", ">=", from)
    .where("at", "<", to)
    .groupBy(["account", "environment"])
    .execute();
}
