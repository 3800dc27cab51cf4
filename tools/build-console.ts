// Builds the pages of the portal and the console into dist/console; may not change anything else.
// Usage: node tools/build-console.ts [--if-missing]. Where Vite or the sources are not installed it says so and does nothing.
import { existsSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const OUT = join(ROOT, "dist/console");
const CONFIG = join(ROOT, "console/vite.config.ts");

/** One build for each listener: their paths differ, and neither carries the other's code. */
const FACES = ["portal", "operator"] as const;

export function isBuilt(): boolean {
  return FACES.every((face) => existsSync(join(OUT, face, "index.html")));
}

/** Each into a folder beside its place first, so that a build that fails leaves what was there. */
export async function buildConsole(): Promise<void> {
  const { build } = await import("vite");
  for (const mode of FACES) {
    const [place, draft] = [join(OUT, mode), join(OUT, `.${mode}`)];
    await build({
      configFile: CONFIG,
      root: join(ROOT, "console"),
      mode,
      logLevel: "warn",
      build: { outDir: draft, emptyOutDir: true },
    });
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
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
  const reason = reasonNotTo();
  if (reason !== undefined) console.error(`build-console: ${reason}; nothing was built`);
  else if (!process.argv.includes("--if-missing") || !isBuilt()) await buildConsole();
}
