// Erases an account for good: its keys, its name, and what the audit says of either. What it used and paid stays, under its id alone.
import { ClavigerError } from "../base/errors.ts";
import { findAccount } from "./accounts.ts";
import { refuseUnlessFull } from "./root-scopes.ts";
import { type Caller, findProject, type ManageParts, save } from "./save.ts";

/** Throws `not_found`, and `confirmation_required` unless `confirm` is the account's name. */
export async function eraseAccount(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  id: string,
  confirm: string,
): Promise<void> {
  const project = findProject(parts, projectName);
  refuseUnlessFull(project, caller);
  await save(parts, caller, async () => {
    const account = await findAccount(parts, project.name, id);
    if (confirm !== account.name)
      throw new ClavigerError("confirmation_required", "Repeat with the account's name in confirm.");
    return {
      writes: [{ kind: "erase-account", project: project.name, account: id, replaces: account.version }],
      project: project.name,
      action: "account.erase",
      subject: id,
      result: undefined,
    };
  });
}
