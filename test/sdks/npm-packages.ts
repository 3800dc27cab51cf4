// Packs, installs and examines packages of sdks/typescript, as a registry and its users would. It judges nothing itself.
import { execFile, spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { npmTool } from "../support/npm-tool.ts";
import { ROOT } from "../support/server-process.ts";

const execute = promisify(execFile);
const BIN = join(ROOT, "node_modules/.bin");

/** With the repository's compiler, and without what tells a test runner that it runs inside another. */
export function environment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  return { ...inherited, PATH: `${BIN}${delimiter}${process.env.PATH}`, npm_config_update_notifier: "false" };
}

/** What it printed. Throws with all that it said when it fails. */
export async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  return execute(program, args, { cwd, env: environment(), maxBuffer: 1e8 }).then(
    ({ stdout }) => stdout,
    (error) => {
      throw new Error(`${program} ${args.join(" ")}: ${error.stdout}${error.stderr}`);
    },
  );
}

/** A Node of this machine that is older than the one that runs, and of this major version at least. */
export function olderNode(least: number): string | undefined {
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  const majorOf = (node: string): number =>
    Number(spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).stdout?.split(".")[0] || 0);
  return folders
    .map((folder) => join(folder, "node"))
    .find((node) => existsSync(node) && majorOf(node) >= least && majorOf(node) < 24);
}

/** An empty folder in which packages may be installed. */
export function makeHome(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "elsewhere", "private": true, "type": "module" }');
  return folder;
}

/** Without a network. */
export async function install(home: string, ...archives: readonly string[]): Promise<void> {
  await run("npm", ["install", "--no-audit", "--no-fund", "--offline", ...archives], home);
}

/** The archive of a package, compiled from a copy beside `needed`, the archives of packages that it depends on. */
export async function pack(source: string, folder: string, needed: readonly string[] = []): Promise<string> {
  const place = join(folder, `source-${relative(ROOT, source).replaceAll("/", "-")}`);
  makeHome(place);
  await install(place, ...needed);
  const copy = join(place, "package");
  // A build that lies about is not packed.
  const isOurs = (path: string): boolean => !/^(?:dist|node_modules)\b/.test(relative(source, path));
  cpSync(source, copy, { recursive: true, filter: isOurs });
  const told = await run("npm", ["pack", "--json", "--pack-destination", folder], copy);
  const [{ filename }] = JSON.parse(told.slice(told.indexOf("[\n")));
  return join(folder, filename);
}

export function filesOf(installed: string): string[] {
  return globSync("**/*", { cwd: installed })
    .filter((path) => statSync(join(installed, path)).isFile())
    .sort();
}

/** Complaints of publint and arethetypeswrong, none of which is wanted; ESM only is what the packages are meant to be. */
export async function complaints(archive: string, cwd: string): Promise<string[]> {
  const publint = [await npmTool("publint"), archive, "--strict"];
  const attw = [await npmTool("attw"), archive, "--profile", "esm-only", "--no-color", "--no-emoji"];
  const outcomes = await Promise.allSettled([publint, attw].map((args) => run(process.execPath, args, cwd)));
  return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
}

/** Bytes of the module and what it imports, bundled, minified and gzipped; `external` is left out. */
export async function bundledSize(
  entry: string,
  folder: string,
  external: readonly string[] = [],
): Promise<number> {
  const out = join(folder, "bundle.js");
  const flags = [
    "--bundle",
    "--minify",
    "--format=esm",
    "--target=es2022",
    "--log-level=error",
    `--outfile=${out}`,
  ];
  const without = external.map((name) => `--external:${name}`);
  await run(process.execPath, [await npmTool("esbuild"), entry, ...flags, ...without], folder);
  return gzipSync(readFileSync(out), { level: 9 }).length;
}
