// What the client of a money run knows: what each account was granted, and what was taken of it as far as anybody was told. It
// speaks to nobody.
import { pick } from "./random.ts";

/** Spent under an id, and not ended yet. */
export interface OpenHold {
  readonly id: string;
  readonly units: number;
}

export type Operation =
  | { readonly kind: "spend" | "hold"; readonly units: number }
  /** Through the gateway, to an upstream that works or fails; a failure gives the units back before it is answered. */
  | { readonly kind: "work" | "failure"; readonly units: number }
  | { readonly kind: "settle"; readonly units: number; readonly hold: OpenHold }
  | {
      readonly kind: "grant";
      readonly units: number;
      readonly idempotencyKey: string;
      readonly expiresAt: string | null;
    };

export interface Wallet {
  readonly id: string;
  readonly key: string;
  /** Units of its plan's allowance. */
  readonly limit: number;
  /** Its allowance, and every top-up that was acknowledged. */
  granted: number;
  /** What was answered as spent, less what was answered as given back. */
  spent: number;
  /** What turned out to be spent by requests whose answer nobody got. */
  lost: number;
  readonly holds: OpenHold[];
  /** Sent, and the server was gone before the answer. */
  unanswered: Operation[];
}

export function newWallet(id: string, key: string, limit: number): Wallet {
  return { id, key, limit, granted: limit, spent: 0, lost: 0, holds: [], unanswered: [] };
}

export function remaining({ granted, spent, lost }: Wallet): number {
  return granted - spent - lost;
}

/** What an operation adds to what remains, once it has been made; below 0 for what it takes. */
export function effectOf(operation: Operation): number {
  switch (operation.kind) {
    case "grant":
      return operation.units;
    case "settle":
      return operation.hold.units - operation.units;
    default:
      return -operation.units;
  }
}

/** What may remain when each of the operations was made whole or not at all: the least and the most. */
export function boundsOf(wallet: Wallet): readonly [least: number, most: number] {
  const effects = wallet.unanswered.map(effectOf);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const known = remaining(wallet);
  return [
    known + sum(effects.map((effect) => Math.min(0, effect))),
    known + sum(effects.map((effect) => Math.max(0, effect))),
  ];
}

/** Whether `remains` is explained by some of the unanswered operations, each whole: half of one is not. */
export function isExplained(wallet: Wallet, remains: number): boolean {
  let reachable = new Set([remaining(wallet)]);
  for (const effect of wallet.unanswered.map(effectOf))
    reachable = reachable.union(new Set([...reachable].map((units) => units + effect)));
  return reachable.has(remains);
}

/** What the project file says `POST /work` costs. */
export const WORK_COST = 7;
/** The project's one bounded allowance. */
export const ALLOWANCE = 2_000;

/** Small against a top-up, so that accounts run empty with many requests in flight. */
const MOST_UNITS = 60;
const TOP_UP = { least: 150, spread: 500 };
const EXPIRIES = [null, "2090-01-01T00:00:00.000Z", "2091-01-01T00:00:00.000Z"];

let topUps = 0;

/** One that can be made now; a hold that it ends is nobody else's from then on. */
export function nextOperation(wallet: Wallet, random: () => number): Operation {
  const units = 1 + Math.floor(random() * MOST_UNITS);
  const chance = random();
  if (chance < 0.06) {
    topUps += 1;
    return {
      kind: "grant",
      units: TOP_UP.least + Math.floor(random() * TOP_UP.spread),
      idempotencyKey: `top-up-${topUps}`,
      expiresAt: pick(EXPIRIES, random) ?? null,
    };
  }
  if (chance < 0.22) return { kind: "hold", units };
  if (chance < 0.36) {
    const hold = wallet.holds.shift();
    // Mostly less than was held, sometimes all or nothing of it, sometimes more.
    if (hold !== undefined) return { kind: "settle", hold, units: Math.floor(random() * hold.units * 1.3) };
  }
  if (chance < 0.46) return { kind: "work", units: WORK_COST };
  if (chance < 0.56) return { kind: "failure", units: WORK_COST };
  return { kind: "spend", units };
}
