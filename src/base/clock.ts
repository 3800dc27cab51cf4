// Time as an argument: the only place that reads the machine's clock. It may not know what time is used for.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Milliseconds = number;

export interface Clock {
  /** Wall clock, for everything that is written down or compared with a date. */
  now(): Milliseconds;
}

export const systemClock: Clock = { now: Date.now };

export interface SteadyClock extends Clock {
  /** Takes the machine's time as it is now, also where it has been set back: for whoever knows that it had been wrong. */
  resync(): void;
}

/**
 * A clock that never goes back, so that what has expired stays expired (hostile B12): where the machine's is set back, this one goes on
 * by `elapsed`, milliseconds that only grow, until the machine's has caught up.
 */
export function steadyClock(clock: Clock, elapsed: () => number): SteadyClock {
  let anchor = clock.now();
  let anchoredAt = elapsed();
  return {
    now() {
      const at = elapsed();
      const expected = Math.floor(anchor + (at - anchoredAt));
      const told = clock.now();
      if (told < expected) return expected;
      anchor = told;
      anchoredAt = at;
      return told;
    },
    resync() {
      anchor = clock.now();
      anchoredAt = elapsed();
    },
  };
}

/** Since some moment of this process; it goes on while the process is stopped. */
export const elapsedMs = (): number => performance.now();

/** A clock that stands still until it is told to move; for tests and for replaying a decision. */
export function fixedClock(start: Milliseconds): Clock & { set(at: Milliseconds): void } {
  let current = start;
  return {
    now: () => current,
    set: (at) => {
      current = at;
    },
  };
}

/** ISO 8601 in UTC with milliseconds, the one form in which Claviger writes times. */
export function isoTime(at: Milliseconds): string {
  return new Date(at).toISOString();
}

const ISO_TIME =
  /^(19[7-9]\d|[2-9]\d{3})-\d\d-\d\dT([01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** 9999-12-31T23:59:59.999Z: an offset may carry the last day of 9999 into a year that isoTime cannot write in four digits. */
const LAST_MILLISECOND = 253_402_300_799_999;

/** RFC 3339 with a zone, years 1970 to 9999; `undefined` for anything else (a bare date, a leap second, epoch seconds). */
export function parseIsoTime(text: string): Milliseconds | undefined {
  if (!ISO_TIME.test(text)) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at) || at < 0 || at > LAST_MILLISECOND) return undefined;
  // Date.parse rolls 30 February over to March; a date that does not exist is refused instead.
  const day = Number(text.slice(8, 10));
  const daysInMonth = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return day <= daysInMonth ? at : undefined;
}
