// Part of the ledger suite: what a spend takes, from where, and when it is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Draw, MAX_BALANCE, MAX_COST, type Part } from "../../src/policy/pot.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { NOON } from "../support/records.ts";
import { allowance, CREDITS, DECEMBER, NOVEMBER, paid, payerIn, postOne, used } from "./ledger-entries.ts";
import { type OpenStore, openedFor, storeFor } from "./open-store.ts";

export function spendsAreExact(open: OpenStore): void {
  test("of ten times what is there exactly what is there is taken, however it is batched (E08, E19)", async (context) => {
    const store = await storeFor(context, open);
    for (const [size, draw] of [
      [1, allowance(40)],
      [7, allowance(40)],
      [400, allowance(40)],
      [1, CREDITS],
      [7, CREDITS],
      [400, CREDITS],
    ] as const) {
      const payer = await payerIn(store);
      await payer.grant(40);
      const batches = Array.from({ length: Math.ceil(400 / size) }, () =>
        Array.from({ length: size }, () => payer.spend(1, [draw])),
      );
      const answers = (await Promise.all(batches.map((entries) => store.post(entries)))).flat();
      assert.equal(answers.filter(({ done }) => done).length, 40, `${draw.pot}, ${size} at a time`);
      await payer.addsUp();
    }
  });

  test("a cost beyond what is left is refused whole, says what is left and leaves no trace (E09)", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(9);
    const refused = await store.post([payer.spend(10, [CREDITS]), payer.spend(20, [CREDITS, allowance(10)])]);
    const balance = { used: 0, over: 0, credits: 9 };
    assert.deepEqual(refused, [
      { done: false, reason: "unpaid", balance: { period: 0, ...balance } },
      { done: false, reason: "unpaid", balance: { period: NOVEMBER, ...balance } },
    ]);
    assert.deepEqual(await store.allowanceUses("acme", { from: 0, to: MAX_BALANCE }), []);
    assert.equal((await payer.journal()).length, 1, "the grant alone");
    assert.equal((await postOne(store, payer.spend(19, [CREDITS, allowance(10)]))).done, true);
  });

  test("each pot pays what it has in the order said, and overage last, whatever its place", async (context) => {
    const store = await storeFor(context, open);
    const over = allowance(10, { overage: 5 });
    const cases: [units: number, draws: readonly Draw[], parts: readonly Part[] | "unpaid"][] = [
      [4, [allowance(10), CREDITS], [used(4)]],
      [14, [allowance(10), CREDITS], [used(10), paid(4)]],
      [14, [CREDITS, allowance(10)], [paid(6), used(8)]],
      [16, [CREDITS, allowance(10)], [paid(6), used(10)]],
      [17, [CREDITS, allowance(10)], "unpaid"],
      [13, [over], [used(13, 3)]],
      [15, [over], [used(15, 5)]],
      [16, [over], "unpaid"],
      [18, [over, CREDITS], [used(10), paid(6), used(2, 2)]],
      [18, [CREDITS, over], [paid(6), used(12, 2)]],
      [21, [over, CREDITS], [used(10), paid(6), used(5, 5)]],
      [22, [over, CREDITS], "unpaid"],
      [1_000, [allowance(10, { overage: null })], [used(1_000, 990)]],
      [1_000, [CREDITS, allowance(null)], [paid(6), used(994)]],
      [1, [allowance(0)], "unpaid"],
      [1, [allowance(0, { overage: 1 })], [used(1, 1)]],
      [1, [], "unpaid"],
    ];
    for (const [units, draws, parts] of cases) {
      const payer = await payerIn(store);
      await payer.grant(6);
      const answer = await postOne(store, payer.spend(units, draws));
      assert.deepEqual(answer.done ? answer.parts : answer.reason, parts, JSON.stringify([units, draws]));
      await payer.addsUp();
    }
  });

  test("answers stand in the order of the entries, each with what was there after it", async (context) => {
    const store = await storeFor(context, open);
    const [one, other] = [await payerIn(store), await payerIn(store)];
    await one.grant(5);
    const answers = await store.post([
      one.spend(3, [allowance(4)]),
      other.spend(1, [allowance(null)]),
      one.spend(2, [allowance(4)]),
      one.spend(2, [allowance(4), CREDITS]),
      one.giveBack([used(3)]),
      one.spend(2, [allowance(4)]),
    ]);
    const told = answers.map((answer) => {
      assert.ok("balance" in answer);
      return [answer.done, answer.balance.used, answer.balance.credits];
    });
    assert.deepEqual(told, [
      [true, 3, 5],
      [true, 1, 0],
      [false, 3, 5],
      [true, 4, 4],
      [true, 1, 4],
      [true, 3, 4],
    ]);
    assert.deepEqual(await one.balance(), { period: NOVEMBER, used: 3, over: 0, credits: 4 });
  });

  test("a plan that grants less than was used leaves nothing, one that grants more leaves the rest", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    const done = async (units: number, draw: Draw) => (await postOne(store, payer.spend(units, [draw]))).done;
    assert.equal(await done(80, allowance(100)), true);
    assert.equal(await done(1, allowance(50)), false);
    assert.equal(await done(120, allowance(200)), true);
    assert.equal(await done(1, allowance(200)), false);
    assert.equal((await payer.balance()).used, 200);
  });

  test("no month opens again: what comes late counts in the newest in use (E10, E14)", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    const december = allowance(10, { period: DECEMBER });
    await store.post([payer.spend(9, [allowance(10)])]);
    await store.post([payer.spend(6, [december])]);
    const [late, refused] = await store.post([
      payer.spend(4, [allowance(10)]),
      payer.spend(1, [allowance(10)]),
    ]);
    assert.deepEqual(late, {
      done: true,
      parts: [used(4, 0, DECEMBER)],
      balance: { period: DECEMBER, used: 10, over: 0, credits: 0 },
    });
    assert.equal(refused?.done, false);
    // Of one batch too, and before anything was written.
    const fresh = await payerIn(store);
    const answers = await store.post([fresh.spend(1, [december]), fresh.spend(1, [allowance(10)])]);
    for (const answer of answers) assert.deepEqual(answer.done && answer.parts, [used(1, 0, DECEMBER)]);
    const uses = await store.allowanceUses("acme", {
      from: 0,
      to: MAX_BALANCE,
      account: payer.origin.account,
    });
    assert.deepEqual(
      uses.map(({ period, used }) => [period, used]),
      [
        [NOVEMBER, 9],
        [DECEMBER, 10],
      ],
    );
    assert.equal((await payer.balance(NOON, NOVEMBER)).period, DECEMBER);
    await payer.addsUp();
  });

  test("a refused spend opens no period", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await store.post([payer.spend(1, [allowance(0, { period: DECEMBER })])]);
    const answer = await postOne(store, payer.spend(1, [allowance(1)]));
    assert.deepEqual(answer.done && answer.parts, [used(1)]);
  });

  test("each environment has an allowance of its own, credits are the account's in all of them", async (context) => {
    const store = await storeFor(context, open);
    const live = await payerIn(store);
    await live.grant(10);
    const test = { environment: "test" };
    await store.post([
      live.spend(5, [allowance(5)]),
      live.spend(5, [allowance(5)], test),
      live.spend(4, [CREDITS], test),
    ]);
    assert.deepEqual(await live.balance(), { period: NOVEMBER, used: 5, over: 0, credits: 6 });
    assert.deepEqual(await live.balance(NOON, NOVEMBER, "test"), await live.balance());
    const spends = (await live.journal()).filter(({ kind }) => kind === "spend");
    assert.deepEqual(spends.map(({ environment, pot }) => `${environment} ${pot}`).sort(), [
      "live allowance",
      "test allowance",
      "test credits",
    ]);
    await live.addsUp();
  });

  test("nobody pays for anybody else, also where accounts of two projects have one name", async (context) => {
    const store = await storeFor(context, open);
    const mine = await payerIn(store);
    await mine.grant(5);
    const theirs = { project: "other" };
    const [taken] = await store.post([
      mine.spend(1, [CREDITS], theirs),
      mine.spend(3, [allowance(3)], theirs),
    ]);
    assert.equal(taken?.done, false);
    assert.deepEqual(await mine.balance(), { period: NOVEMBER, used: 0, over: 0, credits: 5 });
    const [other] = await store.balances([{ ...mine.origin, ...theirs, period: NOVEMBER }], NOON);
    assert.deepEqual(other, { period: NOVEMBER, used: 3, over: 0, credits: 0 });
    assert.deepEqual((await store.movements("other", mine.origin.account, { limit: 9 })).length, 1);
  });

  test("a purse that spends credits alone is told its newest period too", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(5);
    await store.post([payer.spend(2, [allowance(9)]), payer.spend(3, [allowance(9, { period: DECEMBER })])]);
    const answer = await postOne(store, payer.spend(1, [CREDITS]));
    assert.deepEqual(answer.done && answer.balance, { period: DECEMBER, used: 3, over: 0, credits: 4 });
    assert.deepEqual(await payer.balance(NOON, DECEMBER + 1), {
      period: DECEMBER + 1,
      used: 0,
      over: 0,
      credits: 4,
    });
  });

  test("units that no request may cost are a fault, and spoil nothing (E17)", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(MAX_BALANCE);
    for (const units of [MAX_COST + 1, 0, -1, 0.5, Number.NaN, MAX_BALANCE + 1])
      await assert.rejects(store.post([payer.spend(units, [CREDITS])]), StoreUnavailable, `${units}`);
    const spent = await postOne(store, payer.spend(MAX_COST, [CREDITS]));
    assert.equal(spent.done && spent.balance.credits, MAX_BALANCE - MAX_COST);
    await payer.addsUp();
  });

  test("a fault among the entries means that none of them happened", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(10);
    const hold = { id: "hld_twice", expiresAt: NOON + 1_000 };
    await store.post([payer.spend(1, [CREDITS], { hold })]);
    const before = [await payer.balance(), await payer.journal()];
    const good = payer.spend(2, [CREDITS, allowance(10)]);
    const other = payer.spend(1, [CREDITS], { hold: { ...hold, id: "hld_other" } });
    for (const bad of [
      [payer.spend(Number.NaN, [CREDITS])],
      [payer.spend(1, [CREDITS], { hold })],
      [other, other],
      [payer.spend(1, [CREDITS, CREDITS])],
    ]) {
      await assert.rejects(store.post([good, ...bad, good]), StoreUnavailable);
      assert.deepEqual([await payer.balance(), await payer.journal()], before);
    }
    assert.equal((await postOne(store, good)).done, true, "the store goes on");
  });

  test("a batch over more accounts than a statement holds is exact to each", async (context) => {
    const store = await storeFor(context, open);
    const origins = Array.from({ length: 1_301 }, (_, index) => ({
      project: `p${index % 3}`,
      account: `acc_${index}`,
      environment: index % 2 === 0 ? "live" : "test",
      key: `key_${index}`,
      route: "",
    }));
    const first = await payerIn(store);
    const entries = origins.map((origin, index) => first.spend(1 + index, [allowance(null)], origin));
    for (let round = 1; round <= 2; round += 1) {
      const answers = await store.post([...entries, ...entries]);
      assert.ok(answers.every(({ done }) => done));
      const queries = origins.map((origin) => ({ ...origin, period: NOVEMBER }));
      const balances = await store.balances(queries, NOON);
      for (const [index, { used }] of balances.entries()) assert.equal(used, 2 * round * (1 + index));
    }
    assert.deepEqual(await store.post([]), []);
    assert.deepEqual(await store.balances([], NOON), []);
  });

  test("what was answered is there after the store was closed and opened again", async (context) => {
    const opened = await openedFor(context, open);
    const payer = await payerIn(opened.store);
    await payer.grant(10);
    await opened.store.post([payer.spend(7, [allowance(3), CREDITS])]);
    const store = await opened.reopen();
    const [balance] = await store.balances([{ ...payer.origin, period: NOVEMBER }], NOON);
    assert.deepEqual(balance, { period: NOVEMBER, used: 3, over: 0, credits: 6 });
  });

  test("a closed store is unavailable for every question of money", async (context) => {
    const { store } = await openedFor(context, open);
    const payer = await payerIn(store);
    await store.close();
    const questions = [
      () => store.post([payer.spend(1, [CREDITS])]),
      () => store.balances([{ ...payer.origin, period: 0 }], NOON),
      () => store.hold("hld_1"),
      () => store.movements("acme", "acc_1", { limit: 1 }),
      () => store.allowanceUses("acme", { from: 0, to: 1 }),
      () => store.keepBooks(NOON, NOON),
    ];
    for (const question of questions) await assert.rejects(question, StoreUnavailable);
  });
}
