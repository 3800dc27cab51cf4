// `claviger apply`: shows what a project file would change, then changes it when someone says so.
import { basename } from "node:path";
import type { Command } from "commander";
import type { AppliedProject } from "../manage/projects.ts";
import { compileProject } from "../project/compile.ts";
import type { Difference } from "../project/difference.ts";
import { loadProjectText } from "../project/load.ts";
import { CommandFailure, readNamedFile } from "./failure.ts";
import { call, type JsonFlags, type RemoteFlags, tell, withJson, withRemote } from "./remote.ts";
import { EXIT, type Terminal } from "./terminal.ts";

interface ApplyFlags extends RemoteFlags, JsonFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function addApply(program: Command, terminal: Terminal): void {
  withJson(withRemote(program.command("apply"), terminal))
    .description("Apply a project file to a running Claviger, showing the change first")
    .argument("<file>", "project file, YAML or JSON")
    .option("--yes", "do not ask")
    .option("--dry-run", "only show what would change")
    .action((file: string, flags: ApplyFlags) => apply(file, flags, terminal));
}

async function apply(file: string, flags: ApplyFlags, terminal: Terminal): Promise<void> {
  const yaml = readNamedFile(file);
  // Checked here first, so that problems name this file and its lines.
  const loaded = loadProjectText(yaml, basename(file));
  compileProject(loaded.file, basename(file), loaded.locate);
  const path = ["v1", "projects", loaded.file.name];
  const put = (dryRun: string | undefined) =>
    call(terminal, flags, { method: "PUT", path, query: { dryRun }, yaml });
  const planned = (await put("true")) as AppliedProject;
  const unchanged = !planned.created && planned.differences.length === 0;
  if (flags.json !== true) terminal.print(describePlan(planned));
  if (flags.dryRun === true || unchanged) return tell(terminal, flags, planned, () => "Nothing was changed.");
  if (flags.yes !== true) await confirm(terminal);
  tell(terminal, flags, await put(undefined), () => "Applied.");
}

async function confirm(terminal: Terminal): Promise<void> {
  const answer = terminal.ask("Apply? [y/N] ");
  if (answer === undefined)
    throw new CommandFailure("nobody to ask: add --yes to apply, or --dry-run", EXIT.usage);
  if (!/^y(es)?$/i.test((await answer).trim())) throw new CommandFailure("not applied", EXIT.failed);
}

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

function describePlan({ project, created, differences, warnings }: AppliedProject): string {
  const title = created ? `The project ${project.name} is new.` : `The project ${project.name}:`;
  const changes = created ? [] : differences.map(describeDifference);
  return [
    title,
    ...(changes.length > 0 || created ? changes : ["  no change"]),
    ...warnings.map((warning) => `! ${warning}`),
  ].join("\n");
}

function describeDifference({ field, change, before, after }: Difference): string {
  const values =
    change === "changed" ? `${short(before)} -> ${short(after)}` : short(change === "added" ? after : before);
  return `  ${SIGNS[change]} ${field}: ${values}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
