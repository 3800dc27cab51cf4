// Builds the pages of the portal and the console into dist/console; may not change anything else.
// Usage: node tools/build-console.ts [--if-needed]. With --if-needed nothing is built that is newer than its sources, and what cannot
// be built is said and no failure: everything but the pages works without them.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const SOURCES = join(ROOT, "console");
const OUT = join(ROOT, "dist/console");
const CONFIG = join(SOURCES, "vite.config.ts");

/** One build for each listener: their paths differ, and neither carries the other's code. */
export const FACES = ["portal", "operator"] as const;
export type Face = (typeof FACES)[number];

/** Whether it is there and no source is newer. */
export function isBuilt(face: Face): boolean {
  const built = join(OUT, face, "index.html");
  return existsSync(built) && statSync(built).mtimeMs >= newest(SOURCES);
}

function newest(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"));
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

/** Into a folder beside its place first, so that a build that fails leaves what was there. */
export async function buildFace(face: Face): Promise<void> {
  const { build } = await import("vite");
  const [place, draft] = [join(OUT, face), join(OUT, `.${face}-${process.pid}`)];
  try {
    await build({
      configFile: CONFIG,
      mode: face,
      logLevel: "warn",
      build: { outDir: draft, emptyOutDir: true },
    });
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function reasonNotTo(): string | undefined {
  if (!existsSync(CONFIG)) return "the sources of the pages are not here";
  try {
    createRequire(import.meta.url).resolve("vite");
    return undefined;
  } catch {
    return "Vite is not installed";
  }
}

if (import.meta.main) {
  const ifNeeded = process.argv.includes("--if-needed");
  const reason = reasonNotTo();
  if (reason !== undefined) console.error(`build-console: ${reason}; nothing was built`);
  else
    for (const face of FACES) {
      if (ifNeeded && isBuilt(face)) continue;
      await buildFace(face).catch((error: Error) => {
        if (!ifNeeded) throw error;
        console.error(`build-console: the ${face} was not built: ${error.message}`);
      });
    }
}
