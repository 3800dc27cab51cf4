// What a configuration may say of the program: its flags, the variables that it reads, its ports and paths, the time that it drains.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../cli/made-up-terminal.ts";
import { ROOT } from "../support/server-process.ts";

export const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Of `serve`. */
export async function serveFlags(): Promise<Set<string>> {
  const { out } = await run(["serve", "--help"]);
  return new Set([...out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag!));
}

export function variables(): Set<string> {
  const source = globSync("src/cli/*.ts", { cwd: ROOT }).map(read).join("\n");
  return new Set([...source.matchAll(/env\.(CLAVIGER_[A-Z_]+)/g)].map(([, name]) => name!));
}

/** Of the control plane, those that need no key. */
export function openPaths(): Set<string> {
  const { paths } = JSON.parse(read("openapi.json"));
  return new Set(Object.keys(paths).filter((path) => /^\/\w+z$/.test(path)));
}

export function drainSeconds(): number {
  return Number(/const DRAIN_MS = ([\d_]+);/.exec(read("src/cli/serve.ts"))![1]!.replaceAll("_", "")) / 1000;
}

/** What the image starts, and with which flags. */
export function imageCommand(): string[] {
  return JSON.parse(/^CMD (\[.*\])$/m.exec(read("Dockerfile"))![1]!);
}
