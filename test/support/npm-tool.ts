// Programs of npm that a few tests need and the repository itself does not: brought once, in one version, to a place below node_modules.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./server-process.ts";

const run = promisify(execFile);

const PROGRAMS = {
  attw: { name: "@arethetypeswrong/cli", version: "0.18.5", program: "dist/index.js" },
  esbuild: { name: "esbuild", version: "0.28.2", program: "bin/esbuild" },
  publint: { name: "publint", version: "0.3.25", program: "src/cli.js" },
} as const;

/** The path of a program for this Node. Throws with npm's words when it cannot be had. */
export async function npmTool(tool: keyof typeof PROGRAMS): Promise<string> {
  const { name, version, program } = PROGRAMS[tool];
  const place = join(ROOT, "node_modules/.cache", `claviger-${tool}`, version);
  const path = join(place, "node_modules", name, program);
  if (existsSync(path)) return path;
  // Made beside and moved into place, so that nobody finds half of it.
  const draft = `${place}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(join(draft, "package.json"), '{ "name": "place", "private": true }');
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"];
  await run("npm", ["install", ...flags, `${name}@${version}`], { cwd: draft });
  try {
    renameSync(draft, place);
  } catch (error) {
    // Another test was faster.
    if (!existsSync(path)) throw error;
    rmSync(draft, { recursive: true });
  }
  return path;
}
