// Public identifiers of records. They name things and grant nothing; secrets are minted in the key room only.
import { randomBytes } from "node:crypto";

export type IdPrefix = "acc" | "key" | "aud" | "req";

/** Such as `acc_3f9a1c…`: a prefix that says what it names and 80 random bits, never reused. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomBytes(10).toString("hex")}`;
}
