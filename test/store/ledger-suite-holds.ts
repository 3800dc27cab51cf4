// Part of the ledger suite: what a spend took goes back where it came from, and a hold ends once.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Draw, Part } from "../../src/policy/pot.ts";
import { NOON } from "../support/records.ts";
import {
  allowance,
  CREDITS,
  DAY,
  DECEMBER,
  HOUR,
  NOVEMBER,
  type Payer,
  paid,
  payerIn,
  postOne,
  settle,
  used,
} from "./ledger-entries.ts";
import { type OpenStore, openedFor, storeFor } from "./open-store.ts";

let held = 0;
const holdOf = (expiresAt = NOON + HOUR) => ({ id: `hld_${++held}`, expiresAt });

export function holdsEndOnce(open: OpenStore): void {
  giveBacks(open);
  settlements(open);
}

function giveBacks(open: OpenStore): void {
  test("a spend that is given back leaves everything as it was, each pot what it paid", async (context) => {
    const store = await storeFor(context, open);
    const draws: Draw[] = [allowance(4, { overage: 9 }), CREDITS];
    for (const expiresAt of [NOON + DAY, null]) {
      const payer = await payerIn(store);
      await payer.grant(3, expiresAt);
      await payer.grant(2);
      const before = await payer.balance();
      const spent = await postOne(store, payer.spend(14, draws));
      assert.ok(spent.done && spent.balance.credits === 0 && spent.balance.over === 5);
      // What was taken last goes first: units past the limit before those within it.
      const parts = spent.parts.toReversed();
      const back = await postOne(store, payer.giveBack(parts));
      assert.deepEqual(back, { done: true, parts, balance: before });
      assert.deepEqual(await payer.balance(), before);
      const again = await postOne(store, payer.spend(14, draws));
      assert.deepEqual(again.done && again.parts, spent.parts);
      await payer.addsUp();
    }
  });

  test("nothing comes back twice to an allowance, and none falls below zero", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await store.post([payer.spend(5, [allowance(10)])]);
    const answers = await store.post([
      payer.giveBack([used(4)]),
      payer.giveBack([used(4)]),
      payer.giveBack([used(4)]),
    ]);
    assert.deepEqual(
      answers.map((answer) => answer.done && [answer.parts, answer.balance.used]),
      [
        [[used(4)], 1],
        [[used(1)], 0],
        [[], 0],
      ],
    );
    const never = await payerIn(store);
    assert.deepEqual(await postOne(store, never.giveBack([used(4)])), {
      done: true,
      parts: [],
      balance: { period: NOVEMBER, used: 0, over: 0, credits: 0 },
    });
    assert.deepEqual(
      (await store.allowanceUses("acme", { from: 0, to: DECEMBER })).length,
      1,
      "no period is opened",
    );
    await payer.addsUp();
  });

  test("units past the limit come back first, whoever took them, so that nobody pays for room that is there", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    const draws = [allowance(10, { overage: 5 })];
    const [within] = await store.post([payer.spend(10, draws), payer.spend(5, draws)]);
    assert.ok(within?.done);
    const back = await postOne(store, payer.giveBack(within.parts));
    assert.deepEqual(back.done && [back.balance.used, back.balance.over], [5, 0]);
    const again = await postOne(store, payer.spend(10, draws));
    assert.deepEqual(again.done && again.parts, [used(10, 5)]);
  });

  test("units go back to the month that paid, also when another is in use", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await store.post([
      payer.spend(5, [allowance(10)]),
      payer.spend(2, [allowance(10, { period: DECEMBER })]),
    ]);
    const back = await postOne(store, payer.giveBack([used(3)], { at: DECEMBER + 1 }));
    assert.deepEqual(back.done && back.balance, { period: DECEMBER, used: 2, over: 0, credits: 0 });
    const uses = await store.allowanceUses("acme", { from: 0, to: DECEMBER });
    assert.deepEqual(
      uses.map((use) => use.used),
      [2],
    );
    await payer.addsUp();
  });

  test("credits go back to their lot though it is used up, expired or written off, and live no longer for it", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(5, NOON + 10);
    await payer.grant(1);
    const spent = await postOne(store, payer.spend(5, [CREDITS]));
    assert.ok(spent.done);
    await store.keepBooks(NOON + 10, 0);
    const back = await postOne(store, payer.giveBack(spent.parts, { at: NOON + 10 }));
    assert.deepEqual(back.done && [back.parts, back.balance.credits], [[paid(5, NOON + 10)], 1]);
    await payer.addsUp();
    await store.keepBooks(NOON + 10, 0);
    await payer.addsUp();
    assert.equal((await payer.balance(0)).credits, 1);
  });

  test("what is given back stands in the journal beside what was spent", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(10);
    const other = { key: "key_2", route: "" };
    const spends = [1, 2, 3].map((units) => payer.spend(units, [allowance(4), CREDITS]));
    await store.post([
      ...spends,
      payer.spend(1, [CREDITS], other),
      payer.giveBack([paid(2)]),
      payer.giveBack([used(1)]),
    ]);
    const lines = (await payer.journal()).map(
      ({ kind, pot, units, requests, key, route, environment, period, compacted }) =>
        [kind, pot, units, requests, key, route, environment, period, compacted].join(),
    );
    assert.deepEqual(lines.sort(), [
      "grant,credits,10,0,,,,,false",
      `refund,allowance,1,1,key_1,POST /work,live,${NOVEMBER},false`,
      "refund,credits,2,1,key_1,POST /work,live,,false",
      `spend,allowance,-4,3,key_1,POST /work,live,${NOVEMBER},false`,
      "spend,credits,-1,1,key_2,,live,,false",
      "spend,credits,-2,1,key_1,POST /work,live,,false",
    ]);
  });
}

