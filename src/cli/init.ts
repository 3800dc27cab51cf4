// `claviger init`: writes a project file of five lines that works as it is.
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { stringify } from "yaml";
import { BUILTIN_NAME } from "../project/builtin.ts";
import { NAME_PATTERN } from "../project/schema-words.ts";
import { CommandFailure, systemWords } from "./failure.ts";
import { EXIT, type Terminal } from "./terminal.ts";

export function addInit(program: Command, terminal: Terminal): void {
  program
    .command("init")
    .description("Write a project file to begin with")
    .argument("[name]", "the project's name", "acme")
    .option("--out <file>", "file to write, default <name>.yaml")
    .action((name: string, { out = `${name}.yaml` }: { out?: string }) => {
      if (!new RegExp(NAME_PATTERN).test(name)) {
        throw new CommandFailure("a project's name has 1 to 40 of a-z, 0-9 and inner hyphens", EXIT.usage);
      }
      if (name === BUILTIN_NAME)
        throw new CommandFailure(`${name} is reserved: take another name`, EXIT.usage);
      write(out, projectText(name));
      terminal.print(`Wrote ${out}. Serve it with: claviger serve --project ${out}`);
    });
}

/** A name such as `5` or `null` would be no text in YAML, and is quoted. */
function projectText(name: string): string {
  return `name: ${stringify(name).trim()}
hosts: [${name}.localhost]
keys: { format: "${name.replaceAll("-", "_")}_{env}_{secret:32}" }
routes: [{ match: /v1/** }]
upstream: sample # or the URL of your API, such as http://127.0.0.1:3000
`;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new CommandFailure(
      exists ? `${file} exists already` : `${file} cannot be written: ${systemWords(error)}`,
      EXIT.failed,
    );
  }
}
