// `claviger docs`: a project's Authentication page in Markdown, from its file or from a running Claviger.
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import { compileProject } from "../project/compile.ts";
import { loadProjectText } from "../project/load.ts";
import { authenticationPage, llmsText } from "../project/pages.ts";
import { CommandFailure, readNamedFile, systemWords } from "./failure.ts";
import { call, type RemoteFlags, withRemote } from "./remote.ts";
import { EXIT, type Terminal } from "./terminal.ts";

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
      else write(flags.out, text);
    });
}

function pageOfFile(file: string, { llms }: DocsFlags): string {
  const loaded = loadProjectText(readNamedFile(file), basename(file));
  const project = compileProject(loaded.file, basename(file), loaded.locate);
  return llms === true ? llmsText(project) : authenticationPage(project);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandFailure(`${file} cannot be written: ${systemWords(error)}`, EXIT.failed);
  }
}

async function pageOfServer(project: string, flags: DocsFlags, terminal: Terminal): Promise<string> {
  const path = ["v1", "projects", project, flags.llms === true ? "llms.txt" : "docs.md"];
  return String(await call(terminal, flags, { method: "GET", path }));
}
