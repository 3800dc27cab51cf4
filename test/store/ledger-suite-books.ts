// Part of the ledger suite: expiry, summing up and forgetting change no balance and no sum.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Store } from "../../src/store/contract.ts";
import type { MovementRecord } from "../../src/store/ledger.ts";
import { NOON } from "../support/records.ts";
import {
  allowance,
  CREDITS,
  DAY,
  DECEMBER,
  HOUR,
  NOVEMBER,
  paid,
  payerIn,
  postOne,
  settle,
  used,
} from "./ledger-entries.ts";
import { batch, type OpenStore, openedFor, storeFor } from "./open-store.ts";

/** How many turns it took. */
async function keepAll(store: Store, now: number, compactBefore: number): Promise<number> {
  for (let turns = 1; ; turns += 1) {
    if (!(await store.keepBooks(now, compactBefore))) return turns;
    assert.ok(turns < 100, "the books are never done");
  }
}

/** The sums that a bill is made of, by what they are about and the hour. */
function sums(movements: readonly MovementRecord[]): Map<string, { units: number; requests: number }> {
  const found = new Map<string, { units: number; requests: number }>();
  for (const { id: _, at, units, requests, compacted: __, ...about } of movements) {
    const name = JSON.stringify([Math.floor(at / HOUR), ...Object.entries(about).sort()]);
    const known = found.get(name) ?? { units: 0, requests: 0 };
    found.set(name, { units: known.units + units, requests: known.requests + requests });
  }
  return new Map([...found].sort());
}

export function booksAreKept(open: OpenStore): void {
  expiry(open);
  summingUp(open);
  reading(open);
}

function expiry(open: OpenStore): void {
  test("what has expired is written off once, with its line in the journal, and nothing else is", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(5, NOON + 10);
    await payer.grant(6, NOON + 11);
    await payer.grant(7);
    await store.post([payer.spend(2, [CREDITS])]);
    assert.equal(await keepAll(store, NOON + 9, 0), 1);
    assert.equal((await payer.balance(0)).credits, 16);
    for (let turn = 0; turn < 2; turn += 1) {
      assert.equal(await keepAll(store, NOON + 10, 0), 1);
      assert.equal((await payer.balance(0)).credits, 13);
      await payer.addsUp();
    }
    const [{ id: _, ...line }, ...more] = (await payer.journal()).filter(({ kind }) => kind === "expiry") as [
      MovementRecord,
    ];
    assert.equal(more.length, 0);
    assert.deepEqual(line, {
      at: NOON + 10,
      project: "acme",
      account: payer.origin.account,
      environment: "",
      pot: "credits",
      kind: "expiry",
      units: -3,
      requests: 0,
      key: "",
      route: "",
      period: null,
      expiresAt: NOON + 10,
      reason: null,
      compacted: false,
    });
  });

  test("many that expire are written off in pieces, of every account that had any", async (context) => {
    const store = await storeFor(context, open);
    const payers = await Promise.all(Array.from({ length: 3 }, () => payerIn(store)));
    for (const { origin } of payers) {
      const grant = {
        kind: "grant-credits",
        project: "acme",
        account: origin.account,
        reason: null,
      } as const;
      const ends = Array.from({ length: 400 }, (_, index) => NOON + 1 + Math.floor(index / 2));
      await store.commit(batch(ends.map((expiresAt) => ({ ...grant, units: 1, expiresAt }))));
      await store.commit(batch([{ ...grant, units: 1, expiresAt: NOON + DAY }]));
    }
    assert.ok((await keepAll(store, NOON + HOUR, 0)) > 1, "in pieces");
    for (const payer of payers) {
      assert.equal((await payer.balance(0)).credits, 1);
      await payer.addsUp();
    }
  });
}

