// A Python with the packages that the published client code needs, in a virtual environment below node_modules, made once.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { needProgram } from "./debian.ts";
import { ROOT } from "./server-process.ts";

/** The path of a `python` that has these packages, each with its version. Throws with pip's words when they cannot be had. */
export function pythonWith(...packages: readonly string[]): string {
  const name = createHash("sha256").update(packages.join("\n")).digest("hex").slice(0, 16);
  const folder = join(ROOT, "node_modules/.cache/claviger-python", name);
  const python = join(folder, "bin/python");
  if (existsSync(python)) return python;
  // Made beside and moved into place, so that nobody finds half of it. Scripts in bin/ would name the old place; python does not.
  const draft = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  makeEnvironment(draft);
  if (packages.length > 0)
    run(join(draft, "bin/python"), [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      ...packages,
    ]);
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another test was faster.
    if (!existsSync(python)) throw error;
    rmSync(draft, { recursive: true });
  }
  return python;
}

function makeEnvironment(folder: string): void {
  const python = needProgram("python3", "python3");
  try {
    run(python, ["-m", "venv", folder]);
  } catch {
    // Debian ships the module apart from Python.
    rmSync(folder, { recursive: true, force: true });
    needProgram("/usr/share/python-wheels", "python3-venv");
    run(python, ["-m", "venv", folder]);
  }
}

function run(program: string, args: readonly string[]): void {
  try {
    execFileSync(program, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")} failed: ${stderr ?? ""}${stdout ?? ""}`, { cause: error });
  }
}

/** A folder with these packages and what they need, each as a wheel for this Python, brought once: for installing without a network. */
export function wheelsOf(...packages: readonly string[]): string {
  const name = createHash("sha256").update(packages.join("\n")).digest("hex").slice(0, 16);
  const folder = join(ROOT, "node_modules/.cache/claviger-wheels", name);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  const options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--dest", draft];
  run(pythonWith(), ["-m", "pip", "download", ...options, ...packages]);
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another test was faster.
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true });
  }
  return folder;
}

/** The path of a `python` of its own in `folder`, with these packages out of these folders of wheels and from nowhere else. */
export function pythonOffline(
  folder: string,
  wheels: readonly string[],
  packages: readonly string[],
): string {
  makeEnvironment(folder);
  const python = join(folder, "bin/python");
  const links = wheels.flatMap((place) => ["--find-links", place]);
  run(python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-index",
    ...links,
    ...packages,
  ]);
  return python;
}
