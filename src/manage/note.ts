// An audit entry for what was done beside the records: to people, and to what they sign in with. It changes nothing else.
import type { Metadata } from "../store/records.ts";
import { type Caller, type ManageParts, save } from "./save.ts";

/** After the deed, which lies in another database. `detail` holds no secret. */
export async function note(
  parts: ManageParts,
  { actor, scopes }: Caller,
  project: string,
  action: string,
  subject: string,
  detail: Metadata = {},
): Promise<void> {
  await save(parts, { actor, scopes }, () => ({
    writes: [],
    project,
    action,
    subject,
    detail,
    result: undefined,
  }));
}
