// The question that every way in asks: plain data about one request, with the credential as it was found.
import type { Measured, MeasuredCost } from "../policy/cost.ts";
import type { Address } from "../policy/network.ts";
import type { Project } from "../project/compile.ts";

/** What the way in found where a credential may stand. `hint` is out of a fixed list and echoes nothing. */
export type Credential =
  | { readonly kind: "none"; readonly hint?: string }
  | { readonly kind: "many" }
  | { readonly kind: "unreadable"; readonly hint: string }
  | { readonly kind: "key"; readonly text: string }
  /** A key that was proved in another way, under the digest by which it is found. */
  | { readonly kind: "digest"; readonly digest: string };

export interface Question {
  readonly project: Project;
  readonly credential: Credential;
  /** `undefined` when it is not known or cannot be read: a key with an allowlist is then refused. */
  readonly clientAddress?: Address | undefined;
  readonly environment?: string | undefined;
  /** Wanted beside what the route wants. */
  readonly scopes?: readonly string[] | undefined;
  /** Absent: no route is consulted. `target` is the request target as sent, `host` the Host header. */
  readonly request?:
    | { readonly method: string; readonly target: string; readonly host?: string | undefined }
    | undefined;
  /**
   * The request's own name where it will say when it ends: concurrency limits then take a place under it, which the way in
   * renews and gives back. Absent: no place is taken and concurrency is only told.
   */
  readonly slot?: string | undefined;
  /** What the caller says the request costs, in units; in place of the route's cost. */
  readonly cost?: number | undefined;
  /**
   * Measures a cost that the route takes from the request; asked only when the key may pass and its limits are taken, so that no
   * body is read for anybody else. Rejects when the client went away. Absent: such a route is unmeasurable without `cost`.
   */
  readonly measure?: ((cost: MeasuredCost) => Promise<Measured>) | undefined;
  /** Keep what is paid open under an id, to be settled later (`Allowed.hold`). */
  readonly hold?: boolean | undefined;
  /**
   * Of a request that was admitted already and still runs. The key is judged again; no limit is taken again, the route's own cost is
   * not charged again, and no other request is counted. `cost` is paid by the pots of the route's messages, and its units are counted.
   */
  readonly continuing?: boolean | undefined;
  /** Tell what is in the pots also where nothing is paid. */
  readonly tellPots?: boolean | undefined;
  /** Why the way in cannot read the request at all, such as two Host headers. */
  readonly malformed?: string | undefined;
}
