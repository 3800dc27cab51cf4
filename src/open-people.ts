// Opens the people of an instance, beside its store; with open.ts the place that names a storage driver. A program that has Claviger
// inside has no people, and loads none of it.
import { join } from "node:path";
import type { Instance, InstanceOptions } from "./open.ts";
import type { People, PeopleUrls } from "./people/people.ts";
import { openPostgresPeople } from "./store/postgres/people.ts";
import { openSqlitePeople } from "./store/sqlite/people.ts";

/** The file beside the embedded store's, in its folder. */
const PEOPLE_FILE = "people.db";

export interface PeopleOptions {
  readonly urls: PeopleUrls;
  /** `smtp://…` and who writes; without it no mail is sent and links are handed out by operators. */
  readonly mail?: { readonly url: string; readonly from: string } | undefined;
}

/** The people of an instance, beside its store. Throws StoreUnavailable. */
export async function openPeopleOf(
  { pepper, clock }: Pick<Instance, "pepper" | "clock">,
  { data, database, onFault = () => {} }: InstanceOptions,
  { urls, mail }: PeopleOptions,
): Promise<People> {
  // Read here only: commands that speak to no people need not wait for it.
  const [{ openPeople }, { openMailer }] = await Promise.all([
    import("./people/people.ts"),
    import("./people/mail.ts"),
  ]);
  const opened =
    database === undefined
      ? await openSqlitePeople(join(data, PEOPLE_FILE))
      : await openPostgresPeople(database, (error) =>
          onFault("a connection to the database was lost", error),
        );
  try {
    // No key has spaces in it, so that no key's digest is one of these.
    const secretFor = (purpose: string) => pepper.digest(`claviger secret of ${purpose}`);
    const mailer = mail && (await openMailer({ ...mail, onFault }));
    return await openPeople({ database: opened, secretFor, clock, mailer, urls });
  } catch (error) {
    await opened.close();
    throw error;
  }
}
