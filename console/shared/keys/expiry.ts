// When a key ends: choices in days, with one that is chosen already. Pure.
import { DAY_MS } from "../pieces/time.ts";

export const NEVER = "never";
export const CUSTOM = "custom";

const PRESET_DAYS = [7, 30, 60, 90, 365] as const;
const FALLBACK_DAYS = 90;

export interface ExpiryRule {
  readonly defaultExpiryDays: number | null;
  readonly maxExpiryDays: number | null;
}

export interface ExpiryChoice {
  readonly value: string;
  readonly label: string;
}

export function expiryChoices({
  defaultExpiryDays: defaultDays,
  maxExpiryDays: maxDays,
}: ExpiryRule): ExpiryChoice[] {
  const days = [...new Set([...PRESET_DAYS, ...(defaultDays === null ? [] : [defaultDays])])]
    .filter((count) => maxDays === null || count <= maxDays)
    .sort((one, other) => one - other);
  return [
    ...days.map((count) => ({ value: String(count), label: count === 365 ? "1 year" : `${count} days` })),
    { value: CUSTOM, label: "On a day of your choice" },
    ...(maxDays === null ? [{ value: NEVER, label: "Never (not recommended)" }] : []),
  ];
}

export function defaultExpiry({
  defaultExpiryDays: defaultDays,
  maxExpiryDays: maxDays,
}: ExpiryRule): string {
  return String(Math.min(defaultDays ?? FALLBACK_DAYS, maxDays ?? Number.MAX_SAFE_INTEGER));
}

/** The moment that a choice means, `null` for never, `undefined` where the day is missing or not in the future. */
export function expiryMoment(choice: string, customDay: string, nowMs: number): string | null | undefined {
  if (choice === NEVER) return null;
  if (choice !== CUSTOM) return new Date(nowMs + Number(choice) * DAY_MS).toISOString();
  const end = Date.parse(`${customDay}T23:59:59.000Z`);
  return Number.isNaN(end) || end <= nowMs ? undefined : new Date(end).toISOString();
}
