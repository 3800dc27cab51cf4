/** Project files for the tests of this folder, from text and from `projects/`; holds no expectations of its own. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileProject, type Project } from "../../src/project/compile.ts";
import { loadProjectText, ProjectFileError } from "../../src/project/load.ts";

export const ROOT = join(import.meta.dirname, "../..");

export function projectOf(text: string, source = "acme.yaml"): Project {
  const { file, locate } = loadProjectText(text, source);
  return compileProject(file, source, locate);
}

export const vendorNames: readonly string[] = readdirSync(join(ROOT, "projects"))
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/, ""));

export function vendorText(name: string): string {
  return readFileSync(join(ROOT, "projects", `${name}.yaml`), "utf8");
}

export function vendorProject(name: string): Project {
  return projectOf(vendorText(name), `projects/${name}.yaml`);
}

/** The lines of the message with which the text is refused. */
export function problemsOf(text: string, source = "acme.yaml"): string[] {
  try {
    projectOf(text, source);
  } catch (error) {
    if (error instanceof ProjectFileError) return error.message.split("\n");
    throw error;
  }
  return assert.fail(`accepted: ${text.slice(0, 200)}`);
}
