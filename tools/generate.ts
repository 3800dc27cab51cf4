// Writes the generated files: openapi.json from the routes of the control plane, project.schema.json from the project room, and of
// openapi.json what the operator SDKs say of each operation.
// Usage: node tools/generate.ts [--check]. With --check it writes nothing, names the files that differ and exits 1 if any does.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../src/base/log.ts";
import { createControlPlane } from "../src/http/app.ts";
import { openApiText, projectSchemaText } from "../src/http/documents.ts";
import { createPortal } from "../src/http/portal.ts";
import { openInstance } from "../src/open.ts";
import { openPeopleOf } from "../src/open-people.ts";
import { compileAllowlist } from "../src/policy/network.ts";
import { readApi } from "./sdk/operations.ts";
import { pythonOperations } from "./sdk/python-operations.ts";
import { pythonShapes } from "./sdk/python-shapes.ts";
import { typescriptOperations, typescriptShapes } from "./sdk/typescript.ts";

const ROOT = join(import.meta.dirname, "..");

/** File name, from the root of the repository, to its text. */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  const data = mkdtempSync(join(tmpdir(), "claviger-generate-"));
  const instance = await openInstance({ data });
  try {
    const ready = async () => ({ ready: true, checks: {} });
    const urls = { portal: "http://127.0.0.1:4002", console: "http://127.0.0.1:4000" };
    const people = await openPeopleOf(instance, { data }, { urls });
    const door = { people, origin: undefined, trustedProxies: compileAllowlist([]) };
    const log = createLog("silent");
    const app = await createControlPlane({ instance, ready, door, log });
    const portal = await createPortal({ instance, door, pages: { files: new Map(), document: "" }, log });
    const openApi = openApiText(app, portal);
    await Promise.all([app.close(), portal.close()]);
    await people.close();
    return { "openapi.json": openApi, "project.schema.json": projectSchemaText(), ...sdkFiles(openApi) };
  } finally {
    await instance.close();
    rmSync(data, { recursive: true, force: true });
  }
}

function sdkFiles(openApi: string): Record<string, string> {
  const api = readApi(JSON.parse(openApi));
  return {
    "sdks/typescript/sdk/src/shapes.ts": formatted(typescriptShapes(api)),
    "sdks/typescript/sdk/src/operations.ts": formatted(typescriptOperations(api)),
    "sdks/python/sdk/src/claviger_sdk/shapes.py": pythonShapes(api),
    "sdks/python/sdk/src/claviger_sdk/_operations.py": pythonOperations(api),
  };
}

/** As `npm run format` would leave it. */
function formatted(code: string): string {
  const biome = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
  const words = [biome, "check", "--write", "--stdin-file-path=generated.ts"];
  return execFileSync(process.execPath, words, { cwd: ROOT, input: code, encoding: "utf8" });
}

/** The names of the files that are not as they would be generated. */
export function staleFiles(files: Readonly<Record<string, string>>, root = ROOT): string[] {
  return Object.entries(files)
    .filter(([name, text]) => readIfThere(join(root, name)) !== text)
    .map(([name]) => name);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const files = await generatedFiles();
  const stale = staleFiles(files);
  const isCheck = process.argv.includes("--check");
  for (const name of stale) {
    if (!isCheck) writeFileSync(join(ROOT, name), files[name]!);
    console.log(`${name} ${isCheck ? "is not up to date: npm run generate" : "written"}`);
  }
  process.exitCode = isCheck && stale.length > 0 ? 1 : 0;
}
