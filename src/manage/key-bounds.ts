// How many keys an account may have and how long they may live, as the project says.
import { ClavigerError, invalidField } from "../base/errors.ts";
import type { Project } from "../project/compile.ts";
import type { Write } from "../store/contract.ts";
import type { AccountRecord } from "../store/records.ts";
import { DAY_MS } from "../store/usage.ts";
import type { ManageParts } from "./save.ts";

/** The end of a key that is made now: as it was asked for, else the project's default. Throws `validation_failed`. */
export function boundedExpiry(
  { keyBounds }: Project,
  wanted: number | null | undefined,
  now: number,
  isMember: boolean,
): number | null {
  const { defaultExpiryDays, maxExpiryDays } = keyBounds;
  const chosen =
    wanted === undefined && defaultExpiryDays !== undefined
      ? now + defaultExpiryDays * DAY_MS
      : (wanted ?? null);
  if (maxExpiryDays === undefined || !isMember) return chosen;
  // A minute's grace for the way from the page to here.
  if (chosen === null || chosen > now + maxExpiryDays * DAY_MS + 60_000)
    throw invalidField("expiresAt", `must lie within ${maxExpiryDays} days`);
  return chosen;
}

/**
 * The write that makes two keys at once count one another: both move the account on, and the second decides anew. None where the
 * project sets no bound. Throws `limit_reached`.
 */
export async function takeRoom(
  { store }: ManageParts,
  { name, keyBounds }: Project,
  account: AccountRecord,
  now: number,
): Promise<Write[]> {
  const { maxPerAccount } = keyBounds;
  if (maxPerAccount === undefined) return [];
  const live = await store.countLiveKeys(name, { account: account.id, aliveAt: now });
  if (live >= maxPerAccount)
    throw new ClavigerError(
      "limit_reached",
      `The account has ${live} keys, which is as many as it may have: revoke one first.`,
    );
  const record = { ...account, updatedAt: now, version: account.version + 1 };
  return [{ kind: "update-account", record, replaces: account.version }];
}
