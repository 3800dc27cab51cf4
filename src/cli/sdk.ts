// `claviger sdk`: the package with which a project's customers call its API, from its file or from a running Claviger. It writes into
// an empty folder or one that it has written before, so that no work of others is lost.
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Command, Option } from "commander";
import { clientPackage, type Language } from "../project/clients.ts";
import { compileProject, type Project } from "../project/compile.ts";
import { checkShape, type Locate, loadProjectText } from "../project/load.ts";
import { CommandFailure, readNamedFile, systemWords, writeNamedFile } from "./failure.ts";
import { call, type RemoteFlags, withRemote } from "./remote.ts";
import { EXIT, type Terminal } from "./terminal.ts";

interface SdkFlags extends RemoteFlags {
  readonly lang: Language;
  readonly out: string;
  readonly packageVersion: string;
}

/** In a folder that this command has written. */
const MARKER = ".claviger-sdk";

export function addSdk(program: Command, terminal: Terminal): void {
  withRemote(program.command("sdk"), terminal)
    .description("Write the client package of a project, for its customers")
    .argument(
      "<project>",
      "a project file (.yaml, .yml, .json), read locally; or the name of a project that is served",
    )
    .addOption(
      new Option("--lang <language>", "python or typescript")
        .choices(["python", "typescript"])
        .makeOptionMandatory(),
    )
    .requiredOption("--out <folder>", "an empty folder, or one that was written by this command before")
    .option("--package-version <version>", "version of the package", "0.1.0")
    .action(async (name: string, flags: SdkFlags) => {
      if (!/^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2}$/.test(flags.packageVersion))
        throw new CommandFailure("a version is three numbers, such as 1.2.0", EXIT.usage);
      const { project, ...place } = /\.(ya?ml|json)$/i.test(name)
        ? projectOfFile(name)
        : await projectOfServer(name, flags, terminal);
      const files = clientPackage(project, flags.lang, { ...place, version: flags.packageVersion });
      writePackage(flags.out, files);
      terminal.print(`Wrote ${files.size} files into ${flags.out}.`);
    });
}

interface Placed {
  readonly project: Project;
  readonly source: string;
  readonly locate?: Locate;
}

function projectOfFile(file: string): Placed {
  const source = basename(file);
  const { file: loaded, locate } = loadProjectText(readNamedFile(file), source);
  return { project: compileProject(loaded, source, locate), source, locate };
}

async function projectOfServer(name: string, flags: SdkFlags, terminal: Terminal): Promise<Placed> {
  const answer = await call(terminal, flags, { method: "GET", path: ["v1", "projects", name] });
  const file = checkShape((answer as { file?: unknown }).file, name);
  return { project: compileProject(file, name), source: name };
}

function writePackage(folder: string, files: ReadonlyMap<string, string>): void {
  try {
    const present = existsSync(folder) ? readdirSync(folder) : [];
    if (present.length > 0 && !present.includes(MARKER))
      throw new CommandFailure(`${folder} is not empty, and was not written by claviger sdk`, EXIT.failed);
    for (const path of files.keys()) mkdirSync(join(folder, dirname(path)), { recursive: true });
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(`${folder} cannot be written: ${systemWords(error)}`, EXIT.failed);
  }
  // First, so that a folder that was left half written can be written anew.
  writeNamedFile(join(folder, MARKER), "Written by claviger sdk, which may overwrite what it wrote here.\n");
  for (const [path, text] of files) writeNamedFile(join(folder, path), text);
}
