// The project files that ship with the program, by name.
import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../projects/", import.meta.url);

/** Name to YAML text. */
export function bundledProjects(): Record<string, string> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
  return Object.fromEntries(
    files.map((name) => [name.replace(/\.yaml$/, ""), readFileSync(new URL(name, FOLDER), "utf8")]),
  );
}
