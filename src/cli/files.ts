// Project files from disk into an instance at start: applied when the text has changed since it was last applied from a file,
// so that a change made through the API survives a restart.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyProject } from "../manage/projects.ts";
import { LOCAL_CALLER } from "../manage/save.ts";
import type { Instance } from "../open.ts";
import { loadProjectText } from "../project/load.ts";
import { readNamedFile } from "./failure.ts";

/** The project files that come with Claviger, in the order of their names. */
export function bundledProjectFiles(): string[] {
  const folder = fileURLToPath(new URL("../../projects", import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}

/** Answers the project's name. Throws ProjectFileError or ClavigerError with the problems in words. */
export async function applyProjectFile(instance: Instance, file: string): Promise<string> {
  const text = readNamedFile(file);
  const loaded = loadProjectText(text, basename(file));
  const sourceDigest = createHash("sha256").update(text).digest("hex");
  const known = await instance.store.project(loaded.file.name);
  if (known?.sourceDigest !== sourceDigest)
    await applyProject(instance, LOCAL_CALLER, loaded, { sourceDigest });
  return loaded.file.name;
}
