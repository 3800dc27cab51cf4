// A Claviger that serves one project out of a file, and the commands that speak to it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { folderFor } from "../support/folder.ts";
import { type Ran, run, serve, type Told } from "./made-up-terminal.ts";

/** Scopes, tiers and plans enough to use every flag. */
export const ACME = `name: acme
title: Acme
hosts: [acme.localhost]
keys: { format: "acme_{env}_{secret:32}" }
scopes: { "notes:read": Read notes, "notes:write": Write notes }
tiers: { small: { scopes: ["notes:read"] }, full: { scopes: ["notes:read", "notes:write"] } }
plans: { free: { features: [] }, pro: { features: all } }
routes:
  - { match: GET /v1/notes/**, scopes: ["notes:read"] }
  - { match: POST /v1/notes, scopes: ["notes:write"] }
`;

export interface ServedAcme {
  readonly folder: string;
  readonly data: string;
  readonly file: string;
  readonly url: string;
  readonly gateway: string;
  readonly rootKey: string;
  /** A client command, with the address and the root key in its environment. */
  run(args: readonly string[], told?: Told): Promise<Ran>;
  /** The same with `--json`, which has to succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  json(...args: string[]): Promise<any>;
  stop(): Promise<number>;
}

export async function serveAcme(context: TestContext, yaml = ACME): Promise<ServedAcme> {
  const folder = folderFor(context);
  const [data, file] = [join(folder, "data"), join(folder, "acme.yaml")];
  writeFileSync(file, yaml);
  const { banner, stop } = await serve(context, ["--json", "--port", "0", "--data", data, "--project", file]);
  const { controlPlane, gateway, rootKey } = JSON.parse(banner);
  const env = { CLAVIGER_URL: controlPlane, CLAVIGER_ROOT_KEY: rootKey };
  const runHere = (args: readonly string[], told: Told = {}) =>
    run(args, { ...told, env: { ...env, ...told.env } });
  return {
    folder,
    data,
    file,
    url: controlPlane,
    gateway,
    rootKey,
    run: runHere,
    async json(...args) {
      const { code, out, err } = await runHere([...args, "--json"]);
      if (code !== 0) throw new Error(`exit code ${code}: ${err}`);
      return JSON.parse(out);
    },
    stop,
  };
}
