// Reads a project from where a program has it: a file, a text, or an object. It checks nothing but the text's form.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type LoadedProject, loadProjectText } from "../project/load.ts";
import type { ProjectFile } from "../project/schema.ts";
import type { ProjectSource } from "./claviger.ts";

/** Throws ProjectFileError with file and line, and the system's error for a file that cannot be read. */
export async function readProjectSource(
  source: ProjectSource,
): Promise<Pick<LoadedProject, "file"> & Partial<LoadedProject>> {
  if (typeof source === "string" || source instanceof URL) {
    const path = typeof source === "string" ? source : fileURLToPath(source);
    return loadProjectText(await readFile(path, "utf8"), basename(path));
  }
  // No project has a field of this name, so that neither can be taken for the other.
  if (isText(source)) return loadProjectText(source.text, "text");
  return { file: source };
}

function isText(source: { readonly text: string } | ProjectFile): source is { readonly text: string } {
  return "text" in source && typeof source.text === "string";
}
