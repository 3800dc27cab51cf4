// `claviger verify`: asks for a verdict. Allowed is exit code 0, denied 3.
import type { Command } from "commander";
import type { Verdict } from "../policy/verdict.ts";
import { CommandFailure } from "./failure.ts";
import { call, type JsonFlags, type RemoteFlags, tell, withJson, withRemote } from "./remote.ts";
import { collect, EXIT, type Terminal } from "./terminal.ts";

interface VerifyFlags extends RemoteFlags, JsonFlags {
  readonly key?: string;
  readonly ip?: string;
  readonly environment?: string;
  readonly scope: string[];
  readonly method?: string;
  readonly path?: string;
}

export function addVerify(program: Command, terminal: Terminal): void {
  withJson(withRemote(program.command("verify"), terminal))
    .description("Ask whether a key is allowed, and why not")
    .argument("<project>")
    .option(
      "--key <key>",
      "the key; without it, read from CLAVIGER_KEY or standard input, which no process list shows",
    )
    .option("--ip <address>", "the client's address")
    .option("--environment <environment>", "the environment the key must belong to")
    .option("--scope <scope>", "a scope it must have; repeatable", collect, [])
    .option("--method <method>", "with --path: judge it on this route")
    .option("--path <path>", "with --method")
    .action(async (project: string, flags: VerifyFlags) => {
      const verdict = (await call(terminal, flags, {
        method: "POST",
        path: ["v1", "verify"],
        json: await question(project, flags, terminal),
      })) as Verdict;
      tell(terminal, flags, verdict, () => describe(verdict));
      terminal.exitCode = verdict.allowed ? EXIT.ok : EXIT.denied;
    });
}

async function question(project: string, flags: VerifyFlags, terminal: Terminal) {
  const { ip, environment, scope, method, path } = flags;
  if ((method === undefined) !== (path === undefined))
    throw new CommandFailure("--method and --path go together", EXIT.usage);
  const key = flags.key ?? terminal.env.CLAVIGER_KEY ?? (await terminal.readInput()).trim();
  return {
    project,
    key,
    ...(ip !== undefined && { ip }),
    ...(environment !== undefined && { environment }),
    ...(scope.length > 0 && { scopes: scope }),
    ...(method !== undefined && { method, path }),
  };
}

function describe(verdict: Verdict): string {
  const { code, key } = verdict;
  const owner = key === undefined ? "" : ` ${key.id} (${key.name}) of ${key.account}`;
  const needed =
    !verdict.allowed && verdict.requiredScopes !== undefined
      ? `; needed: ${verdict.requiredScopes.join(" ")}`
      : "";
  const hint = !verdict.allowed && verdict.hint !== undefined ? `; ${verdict.hint}` : "";
  return `${verdict.allowed ? "allowed" : `denied: ${code}`}${owner}${needed}${hint}`;
}
