// Counters in memory: one process, so that taking several limits together needs no lock. What has passed is swept away.
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

interface Memory {
  readonly rates: Map<string, RateUse>;
  /** Until when each slot is held. */
  readonly slots: Map<string, Map<string, number>>;
  readonly firstSweep: number;
  sweepAt: number;
}

export function createMemoryCounters(firstSweep = FIRST_SWEEP): Counters {
  const memory: Memory = { rates: new Map(), slots: new Map(), firstSweep, sweepAt: firstSweep };
  return {
    take: (takes, now) => take(memory, takes, now),
    peek: (takes, now) => takes.map((one) => stateOf(memory, one, now, false)),
    giveBack: (takes, now) => giveBack(memory, takes, now),
    release: (takes) => takes.forEach((one) => void freeSlot(memory, one)),
    renew: (takes, now) => takes.forEach((one) => void holdSlot(memory, one, now)),
  };
}

function take(memory: Memory, takes: readonly Take[], now: number): Taken {
  const refused = takes.find((one) => !admits(memory, one, now));
  if (refused === undefined) for (const one of takes) apply(memory, one, now);
  sweep(memory, now);
  return { refused, states: takes.map((one) => stateOf(memory, one, now, one === refused)) };
}

const nameOf = (one: Take): string => `${one.limit.name}\n${one.subject}`;

function admits(memory: Memory, one: Take, now: number): boolean {
  if ("slot" in one) return heldSlots(memory, nameOf(one), now).size < one.limit.limit;
  return spendRate(one.limit, memory.rates.get(nameOf(one)), one.weight, now) !== undefined;
}

function apply(memory: Memory, one: Take, now: number): void {
  if ("slot" in one) holdSlot(memory, one, now);
  else {
    const next = spendRate(one.limit, memory.rates.get(nameOf(one)), one.weight, now);
    if (next !== undefined) memory.rates.set(nameOf(one), next);
  }
}

function giveBack(memory: Memory, takes: readonly Take[], now: number): void {
  for (const one of takes) {
    if ("slot" in one) freeSlot(memory, one);
    else {
      const use = memory.rates.get(nameOf(one));
      if (use !== undefined) memory.rates.set(nameOf(one), giveBackRate(one.limit, use, one.weight, now));
    }
  }
}

function holdSlot(memory: Memory, one: SlotTake, now: number): void {
  const held = memory.slots.get(nameOf(one)) ?? new Map<string, number>();
  held.set(one.slot, now + SLOT_TTL_MS);
  memory.slots.set(nameOf(one), held);
}

function freeSlot(memory: Memory, one: SlotTake): void {
  const held = memory.slots.get(nameOf(one));
  held?.delete(one.slot);
  if (held?.size === 0) memory.slots.delete(nameOf(one));
}

/** Slots whose holder has not renewed them are dropped on the way. */
function heldSlots(memory: Memory, name: string, now: number): ReadonlyMap<string, number> {
  const held = memory.slots.get(name) ?? new Map<string, number>();
  for (const [slot, until] of held) if (until <= now) held.delete(slot);
  return held;
}

function stateOf(memory: Memory, one: Take, now: number, refused: boolean): LimitState {
  const name = nameOf(one);
  if ("slot" in one) return concurrencyState(one.limit, heldSlots(memory, name, now).size, now, refused);
  return rateState(one.limit, memory.rates.get(name), now, refused ? one.weight : undefined);
}

function sweep(memory: Memory, now: number): void {
  if (memory.rates.size + memory.slots.size < memory.sweepAt) return;
  for (const [name, { restsAt }] of memory.rates) if (restsAt <= now) memory.rates.delete(name);
  for (const name of memory.slots.keys())
    if (heldSlots(memory, name, now).size === 0) memory.slots.delete(name);
  memory.sweepAt = Math.max(memory.firstSweep, 2 * (memory.rates.size + memory.slots.size));
}
