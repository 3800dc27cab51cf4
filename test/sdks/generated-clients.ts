// What the tests of generated client packages share: each vendor behind a gateway of its own, under names that every language resolves,
// and the package that `claviger sdk` writes for it. It checks nothing itself.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledProjectFiles } from "../../src/cli/files.ts";
import { loadProjectText } from "../../src/project/load.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import { run } from "../cli/made-up-terminal.ts";
import { type GatewayUnderTest, startGateway } from "../support/gateway.ts";

export const VENDORS = ["kugelaudio", "murmr", "nohuman", "nudg3", "nur"] as const;
export type Vendor = (typeof VENDORS)[number];

export interface ServedVendor {
  readonly vendor: Vendor;
  readonly gateway: GatewayUnderTest;
  /** Its project file, with the addresses at which it is served here. */
  readonly file: string;
  readonly baseUrl: string;
  /** Of the second host, where the vendor has one. */
  readonly otherUrl: string;
}

/** The first host becomes localhost, the second 127.0.0.1; nothing else of the project file is changed. */
export async function serveVendor(vendor: Vendor, folder: string): Promise<ServedVendor> {
  const gateway = await startGateway({ files: [] });
  const baseUrl = `http://localhost:${gateway.port}`;
  const otherUrl = `http://127.0.0.1:${gateway.port}`;
  const path = bundledProjectFiles().find((one) => one.endsWith(`/${vendor}.yaml`)) ?? assert.fail(vendor);
  const project = loadProjectText(readFileSync(path, "utf8"), vendor).file;
  const regions = Object.fromEntries(Object.keys(project.regions ?? {}).map((name) => [name, otherUrl]));
  const moved: ProjectFile = {
    ...project,
    hosts: (project.hosts ?? []).map((entry, index) => {
      const host = index === 0 ? "localhost" : "127.0.0.1";
      return typeof entry === "string" ? host : { ...entry, host };
    }),
    client: { ...project.client, baseUrl, regions },
  };
  const file = join(folder, `${vendor}.json`);
  writeFileSync(file, JSON.stringify(moved));
  await gateway.apply(JSON.stringify(moved));
  return { vendor, gateway, file, baseUrl, otherUrl };
}

/** As a vendor would type it. */
export async function writeClient(
  file: string,
  language: "python" | "typescript",
  out: string,
): Promise<void> {
  const { code, err } = await run(["sdk", file, "--lang", language, "--out", out]);
  assert.equal(code, 0, err);
}

/** Paths whose names mean something to a language, a library or the client itself. */
export const TRICKY = `name: tricky
title: "It's \\"tricky\\" \${x} */ '''"
client: { className: CALLS, environmentVariable: SELF, baseUrl: "https://tricky.example/base/it$x" }
credentials: { bearer: false, headers: [X-Api-Key] }
routes:
${[
  "property",
  "str",
  "list",
  "type",
  "object",
  "groups",
  "promise",
  "string",
  "text",
  "stream",
  "name",
  "client",
  "segment",
]
  .map(
    (name) =>
      `  - { match: ["GET /v1/${name}", "GET /v1/${name}/{${name}}", "POST /v1/${name}/{id}/${name}"] }\n`,
  )
  .join("")}  - { match: "PUT /v1/it's/{class}/{default}/{Any}/~x/**" }
  - { match: "DELETE /v1/a/{body}/{options}/{below}/{under}/{path}/**" }
`;
