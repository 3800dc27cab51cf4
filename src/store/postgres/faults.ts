// What went wrong between this process and the database, in words an operator can act on. It may not say a password, and knows of
// each fault whether the transaction in which it happened can be tried again.
import { DatabaseError } from "pg";
import { StoreUnavailable } from "../contract.ts";

/** A fault of the database, or of the way to it. */
export class DatabaseFault extends StoreUnavailable {
  /** The transaction was certainly rolled back, and for a reason that passes. */
  readonly mayPass: boolean;
  /** The connection on which it happened is of no use any more. */
  readonly endsConnection: boolean;

  constructor(message: string, cause: unknown, traits: { mayPass?: boolean; endsConnection?: boolean } = {}) {
    super(message, { cause });
    this.mayPass = traits.mayPass ?? false;
    this.endsConnection = traits.endsConnection ?? false;
  }
}

/** SQLSTATEs after which the same transaction may succeed: serialisation, deadlock, lock time-out, idle for too long within one. */
const MAY_PASS = new Set(["40001", "40P01", "55P03", "25P03"]);

/** Continuations of "the database …". SQLSTATEs: PostgreSQL's appendix A; names in capitals: Node's `error.code`. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNRESET: "closed the connection",
  EPIPE: "closed the connection",
  ECONNREFUSED: "does not accept connections",
  ENOTFOUND: "has an address that no name server knows",
  EAI_AGAIN: "has an address that the name server does not answer for",
  ETIMEDOUT: "cannot be reached",
  EHOSTUNREACH: "cannot be reached",
  ENOENT: "has no socket there",
  "08P01": "does not understand the protocol",
  "25006": "is read-only: give the address of the primary",
  "25P03": "ended a transaction that had been idle for too long",
  "28000": "refuses this user",
  "28P01": "refuses the user name or the password",
  "3D000": "does not exist on that server",
  "40001": "is in too much contention",
  "40P01": "is in too much contention",
  "42501": "refuses this user a permission that is needed",
  "53100": "has a full disk",
  "53200": "is out of memory",
  "53300": "has no connection left for us",
  "55P03": "held a lock for too long",
  "57014": "did not finish in time",
  "57P01": "is shutting down",
  "57P02": "is recovering from a crash",
  "57P03": "is starting or stopping",
};

/** What `pg` says of a server that does not answer; another attempt would wait as long. */
const SILENCE = /Query read timeout/;

/** What `pg` says without a code. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/timeout exceeded when trying to connect/, "has no free connection: all of this process are in use"],
  [/connection timeout|timeout expired/, "does not answer"],
  [SILENCE, "did not answer in time"],
  [/does not support SSL/, "does not offer TLS: its server has to, or the address must not ask for it"],
  [/certificate|self-signed/i, "shows a certificate that is not trusted"],
  [/Connection terminated|Client has encountered a connection error/, "closed the connection"],
];

/**
 * `place` names the database without a credential; `sql` is what was asked on a connection, if it was on one. A unique violation
 * stays as it is: it is an answer, not a fault.
 */
export function faultOf(error: unknown, place: string, sql?: string): Error {
  if (error instanceof StoreUnavailable) return error;
  if (error instanceof DatabaseError && error.code === "23505") return error;
  const endsConnection = sql !== undefined && endsWith(error as Error);
  // Nobody may try its batch again unasked: it may have happened.
  if (endsConnection && /^commit/i.test(sql)) {
    const message = `the database ${place} did not confirm a change: it may or may not have happened`;
    return new DatabaseFault(message, error, { endsConnection });
  }
  const { code = "", message } = error as DatabaseError;
  return new DatabaseFault(`the database ${place} ${wordsOf(error as Error)}`, error, {
    endsConnection,
    mayPass: MAY_PASS.has(code) || (endsConnection && !SILENCE.test(message)),
  });
}

/** Whether the connection is of no use after this: all but what the server answered and went on from. */
function endsWith(error: Error): boolean {
  return !(error instanceof DatabaseError) || error.severity === "FATAL" || error.severity === "PANIC";
}

function wordsOf(error: Error & { code?: string | undefined }): string {
  const { code = "", message } = error;
  const phrase = WORDS[code] ?? PHRASES.find(([pattern]) => pattern.test(message))?.[1];
  return phrase ?? `failed: ${message}${code === "" ? "" : ` (${code})`}`;
}
