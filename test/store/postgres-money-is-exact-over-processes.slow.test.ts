// Promise: processes that share a database spend one account's money to the unit, from the first row of it on (hostile E08, E19).
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Store } from "../../src/store/contract.ts";
import type { Spend } from "../../src/store/ledger.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { startPostgres } from "../support/services.ts";
import { allowance, CREDITS, payerIn } from "./ledger-entries.ts";

async function openStores(context: TestContext): Promise<Store[]> {
  const { url } = await startPostgres(context);
  const stores = await Promise.all([1, 2, 3, 4].map(() => openPostgresStore(url)));
  context.after(() => Promise.all(stores.map((store) => store.close())));
  return stores;
}

/** 500 units asked for by all of them at once, five in a batch; how many were paid. */
async function spendAtOnce(stores: readonly Store[], spend: () => Spend): Promise<number> {
  const posts = Array.from({ length: 100 }, (_, index) =>
    stores[index % stores.length]!.post([spend(), spend(), spend(), spend(), spend()]),
  );
  return (await Promise.all(posts)).flat().filter(({ done }) => done).length;
}

test("of five hundred callers exactly as many are paid as there are credits", async (context) => {
  const stores = await openStores(context);
  const payer = await payerIn(stores[0]!);
  await payer.grant(100);
  assert.equal(await spendAtOnce(stores, () => payer.spend(1, [CREDITS])), 100);
  assert.equal((await payer.balance()).credits, 0);
  await payer.addsUp();
});

test("of five hundred callers exactly as many are paid as the month allows, from the first one on", async (context) => {
  const stores = await openStores(context);
  const payer = await payerIn(stores[0]!);
  await payer.grant(30);
  const draws = [allowance(100), CREDITS];
  assert.equal(await spendAtOnce(stores, () => payer.spend(1, draws)), 130);
  const { used, credits } = await payer.balance();
  assert.deepEqual({ used, credits }, { used: 100, credits: 0 });
  await payer.addsUp();
});
