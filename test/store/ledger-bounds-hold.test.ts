// Promise: no use of an allowance and no account's credits pass 2^53 - 1, whatever was granted and given back. Hostile case E18. Such
// sums take years of spends: they are put into the memory of a batch here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_BALANCE } from "../../src/policy/pot.ts";
import type { LedgerEntry } from "../../src/store/ledger.ts";
import { decide } from "../../src/store/sql/ledger-decide.ts";
import { moneyOf, noMoney } from "../../src/store/sql/ledger-money.ts";
import { NOON } from "../support/records.ts";
import { allowance, CREDITS, NOVEMBER, paid, used } from "./ledger-entries.ts";

const ORIGIN = { project: "acme", account: "acc_1", environment: "live", key: "key_1", route: "" };
const spend = (units: number, overage: number | null = 0, limit: number | null = null): LedgerEntry => ({
  kind: "spend",
  ...ORIGIN,
  at: NOON,
  units,
  draws: [allowance(limit, { overage })],
});

function moneyWith(units: { used?: number; over?: number; credits?: number }) {
  const money = noMoney();
  const { allowances, lots } = moneyOf(money, ORIGIN);
  const { used = 0, over = 0, credits } = units;
  allowances.set("live", [{ ...ORIGIN, period: NOVEMBER, used, over }]);
  if (credits !== undefined) lots.push({ ...ORIGIN, expiresAt: NOON + 1, remaining: credits });
  return money;
}

test("a use that would pass the bound is refused whole, with or without a limit and overage", () => {
  for (const entry of [
    spend(6),
    spend(6, null, MAX_BALANCE),
    spend(6, null, 10),
    spend(6, MAX_BALANCE, 10),
  ]) {
    const money = moneyWith({ used: MAX_BALANCE - 5, over: 0 });
    assert.equal(decide(money, entry).done, false);
    assert.equal(decide(money, { ...entry, units: 5 } as LedgerEntry).done, true);
    const [row] = moneyOf(money, ORIGIN).allowances.get("live")!;
    assert.equal(row?.used, MAX_BALANCE);
  }
});

test("credits that come back to a full account fill it to the bound and no further", () => {
  const money = moneyWith({ credits: MAX_BALANCE - 3 });
  const answer = decide(money, {
    kind: "give-back",
    ...ORIGIN,
    at: NOON,
    parts: [paid(5), paid(5, NOON + 1)],
  });
  assert.deepEqual(answer, {
    done: true,
    parts: [paid(3)],
    balance: { period: NOVEMBER, used: 0, over: 0, credits: MAX_BALANCE },
  });
  const [movement, ...more] = money.changed.movements.values();
  assert.deepEqual([movement?.units, more.length], [3, 0]);
});

test("credits that a clock wakes by stepping back are told as the bound", () => {
  const money = moneyWith({ credits: MAX_BALANCE });
  moneyOf(money, ORIGIN).lots.push({ ...ORIGIN, expiresAt: NOON + 2, remaining: MAX_BALANCE });
  const answer = decide(money, { kind: "spend", ...ORIGIN, at: NOON, units: 1, draws: [CREDITS] });
  assert.deepEqual(answer.done && answer.balance.credits, MAX_BALANCE);
});

test("giving back more than was used ends at nothing", () => {
  const money = moneyWith({ used: 4, over: 1 });
  const answer = decide(money, { kind: "give-back", ...ORIGIN, at: NOON, parts: [used(9, 9)] });
  assert.deepEqual(answer.done && answer.parts, [used(4, 1)]);
  assert.deepEqual(answer.done && [answer.balance.used, answer.balance.over], [0, 0]);
});
