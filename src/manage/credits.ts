// Credits of an account: adds and takes, each with its audit entry. What requests spend does not pass through here.
import { isoTime } from "../base/clock.ts";
import { ClavigerError, invalidField } from "../base/errors.ts";
import { MAX_BALANCE } from "../policy/pot.ts";
import type { Project } from "../project/compile.ts";
import { StoreConflict } from "../store/contract.ts";
import { type CreditWrite, MAX_LOTS } from "../store/ledger.ts";
import { balancesOf, findAccount } from "./accounts.ts";
import { isoOrNull } from "./describe.ts";
import { checkExpiry, checkText } from "./input.ts";
import { type Caller, findProject, type ManageParts, save } from "./save.ts";

export interface NewCredits {
  /** Whole units: added above 0, taken away below 0. */
  readonly amount: number;
  /** Of added credits, when they end, in ISO 8601; `null` for never. */
  readonly expiresAt?: string | null;
  readonly reason?: string | null;
}

/** What was done; the same for every repetition under one Idempotency-Key, whatever has been spent since. */
export interface CreditsChange {
  readonly project: string;
  readonly account: string;
  readonly amount: number;
  readonly expiresAt: string | null;
  readonly reason: string | null;
  /** ISO 8601. */
  readonly at: string;
}

const LONGEST_REASON = 200;

/**
 * Throws `not_found`; `validation_failed` for an amount that is 0 or would take the credits past MAX_BALANCE (hostile E17, E18);
 * `conflict` when the account has fewer credits than are to be taken, or too many different expiry times. Nothing changes then.
 */
export async function changeCredits(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  accountId: string,
  input: NewCredits,
): Promise<CreditsChange> {
  const project = findProject(parts, projectName);
  const amount = checkAmount(input);
  const reason = input.reason == null ? null : checkText("reason", input.reason, LONGEST_REASON);
  try {
    return await save(parts, caller, async (now) => {
      const account = (await findAccount(parts, project.name, accountId)).id;
      const expiresAt = checkExpiry("expiresAt", input.expiresAt, now);
      const facts = { amount, expiresAt: isoOrNull(expiresAt), reason };
      return {
        writes: [writeOf({ project: project.name, account, amount, expiresAt, reason })],
        project: project.name,
        action: amount > 0 ? "credits.grant" : "credits.take",
        subject: account,
        detail: facts,
        result: { project: project.name, account, ...facts, at: isoTime(now) },
      };
    });
  } catch (error) {
    if (!(error instanceof StoreConflict) || error.reason !== "balance") throw error;
    throw refusal(amount, await creditsOf(parts, project.name, accountId));
  }
}

function checkAmount({ amount, expiresAt }: NewCredits): number {
  // Such as 2^53 + 1, which JSON.parse has rounded to a neighbour.
  if (!Number.isSafeInteger(amount)) throw invalidField("amount", "must be a whole number of credits");
  if (amount === 0) throw invalidField("amount", "must not be 0");
  if (amount < 0 && expiresAt != null)
    throw invalidField(
      "expiresAt",
      "is for credits that are added: those that expire soonest are taken first",
    );
  return amount;
}

interface Movement {
  readonly project: string;
  readonly account: string;
  readonly amount: number;
  readonly expiresAt: number | null;
  readonly reason: string | null;
}

function writeOf({ amount, expiresAt, ...rest }: Movement): CreditWrite {
  return amount > 0
    ? { kind: "grant-credits", ...rest, units: amount, expiresAt }
    : { kind: "take-credits", ...rest, units: -amount };
}

/** `credits` were read after the refusal, and may have moved since. */
function refusal(amount: number, credits: number): ClavigerError {
  if (amount < 0)
    return new ClavigerError(
      "conflict",
      `The account has fewer than ${-amount} credits (now ${credits}); none were taken.`,
    );
  if (credits > MAX_BALANCE - amount)
    return invalidField("amount", `would take the account's credits past ${MAX_BALANCE}`);
  return new ClavigerError(
    "conflict",
    `The account's credits have ${MAX_LOTS} different expiry times; use one of them, or none.`,
  );
}

/** What the account has now. Throws `not_found`. */
export async function creditsOf(parts: ManageParts, projectName: string, id: string): Promise<number> {
  const project: Project = findProject(parts, projectName);
  const account = await findAccount(parts, project.name, id);
  const [balance] = await balancesOf(parts, project, [account], project.environments[0]!, parts.clock.now());
  return balance!.credits;
}