function summingUp(open: OpenStore): void {
  /** Spends and refunds of two keys over three hours, each posted by itself, one every ten minutes. */
  async function busyPayer(store: Store) {
    const payer = await payerIn(store);
    await payer.grant(1_000);
    await payer.grant(50, NOON + DAY);
    for (let index = 0; index < 18; index += 1) {
      const at = NOON + index * (HOUR / 6);
      const more = { at, key: `key_${index % 2}`, route: index % 3 === 0 ? "" : "POST /work" };
      const draws = index % 4 === 3 ? [CREDITS] : [allowance(40), CREDITS];
      await store.post([payer.spend(1 + index, draws, more)]);
      if (index % 5 === 0) await store.post([payer.giveBack([used(1)], more)]);
    }
    return payer;
  }

  test("full hours of spends and refunds are summed up, and no sum and no balance changes", async (context) => {
    const store = await storeFor(context, open);
    const payer = await busyPayer(store);
    const before = await payer.journal();
    const balance = await payer.balance();
    // Two hours and a half: the third is not full yet.
    assert.equal(await keepAll(store, NOON, NOON + 2.5 * HOUR), 1);
    const after = await payer.journal();
    assert.deepEqual(sums(after), sums(before));
    assert.deepEqual(await payer.balance(), balance);
    await payer.addsUp();
    const summed = after.filter(({ compacted }) => compacted);
    assert.ok(summed.every(({ at }) => at === NOON || at === NOON + HOUR));
    assert.ok(summed.every(({ kind }) => kind === "spend" || kind === "refund"));
    assert.ok(after.length < before.length, `${after.length} of ${before.length}`);
    const kept = ({ at, kind }: MovementRecord) => kind === "grant" || at >= NOON + 2 * HOUR;
    assert.deepEqual(
      after.filter(kept),
      before.filter(kept),
      "grants and the hour that runs stay one by one",
    );
    assert.ok(after.every((movement) => kept(movement) || movement.compacted));
  });

  test("summing up again changes nothing, and what comes late is added to its hour", async (context) => {
    const store = await storeFor(context, open);
    const payer = await busyPayer(store);
    await keepAll(store, NOON, NOON + 3 * HOUR);
    const once = await payer.journal();
    await keepAll(store, NOON, NOON + 3 * HOUR);
    assert.deepEqual(await payer.journal(), once);
    const late = payer.spend(3, [allowance(null)], { at: NOON + 1, key: "key_1", route: "POST /work" });
    await store.post([late, late]);
    const before = sums(await payer.journal());
    await keepAll(store, NOON, NOON + 3 * HOUR);
    const after = await payer.journal();
    assert.deepEqual(sums(after), before);
    assert.equal(
      new Set(after.map((movement) => JSON.stringify({ ...movement, id: "", units: 0, requests: 0 }))).size,
      after.length,
    );
    await payer.addsUp();
  });

  test("a long journal is summed up in pieces, that may stop anywhere, with spends in between", async (context) => {
    const opened = await openedFor(context, open);
    const payer = await payerIn(opened.store);
    for (let half = 0; half < 24; half += 1) {
      const entries = Array.from({ length: 50 }, (_, index) =>
        payer.spend(1, [allowance(null)], { at: NOON + Math.floor(half / 2) * HOUR, key: `key_${index}` }),
      );
      await opened.store.post(entries);
      // Posted one by one, so that none is joined with the next.
      await opened.store.keepBooks(NOON, 0);
    }
    assert.equal((await payer.journal()).length, 1_200);
    assert.equal(await opened.store.keepBooks(NOON, NOON + 12 * HOUR), true);
    await payer.addsUp();
    const store = await opened.reopen();
    const [left, answer] = await Promise.all([
      keepAll(store, NOON, NOON + 12 * HOUR),
      postOne(store, payer.spend(1, [allowance(null)], { at: NOON + 13 * HOUR })),
    ]);
    assert.ok(left > 1 && answer.done && answer.balance.used === 1_201);
    const { project, account } = payer.origin;
    const journal = await store.movements(project, account, { limit: 2_000 });
    assert.equal(journal.length, 601);
    assert.ok(journal.every(({ compacted, requests }) => requests === (compacted ? 2 : 1)));
    assert.equal(
      journal.reduce((sum, { units }) => sum + units, 0),
      -1_201,
    );
  });

  test("many batches are posted as sums of each key, and no sum and no request is lost", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    for (let batch = 0; batch < 40; batch += 1)
      await store.post(
        Array.from({ length: 50 }, (_, index) =>
          payer.spend(index + 1, [allowance(null)], {
            at: batch < 20 ? NOON : NOON + HOUR,
            key: `key_${index}`,
          }),
        ),
      );
    const journal = await payer.journal();
    assert.ok(journal.length >= 100 && journal.length <= 400, `${journal.length} movements`);
    assert.equal(
      journal.reduce((sum, { requests }) => sum + requests, 0),
      2_000,
    );
    assert.equal(
      journal.filter(({ at }) => at >= NOON + HOUR).reduce((sum, { requests }) => sum + requests, 0),
      1_000,
      "each in its hour",
    );
    for (let index = 0; index < 50; index += 1)
      assert.equal(
        journal.filter(({ key }) => key === `key_${index}`).reduce((sum, { units }) => sum + units, 0),
        -40 * (index + 1),
      );
    await payer.addsUp();
  });

  test("a hold is forgotten a week after its time was over, and stays spent", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(9);
    const hold = (id: string) => ({ hold: { id, expiresAt: NOON + HOUR } });
    await store.post([
      payer.spend(2, [CREDITS], hold("hld_open")),
      payer.spend(3, [CREDITS], hold("hld_settled")),
      settle("hld_settled", 1),
    ]);
    const week = NOON + HOUR + 7 * DAY;
    await keepAll(store, week - 1, 0);
    assert.equal((await store.hold("hld_open"))?.units, 2);
    assert.deepEqual((await postOne(store, settle("hld_settled", 1, week - 1))).done, true);
    await keepAll(store, week, 0);
    assert.deepEqual([await store.hold("hld_open"), await store.hold("hld_settled")], [undefined, undefined]);
    assert.equal((await payer.balance()).credits, 6);
    await payer.addsUp();
  });

  test("a store in which nothing is due has nothing to do", async (context) => {
    const store = await storeFor(context, open);
    assert.equal(await store.keepBooks(NOON, NOON), false);
    const payer = await payerIn(store);
    await payer.grant(9, NOON + 1);
    await store.post([payer.spend(1, [CREDITS])]);
    const journal = await payer.journal();
    assert.equal(await store.keepBooks(NOON, NOON + HOUR - 1), false);
    assert.deepEqual(await payer.journal(), journal);
  });
}

