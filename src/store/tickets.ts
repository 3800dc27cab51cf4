// What every driver of tickets must do: keep them for a minute and hand each out once. They are no records: nothing is lost that
// cannot be asked for again.

/** Whom a ticket stands for, and where it may be used. */
export interface Ticket {
  readonly project: string;
  /** Digest of the key that it stands for. */
  readonly keyDigest: string;
  /** The path of the only request that it is for. */
  readonly path: string | undefined;
  /** Canonical; the only client that it is for. */
  readonly address: string | undefined;
  /** Milliseconds since 1970, exclusive. */
  readonly expiresAt: number;
}

/** `digest` is that of the ticket's text, which nobody keeps. */
export interface Tickets {
  put(digest: string, ticket: Ticket, now: number): void | Promise<void>;
  /** It is gone afterwards, for everybody; `undefined` where it was taken before, has expired at `now`, or never was. */
  take(digest: string, now: number): Ticket | undefined | Promise<Ticket | undefined>;
}
