// Reads the numbers and moments that servers write into headers. Pure; what is not clearly one of the known forms is undefined.

const NUMBER = /^\d+(\.\d+)?(e\d+)?$/i;
/** RFC 9110 section 5.6.7: IMF-fixdate, and RFC 850's form; asctime's, which names no zone, is not read. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, [\w -]+ \d\d:\d\d:\d\d GMT$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-]\d\d:\d\d)$/i;

/** Numbers from here on are moments since 1970, not spans: in seconds it is the year 2001, as a span 31 years. */
const FIRST_EPOCH_SECOND = 1e9;
const FIRST_EPOCH_MILLISECOND = 1e12;
/** A number of at least 0, a fraction too. */
export function readNumber(text: string | null | undefined): number | undefined {
  return text != null && NUMBER.test(text.trim()) ? Number(text) : undefined;
}

/** A moment as ISO 8601, an HTTP date, seconds or milliseconds since 1970, or seconds from now. */
export function readMoment(text: string | null, nowMs: number): Date | undefined {
  const value = readNumber(text);
  if (value === undefined) return readDate(text, ISO_DATE) ?? readDate(text);
  const ms = value * (value >= FIRST_EPOCH_MILLISECOND ? 1 : 1000);
  return readDate(value >= FIRST_EPOCH_SECOND ? ms : nowMs + ms, /^/);
}

/** A date of one form, an HTTP date if none is named. */
export function readDate(value: string | number | null, form = HTTP_DATE): Date | undefined {
  const date = new Date(form.test(String(value)) ? value! : Number.NaN);
  return date.getTime() >= 0 ? date : undefined;
}
