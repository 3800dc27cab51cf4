// `claviger people …`: what an operator does for people at a running Claviger.
import type { Command } from "commander";
import { call, type JsonFlags, type RemoteFlags, tell, withJson, withRemote } from "./remote.ts";
import type { Terminal } from "./terminal.ts";

interface ResetFlags extends RemoteFlags, JsonFlags {
  readonly operator?: boolean;
  readonly project?: string;
}

export function addPeople(program: Command, terminal: Terminal): void {
  const people = program.command("people").description("Members of accounts, and operators");
  withJson(withRemote(people.command("reset-link"), terminal))
    .description(
      "A link by which somebody sets a new password, to be handed over; good once, for ten minutes",
    )
    .argument("<email>")
    .option("--operator", "of an operator, not of a member")
    .option("--project <project>", "whose portal the link leads to")
    .action(async (email: string, flags: ResetFlags) => {
      const made = (await call(terminal, flags, {
        method: "POST",
        path: ["v1", "reset-links"],
        json: {
          email,
          kind: flags.operator === true ? "operator" : "member",
          ...(flags.project !== undefined && { project: flags.project }),
        },
      })) as { link: string; expiresAt: string };
      tell(terminal, flags, made, () => `${made.link}\nGood until ${made.expiresAt}.`);
    });
}
