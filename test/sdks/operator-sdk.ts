// The TypeScript SDK for operators from its source, with the kit's source where its package names the kit; and a `claviger` process of
// its own for a test to operate. It checks nothing itself.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { printed, ROOT, startProcess } from "../support/server-process.ts";

const KIT = pathToFileURL(join(ROOT, "sdks/typescript/client/src/index.ts")).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === "@claviger/client" ? KIT : specifier, context),
});

export const sdk = await import("../../sdks/typescript/sdk/src/index.ts");

/** Fits the form of root keys and was never issued. */
export const ROOT_KEY = "claviger_root_Xk2vT9qLw4RbN7yHc0ZsDf3mPjGa8eUi1o2sKgPA";

export interface Operated {
  /** Of the control plane. */
  readonly url: string;
  readonly gateway: string;
  readonly rootKey: string;
  /** Where each project's host is. */
  readonly hosts: readonly { readonly project: string; readonly host: string; readonly url: string }[];
  /** The folder of its store. */
  readonly data: string;
  end(): Promise<void>;
}

/** A real process with an empty store, and with these flags beside. */
export async function startClaviger(...flags: readonly string[]): Promise<Operated> {
  const folder = mkdtempSync(join(tmpdir(), "claviger-operated-"));
  const secret = join(folder, "root-key");
  const data = join(folder, "data");
  const places = ["--data", data, "--root-key-file", secret];
  const words = ["bin/claviger.mjs", "serve", "--port", "0", "--json", ...places, ...flags];
  const server = startProcess(process.execPath, words);
  const end = async (): Promise<void> => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { controlPlane, gateway, hosts = [] } = JSON.parse(await printed(server, /^\{.*\}\n$/));
    const rootKey = readFileSync(secret, "utf8").trim();
    return { url: controlPlane, gateway, hosts, data, rootKey, end };
  } catch (error) {
    await end();
    throw error;
  }
}
