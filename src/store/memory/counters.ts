// Counters in memory: one process, so that taking several limits together needs no lock. What has passed is swept away, and what
// is held is bounded.
import {
  concurrencyState,
  giveBackRate,
  type LimitState,
  type RateUse,
  rateState,
  spendRate,
} from "../../policy/limit.ts";
import { type Counters, SLOT_TTL_MS, type SlotTake, type Take, type Taken } from "../counters.ts";

/** Subjects held before the first sweep; then twice what the last one left, so that sweeping costs a constant share. */
const FIRST_SWEEP = 10_000;

/**
 * Subjects of rates held at most, each about 250 bytes. Up to nine tenths of them may be in use at once and every count is exact.
 * Above it those that would soonest have been at rest are forgotten: whoever has used least of a limit gains by it, and what has
 * been used up stays used up. Places are bounded by the requests that run.
 */
export const MAX_RATES = 500_000;
const KEPT = 0.9;

/**
 * By the limit's name, then by whose it is: strings that live as long as the key, whose hashes are known. One string made of both
 * would have to be put together and hashed for every request.
 */
type Table<Value> = Map<string, Map<string, Value>>;

interface Memory {
  readonly rates: Table<RateUse>;
  /** Until when each slot is held, soonest first. */
  readonly places: Table<Map<string, number>>;
  readonly firstSweep: number;
  readonly maxRates: number;
  /** Subjects in `rates` and in `places`. */
  rateCount: number;
  placeCount: number;
  sweepAt: number;
}

/** They answer at once. */
export interface MemoryCounters extends Counters {
  take(takes: readonly Take[], now: number): Taken;
  peek(takes: readonly Take[], now: number): readonly LimitState[];
  /** Subjects that something is remembered of. */
  size(): number;
}

export function createMemoryCounters(firstSweep = FIRST_SWEEP, maxRates = MAX_RATES): MemoryCounters {
  const memory: Memory = {
    rates: new Map(),
    places: new Map(),
    firstSweep,
    maxRates,
    rateCount: 0,
    placeCount: 0,
    sweepAt: firstSweep,
  };
  return {
    take: (takes, now) => take(memory, takes, now),
    peek: (takes, now) => takes.map((one) => stateOf(memory, one, now, false)),
    giveBack: (takes, now) => giveBack(memory, takes, now),
    release: (takes) => takes.forEach((one) => void freeSlot(memory, one)),
    renew: (takes, now) => takes.forEach((one) => void holdSlot(memory, one, now)),
    size: () => memory.rateCount + memory.placeCount,
  };
}

function take(memory: Memory, takes: readonly Take[], now: number): Taken {
  const refused = takes.find((one) => !admits(memory, one, now));
  if (refused === undefined) {
    for (const one of takes) apply(memory, one, now);
    return { refused, states: takes.map((one) => stateOf(memory, one, now, false)) };
  }
  return { refused, states: takes.map((one) => stateOf(memory, one, now, !admits(memory, one, now))) };
}

function admits(memory: Memory, one: Take, now: number): boolean {
  if ("slot" in one) return slotsInUse(memory, one, now) < one.limit.limit;
  return spendRate(one.limit, find(memory.rates, one), one.weight, now) !== undefined;
}

function apply(memory: Memory, one: Take, now: number): void {
  if ("slot" in one) holdSlot(memory, one, now);
  else {
    const next = spendRate(one.limit, find(memory.rates, one), one.weight, now);
    if (next !== undefined) setRate(memory, one, next, now);
  }
}

function giveBack(memory: Memory, takes: readonly Take[], now: number): void {
  for (const one of takes) {
    if ("slot" in one) freeSlot(memory, one);
    else {
      const use = find(memory.rates, one);
      if (use !== undefined) setRate(memory, one, giveBackRate(one.limit, use, one.weight, now), now);
    }
  }
}

