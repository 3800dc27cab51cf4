// Part of the ledger suite: lots of credits, how they are granted and adjusted, and which pay first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_BALANCE } from "../../src/policy/pot.ts";
import type { Write } from "../../src/store/contract.ts";
import { type CreditWrite, MAX_LOTS } from "../../src/store/ledger.ts";
import { accountRecord, auditRecord, NOON, replayRecord } from "../support/records.ts";
import { CREDITS, DAY, type Payer, paid, payerIn, postOne } from "./ledger-entries.ts";
import { assertConflict, batch, type OpenStore, storeFor } from "./open-store.ts";

const grantOf = ({ origin }: Payer, units: number, expiresAt: number | null = null): CreditWrite => ({
  kind: "grant-credits",
  project: origin.project,
  account: origin.account,
  units,
  expiresAt,
  reason: "Order 7",
});

const takeOf = ({ origin }: Payer, units: number): CreditWrite => ({
  kind: "take-credits",
  project: origin.project,
  account: origin.account,
  units,
  reason: "Refunded",
});

export function creditsAreCounted(open: OpenStore): void {
  test("what expires soonest pays first, and nothing pays from the moment of its expiry on", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(10);
    await payer.grant(5, NOON + 2 * DAY);
    await payer.grant(3, NOON + DAY);
    const first = await postOne(store, payer.spend(4, [CREDITS]));
    assert.deepEqual(first.done && first.parts, [paid(3, NOON + DAY), paid(1, NOON + 2 * DAY)]);
    assert.equal((await payer.balance(NOON + 2 * DAY - 1)).credits, 14);
    assert.equal((await payer.balance(NOON + 2 * DAY)).credits, 10);
    const last = await postOne(store, payer.spend(11, [CREDITS], { at: NOON + 2 * DAY - 1 }));
    assert.deepEqual(last.done && last.parts, [paid(4, NOON + 2 * DAY), paid(7)]);
    await payer.grant(9, NOON + 3 * DAY);
    const late = await postOne(store, payer.spend(4, [CREDITS], { at: NOON + 3 * DAY }));
    assert.deepEqual(late, {
      done: false,
      reason: "unpaid",
      balance: { period: 0, used: 0, over: 0, credits: 3 },
    });
    await payer.addsUp();
  });

  test("credits with the same end are one lot, however often they are granted", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    for (let count = 0; count < 5; count += 1) await payer.grant(2, NOON + DAY);
    await store.commit(batch([grantOf(payer, 1), grantOf(payer, 1), grantOf(payer, 1, NOON + DAY)]));
    const answer = await postOne(store, payer.spend(12, [CREDITS]));
    assert.deepEqual(answer.done && answer.parts, [paid(11, NOON + DAY), paid(1)]);
    assert.equal((await payer.journal()).filter(({ kind }) => kind === "grant").length, 8);
    await payer.addsUp();
  });

  test("an account has at most MAX_LOTS live ends, and an end that is there can always be added to", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    const expiries = Array.from({ length: MAX_LOTS }, (_, index) => NOON + 1 + index);
    await store.commit(batch(expiries.map((expiresAt) => grantOf(payer, 1, expiresAt))));
    await assertConflict(store.commit(batch([grantOf(payer, 1)])), "balance");
    await assertConflict(store.commit(batch([grantOf(payer, 1, NOON + MAX_LOTS + 1)])), "balance");
    await payer.grant(1, NOON + 7);
    assert.equal((await payer.balance()).credits, MAX_LOTS + 1);
    // One has expired by then, another was used up before.
    await payer.grant(1, null, NOON + 1);
    await assertConflict(store.commit(batch([grantOf(payer, 1, NOON + DAY)], { at: NOON + 1 })), "balance");
    const answer = await postOne(store, payer.spend(1, [CREDITS], { at: NOON + 1 }));
    assert.deepEqual(answer.done && answer.parts, [paid(1, NOON + 2)]);
    await payer.grant(1, NOON + DAY, NOON + 1);
    await payer.addsUp();
  });

  test("a grant past 2^53 - 1 is refused, one that reaches it is not (E18)", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(MAX_BALANCE - 10, NOON + DAY);
    await assertConflict(store.commit(batch([grantOf(payer, 11)])), "balance");
    await assertConflict(store.commit(batch([grantOf(payer, 11, NOON + DAY)])), "balance");
    await assertConflict(store.commit(batch([grantOf(payer, 6), grantOf(payer, 5)])), "balance");
    await payer.grant(10);
    assert.equal((await payer.balance()).credits, MAX_BALANCE);
    await payer.addsUp();
    // What has expired leaves room, though it is not written off yet.
    await payer.grant(MAX_BALANCE - 10, null, NOON + DAY);
    assert.equal((await payer.balance(NOON + DAY)).credits, MAX_BALANCE);
    for (const units of [0, -1, 0.5, Number.NaN, MAX_BALANCE + 1])
      await assert.rejects(store.commit(batch([grantOf(payer, units)], { at: NOON + DAY })), {
        name: /^Store/,
      });
  });

  test("an adjustment takes the soonest to expire, down to nothing and not one more", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(5);
    await payer.grant(3, NOON + DAY);
    await payer.grant(9, NOON + 1);
    const at = NOON + 1;
    await store.commit(batch([takeOf(payer, 4)], { at }));
    assert.equal((await payer.balance(at)).credits, 4);
    assert.equal((await payer.balance(NOON + DAY)).credits, 4);
    const before = await payer.journal();
    await assertConflict(store.commit(batch([takeOf(payer, 5)], { at })), "balance");
    assert.deepEqual(await payer.journal(), before);
    await store.commit(batch([takeOf(payer, 4)], { at }));
    assert.equal((await payer.balance(at)).credits, 0);
    await assertConflict(store.commit(batch([takeOf(payer, 1)], { at })), "balance");
    await payer.addsUp();
  });

  test("the journal says of a grant and of an adjustment what was moved and why", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await store.commit(batch([grantOf(payer, 5, NOON + DAY), grantOf(payer, 7)]));
    await store.commit(batch([takeOf(payer, 6)], { at: NOON + 1 }));
    const { project, account } = payer.origin;
    const nobody = { environment: "", key: "", route: "", requests: 0, period: null, compacted: false };
    const common = { project, account, pot: "credits", ...nobody };
    const grant = { ...common, at: NOON, kind: "grant", reason: "Order 7" };
    const adjustment = { ...common, at: NOON + 1, kind: "adjustment", reason: "Refunded" };
    const journal = (await payer.journal()).map(({ id, ...movement }) => {
      assert.match(id, /^mov_[0-9a-f]+$/);
      return movement;
    });
    assert.deepEqual(journal, [
      { ...adjustment, units: -1, expiresAt: null },
      { ...adjustment, units: -5, expiresAt: NOON + DAY },
      { ...grant, units: 7, expiresAt: null },
      { ...grant, units: 5, expiresAt: NOON + DAY },
    ]);
  });

  test("a grant happens with its batch or not at all, and once under one stored answer (E22)", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    const stale: Write = { kind: "update-account", record: accountRecord(), replaces: 1 };
    await assertConflict(store.commit(batch([grantOf(payer, 5), stale])), "stale");
    await assertConflict(store.commit(batch([grantOf(payer, 5), takeOf(payer, 6)])), "balance");
    const audit = auditRecord();
    await store.commit(batch([], { audit: [audit] }));
    await assertConflict(store.commit(batch([grantOf(payer, 5)], { audit: [audit] })), "duplicate");
    assert.deepEqual(await payer.journal(), []);
    const replay = replayRecord();
    const retries = Array.from({ length: 10 }, () => store.commit(batch([grantOf(payer, 5)], { replay })));
    const settled = await Promise.allSettled(retries);
    assert.equal(settled.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal((await payer.balance()).credits, 5);
    assert.equal((await payer.journal()).length, 1);
    await assertConflict(store.commit(batch([takeOf(payer, 9)], { audit: [auditRecord()] })), "balance");
    assert.equal((await store.audit("acme", { limit: 10 })).length, 1);
  });

  test("money neither numbers changes nor tells anybody", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    const before = await store.changesSince(0, 100);
    const told: unknown[] = [];
    store.onChanges((changes) => void told.push(...changes));
    assert.deepEqual(await store.commit(batch([grantOf(payer, 5), takeOf(payer, 1)])), []);
    await store.post([payer.spend(1, [CREDITS])]);
    await store.keepBooks(NOON, NOON);
    assert.deepEqual([await store.changesSince(0, 100), told], [before, []]);
  });

  test("spends, grants and adjustments at once lose nothing and invent nothing", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(20);
    const moves = Array.from({ length: 60 }, async (_, index): Promise<number> => {
      if (index % 3 === 0)
        return store.commit(batch([grantOf(payer, 2, NOON + 1 + (index % 4))])).then(() => 2);
      if (index % 3 === 1)
        return store.commit(batch([takeOf(payer, 3)])).then(
          () => -3,
          () => 0,
        );
      const answers = await store.post([payer.spend(2, [CREDITS]), payer.spend(1, [CREDITS])]);
      return -2 * Number(answers[0]?.done) - Number(answers[1]?.done);
    });
    const sum = (await Promise.all(moves)).reduce((total, units) => total + units, 20);
    assert.ok(sum >= 0);
    assert.equal((await payer.balance()).credits, sum);
    await payer.addsUp();
  });
}
