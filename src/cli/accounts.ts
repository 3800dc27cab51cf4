// `claviger accounts …`: creates accounts on a running Claviger.
import type { Command } from "commander";
import type { AccountDescription } from "../manage/describe.ts";
import { call, type JsonFlags, type RemoteFlags, tell, withJson, withRemote } from "./remote.ts";
import type { Terminal } from "./terminal.ts";

interface CreateFlags extends RemoteFlags, JsonFlags {
  readonly name: string;
  readonly externalId?: string;
  readonly plan?: string;
}

export function addAccounts(program: Command, terminal: Terminal): void {
  const accounts = program.command("accounts").description("Customers of a project");
  withJson(withRemote(accounts.command("create"), terminal))
    .description("Create an account")
    .argument("<project>")
    .requiredOption("--name <name>", "the customer's name")
    .option("--external-id <id>", "your own id for the customer")
    .option("--plan <plan>", "a plan of the project")
    .action(async (project: string, flags: CreateFlags) => {
      const { name, externalId, plan } = flags;
      const json = {
        name,
        ...(externalId !== undefined && { externalId }),
        ...(plan !== undefined && { plan }),
      };
      const account = (await call(terminal, flags, {
        method: "POST",
        path: ["v1", "projects", project, "accounts"],
        json,
      })) as AccountDescription;
      tell(terminal, flags, account, () => describe(account));
    });
}

function describe({ id, name, plan, allowance }: AccountDescription): string {
  const created = `Created the account ${id} (${name})`;
  if (allowance === undefined) return `${created}.`;
  const units = allowance.limit === null ? "units without bound" : `${allowance.limit} units`;
  return `${created} on the plan ${plan}: ${units} until ${allowance.resetsAt}.`;
}
