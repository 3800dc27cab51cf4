// Periods of an allowance: calendar months in UTC, or months that begin on another day. Pure, and blind to the host's time zone.

export interface Period {
  /** Milliseconds since 1970, inclusive. */
  readonly start: number;
  /** Exclusive: the start of the next one. */
  readonly end: number;
}

/**
 * The period that `at` lies in. It begins at 00:00:00.000 UTC on `day` (1 to 31), or on the last day of a month that is too short
 * for it; the month after has the full day again.
 */
export function periodAt(at: number, day = 1): Period {
  const last = lastPeriods[day];
  if (last !== undefined && last.start <= at && at < last.end) return last;
  const period = findPeriod(at, day);
  lastPeriods[day] = period;
  return period;
}

/** By day: the period asked for last, because nearly all moments lie in it and dates cost half a microsecond. */
const lastPeriods: (Period | undefined)[] = [];

function findPeriod(at: number, day: number): Period {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const begun = startIn(year, month, day);
  return at >= begun
    ? { start: begun, end: startIn(year, month + 1, day) }
    : { start: startIn(year, month - 1, day), end: begun };
}

/** `month` from 0; one beyond the year is in the next or the last. */
function startIn(year: number, month: number, day: number): number {
  const daysInMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, daysInMonth));
}
