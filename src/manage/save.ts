// How management changes anything: read, decide, commit with an audit entry, and start over when someone else was faster.
import type { Clock } from "../base/clock.ts";
import { ClavigerError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import type { Pepper } from "../key/digest.ts";
import type { Project } from "../project/compile.ts";
import { type ConflictReason, type Store, StoreConflict, type Write } from "../store/contract.ts";
import type { Directory } from "../store/directory.ts";
import type { Metadata } from "../store/records.ts";

export interface ManageParts {
  readonly store: Store;
  readonly directory: Directory;
  readonly clock: Clock;
  /** New keys are digested with it. */
  readonly pepper: Pepper;
}

/** Who asks, and the stored answer that a repetition of the request shall get. */
export interface Caller {
  /** A root key's id, or `local`. */
  readonly actor: string;
  /** What the root key may do; `"all"` for whoever owns the store. */
  readonly scopes: ReadonlySet<string> | "all";
  readonly replay?: { readonly id: string; readonly fingerprint: string; readonly status: number };
}

export const LOCAL_CALLER: Caller = { actor: "local", scopes: "all" };

/** Stripe's v1 figure, and the draft's advice to publish one. */
const REPLAY_MILLISECONDS = 24 * 60 * 60 * 1000;

export interface Change<Result> {
  readonly writes: readonly Write[];
  readonly project: string;
  readonly action: string;
  readonly subject: string;
  readonly detail?: Metadata;
  /** What is answered, and stored for repetitions: it may hold no secret. */
  readonly result: Result;
}

/** No fresh look at the records would change them; the caller puts them into words. */
const FINAL: ReadonlySet<ConflictReason> = new Set(["replayed", "balance"]);

/** A state that someone else changes this often in between is reported, not fought over. */
const MAX_ATTEMPTS = 5;

/**
 * Runs `decide` on fresh records and commits what it says, again from the start when a record moved on. Throws
 * ClavigerError `conflict` for what cannot be, StoreConflict "replayed" when the Idempotency-Key has been answered and "balance"
 * when an account's credits do not admit the change.
 */
export async function save<Result>(
  parts: ManageParts,
  caller: Caller,
  decide: (now: number) => Promise<Change<Result>> | Change<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const at = parts.clock.now();
    const change = await decide(at);
    try {
      await parts.store.commit({
        at,
        writes: change.writes,
        audit: [auditEntry(caller, change, at)],
        ...replay(caller, change, at),
      });
      return change.result;
    } catch (error) {
      if (!(error instanceof StoreConflict) || FINAL.has(error.reason)) throw error;
      if (attempt === MAX_ATTEMPTS || (error.reason === "duplicate" && error.what === "externalId"))
        throw conflict(error);
    }
  }
}

function auditEntry<Result>(
  caller: Caller,
  { project, action, subject, detail = {} }: Change<Result>,
  at: number,
) {
  return { id: newId("aud"), at, project, actor: caller.actor, action, subject, detail };
}

function replay<Result>({ replay: wanted }: Caller, { result }: Change<Result>, at: number) {
  return wanted && { replay: { ...wanted, body: result, expiresAt: at + REPLAY_MILLISECONDS } };
}

function conflict(error: StoreConflict): ClavigerError {
  if (error.what === "externalId")
    return new ClavigerError("conflict", "externalId is taken by another account of the project.");
  return new ClavigerError(
    "conflict",
    "The record is being changed by someone else; read it again and retry.",
    { cause: error },
  );
}

/** Throws `not_found`. */
export function findProject({ directory }: Pick<ManageParts, "directory">, name: string): Project {
  const project = directory.project(name);
  if (project === undefined)
    throw new ClavigerError("not_found", `There is no project ${JSON.stringify(name)}.`);
  return project;
}
