// `claviger schema`: prints the JSON Schema of project files, for editors. Local.
import type { Command } from "commander";
import { projectSchemaText } from "../http/documents.ts";
import type { Terminal } from "./terminal.ts";

export function addSchema(program: Command, terminal: Terminal): void {
  program
    .command("schema")
    .description("Print the JSON Schema of project files")
    .action(() => terminal.print(projectSchemaText().trimEnd()));
}
