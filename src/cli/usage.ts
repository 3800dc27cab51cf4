// `claviger usage export`: what each account of a project consumed in a month, as lines of JSON for billing. The file is written when
// the whole answer is there, so that none is half an export.
import type { Command } from "commander";
import { writeNamedFile } from "./failure.ts";
import { call, type RemoteFlags, withRemote } from "./remote.ts";
import type { Terminal } from "./terminal.ts";

interface ExportFlags extends RemoteFlags {
  readonly month: string;
  readonly out?: string;
}

export function addUsage(program: Command, terminal: Terminal): void {
  const usage = program.command("usage").description("What the accounts of a project consumed");
  withRemote(usage.command("export"), terminal)
    .description("Write a month for billing: a line of JSON for each account and environment")
    .argument("<project>")
    .requiredOption("--month <month>", "such as 2026-11, in UTC")
    .option("--out <file>", "write to a file instead of standard output")
    .action(async (project: string, flags: ExportFlags) => {
      const { month, out } = flags;
      const path = ["v1", "projects", project, "usage", "export"];
      const lines = String(await call(terminal, flags, { method: "GET", path, query: { month } }));
      if (out !== undefined) writeNamedFile(out, lines);
      else if (lines !== "") terminal.print(lines.trimEnd());
    });
}
