// Public identifiers of records. They name things and grant nothing; secrets are minted in the key room only.
import { randomBytes } from "node:crypto";

export type IdPrefix = "acc" | "key" | "aud" | "req" | "hld" | "mov" | "pst" | "nod" | "tok";

const ID_BYTES = 10;
const TIMED_ID_BYTES = 6;

/** A system call for each id was 4 % of the time of a verdict over HTTP. Ids are public, so a pool gives nothing away. */
let pool = Buffer.alloc(0);
let used = 0;

/** Such as `acc_3f9a1c…`: a prefix that says what it names and 80 random bits, never reused. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomHex(ID_BYTES)}`;
}

let timedIds = 0;

/**
 * The milliseconds of `at`, a running number and 48 random bits: for what is listed by its time, because those of one process sort as
 * they were made within a millisecond too.
 */
export function newTimedId(prefix: IdPrefix, at: number): string {
  timedIds = (timedIds + 1) % 0x10000;
  return `${prefix}_${hex(at, 12)}${hex(timedIds, 4)}${randomHex(TIMED_ID_BYTES)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(ID_BYTES * 256);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}
