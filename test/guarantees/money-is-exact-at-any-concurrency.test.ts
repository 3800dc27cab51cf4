// Promise: 512 callers at once, with mixed costs, over accounts that run down to zero: what was accepted is what was granted, to the
// unit, whichever pots pay, and the journal says the same.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { changeCredits } from "../../src/manage/credits.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import type { Allowed } from "../../src/policy/verdict.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import type { MovementRecord } from "../../src/store/ledger.ts";
import { randomOf } from "../crash/random.ts";
import { type Engine, engineFor } from "../support/engine.ts";

const CALLERS = 512;

const PROJECT: ProjectFile = {
  name: "acme",
  plans: {
    prepaid: {},
    bounded: { allowance: 9_000 },
    over: { allowance: { units: 5_000, overage: { upTo: 3_000 } } },
  },
  defaultPlan: "prepaid",
};

/** What a plan grants, and what is topped up beside it. */
const ACCOUNTS = [
  { plan: "prepaid", units: 0, credits: 11_000 },
  { plan: "bounded", units: 9_000, credits: 0 },
  { plan: "bounded", units: 9_000, credits: 4_001 },
  { plan: "over", units: 8_000, credits: 2_003 },
];

interface Account {
  readonly id: string;
  readonly keys: readonly string[];
  readonly granted: number;
  accepted: number;
}

async function accountsOf(engine: Engine): Promise<Account[]> {
  const made = ACCOUNTS.map(async ({ plan, units, credits }): Promise<Account> => {
    const { id } = await engine.account("acme", { plan });
    const grant = (amount: number, expiresAt: string | null) =>
      changeCredits(engine.instance, LOCAL_CALLER, "acme", id, { amount, expiresAt });
    // Two lots, so that spends come to stand astride them.
    if (credits > 0) await grant(credits - 1_000, null);
    if (credits > 0) await grant(1_000, "2027-01-01T00:00:00.000Z");
    const keys = [await engine.key("acme", { account: id }), await engine.key("acme", { account: id })];
    return { id, keys: keys.map(({ key }) => key), granted: units + credits, accepted: 0 };
  });
  return Promise.all(made);
}

type Ending = (engine: Engine, verdict: Allowed, random: () => number) => Promise<number>;

/** What a caller does with units it has, and how many it gives back. */
const ENDINGS: readonly Ending[] = [
  async () => 0,
  async ({ instance }, { receipt }) => {
    await instance.cashier.refund(receipt!);
    return receipt!.units;
  },
  async ({ instance }, { hold, receipt }, random) => {
    const units = Math.floor(random() * receipt!.units);
    const answer = await instance.cashier.settleHold(hold!.id, units);
    assert.equal(answer.done, true);
    return receipt!.units - units;
  },
];

/** One caller: asks until not even a unit is there, and less each time it is refused. */
async function spendAll(engine: Engine, account: Account, random: () => number): Promise<void> {
  let most = 100;
  while (most > 0) {
    const cost = 1 + Math.floor(random() * most);
    const text = account.keys[Math.floor(random() * account.keys.length)]!;
    // In eight of ten cases it keeps what it has.
    const ending = ENDINGS[Math.max(0, Math.floor(random() * 10) - 7)]!;
    const verdict = await engine.ask("acme", text, { cost, hold: ending === ENDINGS[2] });
    if (!verdict.allowed) {
      assert.ok(["insufficient_credits", "allowance_exceeded"].includes(verdict.code), verdict.code);
      most = cost - 1;
      continue;
    }
    assert.equal(verdict.receipt?.units, cost);
    const givenBack = await ending(engine, verdict, random);
    account.accepted += cost - givenBack;
  }
}

async function movementsOf({ instance }: Engine, account: string): Promise<MovementRecord[]> {
  const all: MovementRecord[] = [];
  for (let page: MovementRecord[] = []; ; ) {
    const last = page.at(-1);
    const after = last && { createdAt: last.at, id: last.id };
    page = await instance.store.movements("acme", account, { limit: 1_000, ...(after && { after }) });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

async function drained(t: TestContext, seed: number) {
  const engine = await engineFor(t, { projects: [PROJECT] });
  const random = randomOf(seed);
  const accounts = await accountsOf(engine);
  const callers = Array.from({ length: CALLERS }, (_, index) =>
    spendAll(engine, accounts[index % accounts.length]!, random),
  );
  await Promise.all(callers);
  // What was given back when nobody asked any more.
  for (const account of accounts) await spendAll(engine, account, () => 0);
  return { engine, accounts };
}

test(`${CALLERS} callers at once: what was accepted is what was granted`, async (t) => {
  const { engine, accounts } = await drained(t, 1);
  for (const [index, { id, granted, accepted }] of accounts.entries()) {
    assert.equal(accepted, granted);
    const movements = await movementsOf(engine, id);
    const sumOf = (pot: string) =>
      movements.filter((movement) => movement.pot === pot).reduce((sum, { units }) => sum + units, 0);
    const uses = await engine.instance.store.allowanceUses("acme", { from: 0, to: Infinity, account: id });
    const used = uses.reduce((sum, use) => sum + use.used, 0);
    assert.equal(sumOf("credits"), 0, "all credits that were granted were spent");
    assert.equal(used, ACCOUNTS[index]!.units);
    assert.equal(used + sumOf("allowance"), 0);
  }
});
