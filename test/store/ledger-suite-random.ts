// Part of the ledger suite: whatever happens to an account in whatever order, the ledger answers as its model does, and its journal
// adds up.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Draw, type Part, POTS } from "../../src/policy/pot.ts";
import { type Store, StoreConflict } from "../../src/store/contract.ts";
import type { LedgerEntry } from "../../src/store/ledger.ts";
import {
  allowance,
  CREDITS,
  DECEMBER,
  HOUR,
  NOVEMBER,
  type Payer,
  payerIn,
  settle,
} from "./ledger-entries.ts";
import { LedgerModel } from "./ledger-model.ts";
import { batch, type OpenStore, storeFor } from "./open-store.ts";

/** Around the end of a month, with expiries among them; in any order, because clocks step back. */
const TIMES = [-2 * HOUR, -HOUR - 1, -HOUR, -1, 0, 1, HOUR, HOUR + 1, 2 * HOUR, 5 * HOUR].map(
  (ms) => DECEMBER + ms,
);
const at = fc.constantFrom(...TIMES);
const expiresAt = fc.constantFrom(null, ...TIMES.slice(2));
const few = fc.integer({ min: 0, max: 12 });
const some = fc.integer({ min: 1, max: 15 });
const bound = fc.option(few, { freq: 4 });

/** What a plan says at the moment, and which pots a route names. */
const draws = fc.record({
  pots: fc.subarray([...POTS], { minLength: 1 }),
  isTurned: fc.boolean(),
  limit: bound,
  overage: bound,
});

const entry = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant("spend" as const),
      at,
      units: some,
      draws,
      isHeld: fc.boolean(),
      isLive: fc.boolean(),
      key: fc.constantFrom("key_1", "key_2"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("give-back" as const), at, which: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ is: fc.constant("settle" as const), at, which: fc.nat(), units: few }),
  },
);
type Wanted = typeof entry extends fc.Arbitrary<infer Value> ? Value : never;

const step = fc.oneof(
  { weight: 6, arbitrary: fc.array(entry, { minLength: 1, maxLength: 8 }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("grant" as const), at, units: some, expiresAt }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("take" as const), at, units: some }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("books" as const), at }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What earlier entries left behind for later ones to name. */
interface Past {
  holds: number;
  readonly paid: { readonly parts: readonly Part[]; readonly environment: string }[];
}

function entryOf(payer: Payer, past: Past, wanted: Wanted): LedgerEntry {
  if (wanted.is === "settle")
    return settle(`${payer.origin.account}_${wanted.which % (past.holds + 1)}`, wanted.units, wanted.at);
  if (wanted.is === "give-back") {
    // Of the same payment again and again, too; where there is none yet, of one that never was.
    const from = past.paid[wanted.which % past.paid.length] ?? { parts: [], environment: "live" };
    return payer.giveBack(from.parts, { at: wanted.at, environment: from.environment });
  }
  const environment = wanted.isLive ? "live" : "test";
  const hold = { id: `${payer.origin.account}_${past.holds}`, expiresAt: DECEMBER + HOUR };
  if (wanted.isHeld) past.holds += 1;
  return payer.spend(wanted.units, drawsOf(wanted), {
    at: wanted.at,
    environment,
    key: wanted.key,
    ...(wanted.isHeld && { hold }),
  });
}

function drawsOf({ at, draws: { pots, isTurned, limit, overage } }: Wanted & { is: "spend" }): Draw[] {
  const period = at < DECEMBER ? NOVEMBER : DECEMBER;
  const named = pots.map((pot) => (pot === "credits" ? CREDITS : allowance(limit, { overage, period })));
  return isTurned ? named.reverse() : named;
}

async function take(store: Store, { origin }: Payer, units: number, at: number): Promise<boolean> {
  const { project, account } = origin;
  const write = { kind: "take-credits", project, account, units, reason: null } as const;
  try {
    await store.commit(batch([write], { at }));
    return true;
  } catch (error) {
    assert.ok(error instanceof StoreConflict && error.reason === "balance", String(error));
    return false;
  }
}

async function walk(store: Store, payer: Payer, model: LedgerModel, past: Past, next: Step): Promise<void> {
  if (Array.isArray(next)) {
    const entries = next.map((wanted) => entryOf(payer, past, wanted));
    const answers = await store.post(entries);
    for (const [index, entry] of entries.entries()) {
      const answer = answers[index]!;
      assert.deepEqual(answer, model.post(entry), JSON.stringify(entry));
      if (entry.kind === "spend" && answer.done) past.paid.push({ ...entry, parts: answer.parts });
    }
    return;
  }
  if (next.is === "grant") {
    await payer.grant(next.units, next.expiresAt, next.at);
    model.grant(next.units, next.expiresAt);
  } else if (next.is === "take") {
    assert.equal(await take(store, payer, next.units, next.at), model.take(next.units, next.at));
  } else {
    assert.equal(await store.keepBooks(next.at, next.at), false);
    model.writeOff(next.at);
  }
}

export function anySequenceAddsUp(open: OpenStore): void {
  test("grants, spends, refunds, settlements, expiry, summing up, new plans and clocks that step back", async (context) => {
    const store = await storeFor(context, open);
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const payer = await payerIn(store);
      const model = new LedgerModel();
      const past: Past = { holds: 0, paid: [] };
      for (const next of steps) {
        await walk(store, payer, model, past, next);
        await payer.addsUp();
      }
      for (const now of TIMES) {
        for (const environment of ["live", "test"])
          assert.deepEqual(
            await payer.balance(now, NOVEMBER, environment),
            model.balance(environment, NOVEMBER, now),
          );
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
}