function reading(open: OpenStore): void {
  test("the journal is read newest first, by pages that neither skip nor repeat, of one account alone", async (context) => {
    const store = await storeFor(context, open);
    const [payer, other] = [await payerIn(store), await payerIn(store)];
    for (let index = 0; index < 7; index += 1) {
      // Some in the same millisecond.
      const at = NOON + Math.floor(index / 3);
      await store.post([
        payer.spend(1 + index, [allowance(null)], { at }),
        other.spend(1, [allowance(null)], { at }),
      ]);
    }
    const { project, account } = payer.origin;
    const units = (movements: readonly MovementRecord[]) => movements.map((movement) => -movement.units);
    assert.deepEqual(units(await payer.journal()), [7, 6, 5, 4, 3, 2, 1]);
    for (const limit of [1, 2, 3, 7, 8]) {
      const read: MovementRecord[] = [];
      for (let page: MovementRecord[] = []; ; ) {
        const last = read.at(-1);
        page = await store.movements(project, account, {
          limit,
          ...(last && { after: { createdAt: last.at, id: last.id } }),
        });
        read.push(...page);
        if (page.length < limit) break;
      }
      assert.deepEqual(read, await payer.journal());
    }
    assert.deepEqual(await store.movements("other", account, { limit: 9 }), []);
  });

  test("what was used is told by account and period, of the periods that begin in the range", async (context) => {
    const store = await storeFor(context, open);
    const [one, other, foreign] = [
      await payerIn(store),
      await payerIn(store),
      await payerIn(store, { project: "other" }),
    ];
    const test = { environment: "test" };
    await store.post([
      one.spend(1, [allowance(null)]),
      one.spend(2, [allowance(null)], test),
      one.spend(3, [allowance(0, { period: DECEMBER, overage: 4 })]),
      other.spend(5, [allowance(null)]),
      foreign.spend(6, [allowance(null)]),
    ]);
    const read = async (from: number, to: number, account?: string) =>
      (await store.allowanceUses("acme", { from, to, ...(account && { account }) })).map(
        ({ project, account, environment, period, used, over }) =>
          [project, account === one.origin.account ? "one" : "other", environment, period, used, over].join(),
      );
    const november = [`acme,one,live,${NOVEMBER},1,0`, `acme,one,test,${NOVEMBER},2,0`];
    const december = [`acme,one,live,${DECEMBER},3,3`];
    const others = [`acme,other,live,${NOVEMBER},5,0`];
    assert.deepEqual((await read(NOVEMBER, DECEMBER)).sort(), [...november, ...others].sort());
    assert.deepEqual((await read(NOVEMBER, DECEMBER, one.origin.account)).sort(), november);
    assert.deepEqual(await read(NOVEMBER + 1, DECEMBER + 1), december);
    assert.deepEqual((await read(0, DECEMBER + 1)).sort(), [...november, ...december, ...others].sort());
    assert.deepEqual(await read(0, NOVEMBER), []);
  });

  test("one movement stands for all of a batch that one key spent on one route from one pot in one hour", async (context) => {
    const store = await storeFor(context, open);
    const payer = await payerIn(store);
    await payer.grant(10, NOON + DAY);
    await payer.grant(10);
    const edge = NOON + HOUR;
    await store.post([
      ...[1, 2, 3].map((units) => payer.spend(units, [allowance(4), CREDITS], { at: edge - 1 })),
      payer.spend(9, [CREDITS], { at: edge }),
    ]);
    const lines = (await payer.journal())
      .filter(({ kind }) => kind === "spend")
      .map(({ at, units, requests, expiresAt, pot }) => [at - edge, pot, units, requests, expiresAt]);
    assert.deepEqual(
      lines.map(String).sort(),
      [
        [-1, "allowance", -4, 3, null],
        [-1, "credits", -2, 1, NOON + DAY],
        [0, "credits", -1, 1, null],
        [0, "credits", -8, 1, NOON + DAY],
      ]
        .map(String)
        .sort(),
    );
    const back = await postOne(store, payer.giveBack([paid(1), paid(8, NOON + DAY)], { at: edge }));
    assert.ok(back.done);
    await payer.addsUp();
  });
}
