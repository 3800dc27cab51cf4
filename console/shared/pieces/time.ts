// Moments in words: relative for reading, absolute with its zone for knowing. Pure but for the reader's own language.

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** The pages are in English, and so are their times. */
const LANGUAGE = "en-GB";
const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const absolute = new Intl.DateTimeFormat(LANGUAGE, {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});
const day = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeZone: "UTC" });

export function relativeTime(iso: string, nowMs: number): string {
  const seconds = Math.round((Date.parse(iso) - nowMs) / 1_000);
  if (Math.abs(seconds) < 45) return seconds > 5 ? "in a moment" : "just now";
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  return relative.format(Math.round(seconds / size), unit);
}

export const absoluteTime = (iso: string): string => `${absolute.format(new Date(iso))} UTC`;

export const dayOf = (iso: string): string => day.format(new Date(iso));

export const DAY_MS = 86_400_000;

/** What is left until a moment, for countdowns: `2 d 4 h`, `3 h 12 min`, `4 min 09 s`. */
export function timeLeft(iso: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((Date.parse(iso) - nowMs) / 1_000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** A length in words, such as `24 hours`; whole units only. */
export function lengthInWords(seconds: number): string {
  const [unit, size] = STEPS.slice(3).find(([, length]) => seconds >= length) ?? (["second", 1] as const);
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
