// The whole product as a process, with its pages built: what a browser is pointed at.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { buildFace, FACES, isBuilt } from "../../tools/build-console.ts";
import { folderFor } from "../support/folder.ts";
import { printed, startProcess } from "../support/server-process.ts";

export interface Product {
  readonly portal: string;
  readonly controlPlane: string;
  /** For the first operator; good once. */
  readonly setupLink: string;
  readonly hosts: readonly { readonly project: string; readonly host: string; readonly url: string }[];
  /** An operation of the control plane, with the root key. */
  ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Whatever the process has written. */
  log(): string;
}

interface Ready {
  readonly portal: string;
  readonly controlPlane: string;
  readonly setupLink: string;
  readonly hosts: Product["hosts"];
}

/** With the five bundled projects and their sample upstreams, in a folder that goes away with the test. */
export async function startProduct(context: TestContext, flags: readonly string[] = []): Promise<Product> {
  for (const face of FACES) if (!isBuilt(face)) await buildFace(face);
  const folder = folderFor(context);
  const rootKeyFile = join(folder, "root.key");
  const words = ["serve", "--demo", "--data", join(folder, "data"), "--port", "0", "--json"];
  const server = startProcess(process.execPath, [
    ...["bin/claviger.mjs", ...words],
    ...["--root-key-file", rootKeyFile, ...flags],
  ]);
  context.after(() => server.kill());
  const screen = await printed(server, /^\{.*\}\n/m);
  const ready = JSON.parse(/^\{.*\}$/m.exec(screen)?.[0] ?? "{}") as Ready;
  const rootKey = readFileSync(rootKeyFile, "utf8").trim();
  return {
    ...ready,
    // Beside the root key, which keeps both out of the log.
    setupLink: readFileSync(`${rootKeyFile}-setup-link`, "utf8").trim(),
    log: () => server.stdout() + server.stderr(),
    ask: <Answer>(method: string, path: string, body?: unknown) =>
      ask<Answer>(ready.controlPlane + path, method, rootKey, body),
  };
}

async function ask<Answer>(url: string, method: string, rootKey: string, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${rootKey}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}