function settlements(open: OpenStore): void {
  async function holdFor(payer: Payer, store: Parameters<typeof postOne>[0], units: number, draws: Draw[]) {
    const hold = holdOf();
    const answer = await postOne(store, payer.spend(units, draws, { hold }));
    assert.ok(answer.done, "held");
    return { ...hold, parts: answer.parts };
  }

  test("a hold that comes to less gives back what was taken last, and 0 gives back all (E21)", async (context) => {
    const store = await storeFor(context, open);
    const draws: Draw[] = [allowance(10, { overage: 5 }), CREDITS];
    const cases: [units: number, parts: Part[]][] = [
      [17, [used(10), paid(2, NOON + DAY), paid(2), used(3, 3)]],
      [16, [used(10), paid(2, NOON + DAY), paid(2), used(2, 2)]],
      [13, [used(10), paid(2, NOON + DAY), paid(1)]],
      [11, [used(10), paid(1, NOON + DAY)]],
      [4, [used(4)]],
      [0, []],
    ];
    for (const [units, parts] of cases) {
      const payer = await payerIn(store);
      await payer.grant(2);
      await payer.grant(2, NOON + DAY);
      const hold = await holdFor(payer, store, 17, draws);
      const answer = await postOne(store, settle(hold.id, units, NOON + 5));
      assert.deepEqual(answer.done && answer.parts, parts, `${units}`);
      const balance = await payer.balance();
      assert.equal(balance.used + 4 - balance.credits, units);
      assert.equal(balance.over, Math.max(0, units - 14));
      assert.deepEqual(answer.done && answer.balance, balance);
      const { parts: kept, settledUnits, settledAt } = (await store.hold(hold.id))!;
      assert.deepEqual([kept, settledUnits, settledAt], [parts, units, NOON + 5]);
      await payer.addsUp();
    }
  });

  test("a hold that comes to more takes it whole, or nothing and stays open", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(6);
    const hold = await holdFor(payer, store, 5, [allowance(7), CREDITS]);
    const before = [await payer.balance(), await payer.journal(), await store.hold(hold.id)];
    const refused = await postOne(store, settle(hold.id, 14));
    assert.deepEqual(refused, {
      done: false,
      reason: "unpaid",
      balance: { period: NOVEMBER, used: 5, over: 0, credits: 6 },
    });
    assert.deepEqual([await payer.balance(), await payer.journal(), await store.hold(hold.id)], before);
    const done = await postOne(store, settle(hold.id, 13));
    assert.deepEqual(done, {
      done: true,
      parts: [used(7), paid(6)],
      balance: { period: NOVEMBER, used: 7, over: 0, credits: 0 },
    });
    await payer.addsUp();
  });

  test("a repetition changes nothing and is answered the same, another number is told that it is closed (E21)", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(25);
    for (const units of [3, 5, 8, 0]) {
      const hold = await holdFor(payer, store, 5, [CREDITS]);
      const first = await postOne(store, settle(hold.id, units));
      assert.ok(first.done);
      const journal = await payer.journal();
      const repeated = await store.post([settle(hold.id, units), settle(hold.id, units, NOON + DAY)]);
      assert.deepEqual(repeated, [first, first]);
      for (const other of [units + 1, 17])
        assert.deepEqual(await postOne(store, settle(hold.id, other)), { done: false, reason: "closed" });
      assert.deepEqual(await payer.journal(), journal);
    }
    assert.equal((await payer.balance()).credits, 9);
    await payer.addsUp();
  });

  test("of settlements at once one happens", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(20);
    const hold = await holdFor(payer, store, 10, [CREDITS]);
    const answers = await Promise.all([3, 4, 5, 6].map((units) => postOne(store, settle(hold.id, units))));
    const done = answers.filter((answer) => answer.done);
    assert.equal(done.length, 1);
    assert.equal((await payer.balance()).credits, 20 - (await store.hold(hold.id))!.settledUnits!);
    await payer.addsUp();
  });

  test("a hold whose time is over stays spent, to the millisecond, and an unknown one is not found (E21)", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(20);
    const [one, other] = [
      await holdFor(payer, store, 5, [CREDITS]),
      await holdFor(payer, store, 5, [CREDITS]),
    ];
    const answers = await store.post([
      settle(one.id, 0, NOON + HOUR),
      settle(one.id, 9, NOON + HOUR),
      settle(other.id, 0, NOON + HOUR - 1),
      settle("hld_unknown", 0),
    ]);
    assert.deepEqual(
      answers.map((answer) => (answer.done ? answer.balance.credits : answer.reason)),
      ["expired", "expired", 15, "not_found"],
    );
    assert.equal(await store.hold("hld_unknown"), undefined);
    assert.equal((await store.hold(one.id))?.settledUnits, null);
    await payer.addsUp();
  });

  test("a hold can end in the batch that opened it", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(20);
    const hold = holdOf();
    const answers = await store.post([
      settle(hold.id, 1),
      payer.spend(8, [CREDITS], { hold }),
      settle(hold.id, 3),
      settle(hold.id, 3),
      settle(hold.id, 4),
    ]);
    assert.deepEqual(
      answers.map((answer) => (answer.done ? answer.balance.credits : answer.reason)),
      ["not_found", 12, 17, 17, "closed"],
    );
    assert.equal((await store.hold(hold.id))?.settledUnits, 3);
    await payer.addsUp();
  });

  test("a refused spend opens no hold", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    const hold = holdOf();
    await store.post([payer.spend(8, [CREDITS], { hold })]);
    assert.equal(await store.hold(hold.id), undefined);
    assert.deepEqual(await postOne(store, settle(hold.id, 0)), { done: false, reason: "not_found" });
  });

  test("a hold over the end of the month gives back to its month, and takes more from the newest in use", async (context) => {
    const store = await storeFor(context, open);
    const [less, more] = [await payerIn(store), await payerIn(store)];
    const late = { at: DECEMBER - 1 };
    const holds = [holdOf(DECEMBER + HOUR), holdOf(DECEMBER + HOUR)] as const;
    await store.post([
      less.spend(5, [allowance(10)], { ...late, hold: holds[0] }),
      more.spend(5, [allowance(10)], { ...late, hold: holds[1] }),
      less.spend(1, [allowance(10, { period: DECEMBER })], { at: DECEMBER }),
      more.spend(1, [allowance(10, { period: DECEMBER })], { at: DECEMBER }),
    ]);
    const [one, other] = await store.post([
      settle(holds[0].id, 2, DECEMBER + 1),
      settle(holds[1].id, 12, DECEMBER + 1),
    ]);
    assert.deepEqual(one?.done && one.parts, [used(2)]);
    assert.deepEqual(other?.done && other.parts, [used(5), used(7, 0, DECEMBER)]);
    assert.deepEqual(other?.done && other.balance, { period: DECEMBER, used: 8, over: 0, credits: 0 });
    await less.addsUp();
    await more.addsUp();
  });

  test("a hold comes back as it was opened, and can be ended after the store was opened again", async (context) => {
    const opened = await openedFor(context, open);
    const payer = await payerIn(opened.store);
    await payer.grant(5);
    const draws: Draw[] = [allowance(3, { overage: null }), CREDITS];
    const hold = await holdFor(payer, opened.store, 9, draws);
    const store = await opened.reopen();
    assert.deepEqual(await store.hold(hold.id), {
      ...payer.origin,
      id: hold.id,
      units: 9,
      parts: [used(3), paid(5), used(1, 1)],
      draws,
      createdAt: NOON,
      expiresAt: hold.expiresAt,
      settledUnits: null,
      settledAt: null,
    });
    const answer = await postOne(store, settle(hold.id, 1));
    assert.deepEqual(answer.done && answer.balance, { period: NOVEMBER, used: 1, over: 0, credits: 5 });
  });

  test("a settlement is no request of its own in the journal", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    const [less, more] = [holdOf(), holdOf()];
    const draws = [allowance(null)];
    await store.post([payer.spend(5, draws, { hold: less }), payer.spend(5, draws, { hold: more })]);
    await store.post([settle(less.id, 2, NOON + 1), settle(more.id, 6, NOON + 1)]);
    const lines = (await payer.journal()).map(({ kind, units, requests, key }) =>
      [kind, units, requests, key].join(),
    );
    assert.deepEqual(lines.sort(), ["refund,3,0,key_1", "spend,-1,0,key_1", "spend,-10,2,key_1"]);
  });
}
