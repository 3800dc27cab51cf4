// Programs that tests need and npm does not bring: found on the machine, else installed as Debian packages. It never lets a test
// pass without them.
import { execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Where Debian keeps programs of which several versions may be installed; they are not on PATH. */
const VERSIONED = "/usr/lib/postgresql/*/bin";

/**
 * Where `name` is: a program on PATH or among Debian's versioned ones (the newest), or a file or folder by its absolute path.
 * Installs `packageName` when it is missing and this process is root. Throws with the command that would mend it.
 */
export function needProgram(name: string, packageName: string): string {
  const found = find(name);
  if (found !== undefined) return found;
  install(packageName);
  const installed = find(name);
  if (installed === undefined)
    throw new Error(`the package ${packageName} is installed, and brought no ${name}`);
  return installed;
}

function find(name: string): string | undefined {
  if (isAbsolute(name)) return existsSync(name) ? name : undefined;
  const onPath = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...onPath, ...versionedFolders()]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function versionedFolders(): string[] {
  return globSync(VERSIONED).sort((one, other) => other.localeCompare(one, "en", { numeric: true }));
}

/** Another test may be installing at the same time. */
const LOCK = "DPkg::Lock::Timeout=120";

function install(packageName: string): void {
  const words = ["install", "-y", "--no-install-recommends", "-o", LOCK, packageName];
  if (process.getuid?.() !== 0) throw new Error(`a test needs this: sudo apt-get ${words.join(" ")}`);
  try {
    aptGet(words);
  } catch {
    // A fresh image has no list of packages.
    aptGet(["update", "-o", LOCK]);
    aptGet(words);
  }
}

function aptGet(words: readonly string[]): void {
  try {
    execFileSync("apt-get", words, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
    });
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new Error(`a test needs this, and it failed: apt-get ${words.join(" ")}\n${stderr}`, {
      cause: error,
    });
  }
}
