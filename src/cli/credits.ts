// `claviger credits add`: adds prepaid units to an account on a running Claviger, or takes them away.
import { type Command, InvalidArgumentError } from "commander";
import type { CreditsChange } from "../manage/credits.ts";
import { call, type JsonFlags, type RemoteFlags, tell, withJson, withRemote } from "./remote.ts";
import type { Terminal } from "./terminal.ts";

interface AddFlags extends RemoteFlags, JsonFlags {
  readonly expires?: string;
  readonly reason?: string;
}

export function addCredits(program: Command, terminal: Terminal): void {
  const credits = program.command("credits").description("Prepaid units of an account");
  withJson(withRemote(credits.command("add"), terminal))
    .description("Add credits to an account, or with an amount below 0 take them away")
    .argument("<project>")
    .argument("<account>", "the account's id")
    .argument("<amount>", "a whole number of units", units)
    .option("--expires <time>", "when added credits end, such as 2027-01-31T12:00:00Z")
    .option("--reason <text>", "for the journal")
    .action(async (project: string, account: string, amount: number, flags: AddFlags) => {
      const { expires, reason } = flags;
      const json = {
        amount,
        ...(expires !== undefined && { expiresAt: expires }),
        ...(reason !== undefined && { reason }),
      };
      const change = (await call(terminal, flags, {
        method: "POST",
        path: ["v1", "projects", project, "accounts", account, "credits"],
        json,
      })) as CreditsChange & { readonly credits: number };
      tell(terminal, flags, change, () => describe(change));
    });
}

/** Digits beyond what a number keeps are refused here: JSON would send their neighbour. */
function units(text: string): number {
  const amount = Number(text);
  if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(amount))
    throw new InvalidArgumentError("a whole number of units");
  return amount;
}

function describe({
  amount,
  account,
  credits,
  expiresAt,
}: CreditsChange & { readonly credits: number }): string {
  const done = amount > 0 ? `Added ${amount} credits to` : `Took ${-amount} credits from`;
  const until = expiresAt === null ? "" : ` until ${expiresAt}`;
  return `${done} ${account}${until}; it has ${credits}.`;
}
