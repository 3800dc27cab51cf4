// Promise: what the ledger reads and takes out goes by the accounts of the batch or by what is due, never through all that a project
// has: a spend costs the same among ten accounts and among a million. As SQLite plans it, for the statements that are really sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import Sqlite from "better-sqlite3";
import { CamelCasePlugin, Kysely, SqliteDialect } from "kysely";
import { MIGRATIONS, migrate } from "../../src/store/sql/migrations.ts";
import { createSqlStore } from "../../src/store/sql/store.ts";
import type { Tables } from "../../src/store/sql/tables.ts";
import { NOON } from "../support/records.ts";
import { allowance, CREDITS, DAY, payerIn, settle } from "./ledger-entries.ts";

const MONEY = ["allowances", "credit_lots", "movements", "holds"];

test("no statement of the ledger goes through a whole table or a whole project", async () => {
  const connection = new Sqlite(":memory:");
  const texts = new Set<string>();
  const database = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: connection }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    log: ({ query }) => void texts.add(query.sql),
  });
  await migrate(database, MIGRATIONS, " without rowid");
  const store = createSqlStore(database);
  texts.clear();
  const payer = await payerIn(store);
  await payer.grant(3, NOON + 1);
  await payer.grant(9);
  const hold = { id: "hld_1", expiresAt: NOON + 1 };
  await store.post([payer.spend(2, [allowance(1), CREDITS], { hold }), payer.spend(1, [CREDITS])]);
  await store.post([payer.spend(9, [CREDITS]), settle("hld_1", 1)]);
  await payer.addsUp();
  await store.keepBooks(NOON + 30 * DAY, NOON + 30 * DAY);
  const { project, account } = payer.origin;
  await store.movements(project, account, { limit: 1, after: { createdAt: NOON, id: "mov_1" } });
  const money = [...texts].filter((text) => MONEY.some((table) => text.includes(`"${table}"`)));
  const read = money.filter((text) => /^(select|delete)/.test(text));
  assert.ok(read.length >= 8, `${read.length} statements`);
  for (const text of read) {
    const plan = connection.prepare(`explain query plan ${text}`).all(...parametersOf(text)) as {
      detail: string;
    }[];
    const steps = plan.map(({ detail }) => detail).filter((detail) => /^(SCAN|SEARCH)/.test(detail));
    assert.ok(steps.length > 0, text);
    for (const step of steps)
      assert.match(
        step,
        /account=\?|expires_at<\?|compacted=\? AND at<\?|\(id=\?/,
        `${text}\n${plan.map(({ detail }) => detail).join("\n")}`,
      );
  }
  await database.destroy();
});

/** One for each question mark. */
function parametersOf(text: string): number[] {
  return Array.from({ length: text.split("?").length - 1 }, () => 1);
}
