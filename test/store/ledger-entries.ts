// Entries for tests of the ledger, and the check that its journal adds up. Nothing here may know a driver.
import assert from "node:assert/strict";
import type { Draw, Part } from "../../src/policy/pot.ts";
import type { Store } from "../../src/store/contract.ts";
import type {
  GiveBack,
  LedgerAnswer,
  LedgerEntry,
  MovementRecord,
  Origin,
  Settle,
  Spend,
} from "../../src/store/ledger.ts";
import { accountRecord, NOON } from "../support/records.ts";
import { batch } from "./open-store.ts";

export const NOVEMBER = Date.parse("2026-11-01T00:00:00Z");
export const DECEMBER = Date.parse("2026-12-01T00:00:00Z");
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const CREDITS: Draw = { pot: "credits" };

/** Of November unless it says otherwise, without overage. */
export function allowance(
  limit: number | null,
  more: { overage?: number | null; period?: number } = {},
): Draw {
  return { pot: "allowance", period: NOVEMBER, limit, overage: 0, ...more };
}

/** Parts as answers have them. */
export const used = (units: number, over = 0, period = NOVEMBER): Part => ({
  pot: "allowance",
  period,
  units,
  over,
});
export const paid = (units: number, expiresAt: number | null = null): Part => ({
  pot: "credits",
  expiresAt,
  units,
});

/** An account of `acme` that is in the store, and entries of it. */
export async function payerIn(store: Store, changes: Partial<Origin> = {}) {
  const record = accountRecord({ project: changes.project ?? "acme" });
  await store.commit(batch([{ kind: "insert-account", record }]));
  const origin: Origin = {
    project: record.project,
    account: record.id,
    environment: "live",
    key: "key_1",
    route: "POST /work",
    ...changes,
  };
  const { project, account } = origin;
  return {
    origin,
    spend: (units: number, draws: readonly Draw[], more: Partial<Spend> = {}): Spend => ({
      kind: "spend",
      ...origin,
      at: NOON,
      units,
      draws,
      ...more,
    }),
    giveBack: (parts: readonly Part[], more: Partial<GiveBack> = {}): GiveBack => ({
      kind: "give-back",
      ...origin,
      at: NOON,
      parts,
      ...more,
    }),
    async grant(units: number, expiresAt: number | null = null, at = NOON): Promise<void> {
      const write = { kind: "grant-credits", project, account, units, expiresAt, reason: null } as const;
      await store.commit(batch([write], { at }));
    },
    balance: async (now = NOON, period = NOVEMBER, environment = "live") =>
      (await store.balances([{ ...origin, environment, period }], now))[0]!,
    journal: () => journalOf(store, project, account),
    addsUp: () => assertAddsUp(store, project, account),
  };
}

export type Payer = Awaited<ReturnType<typeof payerIn>>;

export const settle = (hold: string, units: number, at = NOON): Settle => ({
  kind: "settle",
  hold,
  units,
  at,
});

export async function postOne(store: Store, entry: LedgerEntry): Promise<LedgerAnswer> {
  const answers = await store.post([entry]);
  assert.equal(answers.length, 1);
  const [answer] = answers;
  assert.ok(answer !== undefined);
  if (!answer.done && answer.reason === "busy") assert.fail("nobody else holds the account");
  return answer;
}

/** All of it, by small pages, newest first. */
export async function journalOf(store: Store, project: string, account: string): Promise<MovementRecord[]> {
  const movements: MovementRecord[] = [];
  for (;;) {
    const last = movements.at(-1);
    const after = last && { after: { createdAt: last.at, id: last.id } };
    const page = await store.movements(project, account, { limit: 200, ...after });
    movements.push(...page);
    if (page.length < 200) return movements;
  }
}

/** The journal's sums are what is there: of credits in all lots, and of each period what was used of it. */
export async function assertAddsUp(store: Store, project: string, account: string): Promise<void> {
  const movements = await journalOf(store, project, account);
  assert.equal(new Set(movements.map(({ id }) => id)).size, movements.length, "no id stands twice");
  // Nothing has expired yet at the beginning of time: lots that are not written off are counted too.
  const [everything] = await store.balances([{ project, account, environment: "live", period: 0 }], 0);
  const credits = movements.filter(({ pot }) => pot === "credits");
  assert.equal(sumOf(credits), BigInt(everything!.credits), "credits");
  const uses = await store.allowanceUses(project, { from: 0, to: Number.MAX_SAFE_INTEGER, account });
  const periods = Map.groupBy(
    movements.filter(({ pot }) => pot === "allowance"),
    ({ environment, period }) => `${environment} ${period}`,
  );
  for (const { environment, period, used, over } of uses) {
    const name = `${environment} ${period}`;
    assert.equal(sumOf(periods.get(name) ?? []), BigInt(-used), name);
    assert.ok(used >= over && over >= 0, `${name}: ${used} used, ${over} over`);
    periods.delete(name);
  }
  assert.deepEqual([...periods.keys()], [], "every period of the journal has its use");
}

function sumOf(movements: readonly MovementRecord[]): bigint {
  return movements.reduce((sum, { units }) => sum + BigInt(units), 0n);
}