function stateOf(memory: Memory, one: Take, now: number, refused: boolean): LimitState {
  if ("slot" in one) return concurrencyState(one.limit, slotsInUse(memory, one, now), now, refused);
  return rateState(one.limit, find(memory.rates, one), now, refused ? one.weight : undefined);
}

function setRate(memory: Memory, one: Take, use: RateUse, now: number): void {
  if (!put(memory.rates, one, use)) return;
  memory.rateCount += 1;
  sweep(memory, now);
}

/** Held anew it is the last to lapse. */
function holdSlot(memory: Memory, one: SlotTake, now: number): void {
  const until = now + SLOT_TTL_MS;
  const held = find(memory.places, one);
  if (held !== undefined) {
    held.delete(one.slot);
    held.set(one.slot, until);
    return;
  }
  put(memory.places, one, new Map([[one.slot, until]]));
  memory.placeCount += 1;
  sweep(memory, now);
}

function freeSlot(memory: Memory, one: SlotTake): void {
  const held = find(memory.places, one);
  if (held?.delete(one.slot) !== true || held.size > 0) return;
  memory.places.get(one.limit.name)?.delete(one.subject);
  memory.placeCount -= 1;
}

/** Slots whose holder has not renewed them are dropped on the way. */
function slotsInUse(memory: Memory, one: SlotTake, now: number): number {
  const held = find(memory.places, one);
  return held === undefined ? 0 : dropLapsed(held, now);
}

function dropLapsed(held: Map<string, number>, now: number): number {
  for (const [slot, until] of held) {
    // The others lapse later; only a clock that was set back keeps a place for longer.
    if (until > now) break;
    held.delete(slot);
  }
  return held.size;
}

function find<Value>(table: Table<Value>, { limit, subject }: Take): Value | undefined {
  return table.get(limit.name)?.get(subject);
}

/** Whether the subject is a new one. */
function put<Value>(table: Table<Value>, { limit, subject }: Take, value: Value): boolean {
  let subjects = table.get(limit.name);
  if (subjects === undefined) {
    subjects = new Map();
    table.set(limit.name, subjects);
  }
  const before = subjects.size;
  return subjects.set(subject, value).size > before;
}

function sweep(memory: Memory, now: number): void {
  const isDue = memory.rateCount + memory.placeCount >= memory.sweepAt || memory.rateCount >= memory.maxRates;
  if (!isDue) return;
  memory.rateCount = keep(memory.rates, ({ restsAt }) => restsAt > now);
  memory.placeCount = keep(memory.places, (held) => dropLapsed(held, now) > 0);
  const surplus = memory.rateCount - Math.floor(memory.maxRates * KEPT);
  if (surplus > 0) memory.rateCount = forgetSoonest(memory.rates, surplus);
  memory.sweepAt = Math.max(memory.firstSweep, 2 * (memory.rateCount + memory.placeCount));
}

/** What is to be kept, and how many there are. */
function keep<Value>(table: Table<Value>, isKept: (value: Value) => boolean): number {
  let count = 0;
  for (const [name, subjects] of table) {
    for (const [subject, value] of subjects) if (!isKept(value)) subjects.delete(subject);
    if (subjects.size === 0) table.delete(name);
    count += subjects.size;
  }
  return count;
}

/** Those that would soonest have been at rest; of several at the same moment the oldest. How many are left. */
function forgetSoonest(rates: Table<RateUse>, surplus: number): number {
  const ends = endsOf(rates).sort();
  const last = ends[surplus - 1] ?? 0;
  let atLast = surplus - ends.indexOf(last);
  return keep(rates, ({ restsAt }) => restsAt > last || (restsAt === last && atLast-- <= 0));
}

function endsOf(rates: Table<RateUse>): Float64Array {
  const tables = [...rates.values()];
  const ends = new Float64Array(tables.reduce((sum, { size }) => sum + size, 0));
  let next = 0;
  for (const subjects of tables) for (const { restsAt } of subjects.values()) ends[next++] = restsAt;
  return ends;
}
