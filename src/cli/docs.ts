// `claviger docs`: a project's Authentication page in Markdown, from its file or from a running Claviger.
import { basename } from "node:path";
import type { Command } from "commander";
import { compileProject } from "../project/compile.ts";
import { loadProjectText } from "../project/load.ts";
import { authenticationPage, llmsText } from "../project/pages.ts";
import { readNamedFile, writeNamedFile } from "./failure.ts";
import { call, type RemoteFlags, withRemote } from "./remote.ts";
import type { Terminal } from "./terminal.ts";

interface DocsFlags extends RemoteFlags {
  readonly out?: string;
  readonly llms?: boolean;
}

export function addDocs(program: Command, terminal: Terminal): void {
  withRemote(program.command("docs"), terminal)
    .description("Write a project's Authentication page in Markdown")
    .argument(
      "<project>",
      "a project file (.yaml, .yml, .json), read locally; or the name of a project that is served",
    )
    .option("--llms", "the llms.txt instead")
    .option("--out <file>", "write to a file instead of standard output")
    .action(async (project: string, flags: DocsFlags) => {
      const text = /\.(ya?ml|json)$/i.test(project)
        ? pageOfFile(project, flags)
        : await pageOfServer(project, flags, terminal);
      if (flags.out === undefined) terminal.print(text.trimEnd());
      else writeNamedFile(flags.out, text);
    });
}

function pageOfFile(file: string, { llms }: DocsFlags): string {
  const loaded = loadProjectText(readNamedFile(file), basename(file));
  const project = compileProject(loaded.file, basename(file), loaded.locate);
  return llms === true ? llmsText(project) : authenticationPage(project);
}

async function pageOfServer(project: string, flags: DocsFlags, terminal: Terminal): Promise<string> {
  const path = ["v1", "projects", project, flags.llms === true ? "llms.txt" : "docs.md"];
  return String(await call(terminal, flags, { method: "GET", path }));
}
