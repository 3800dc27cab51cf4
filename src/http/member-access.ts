// What operations say of members, and what is known of one who calls. Data only.
import type { Membership } from "../people/memberships.ts";
import type { MemberRole } from "../people/tables.ts";

/** What an operation declares so that members may call it. */
export interface MemberAccess {
  /** The least role that suffices. */
  readonly role: MemberRole;
  /** Where the request says which account it is about; `key` is that of the key in the path, `none` needs a person only. */
  readonly account: "path" | "body" | "query" | "key" | "none";
}

export interface Member {
  /** `undefined` behind a portal token, which stands for an account and for nobody. */
  readonly person: { readonly id: string; readonly name: string; readonly email: string } | undefined;
  readonly memberships: readonly Membership[];
  /** In the account that the request is about, once that is known. */
  readonly role: MemberRole | undefined;
}
