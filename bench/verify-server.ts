// One server of the HTTP benchmark in a process of its own: the control plane, or the bare server it is held against. It tells
// its parent where it listens and what it answers.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLog } from "../src/base/log.ts";
import { createControlPlane } from "../src/http/app.ts";
import { createAccount } from "../src/manage/accounts.ts";
import { createKey } from "../src/manage/create-key.ts";
import { applyProject } from "../src/manage/projects.ts";
import { ensureRootKey } from "../src/manage/root-key.ts";
import { LOCAL_CALLER } from "../src/manage/save.ts";
import { openInstance } from "../src/open.ts";
import { loadProjectText } from "../src/project/load.ts";
import { BENCH_PROJECTS } from "./projects.ts";

const PROJECT = "plain";

async function claviger(data: string): Promise<void> {
  const instance = await openInstance({ data });
  await applyProject(instance, LOCAL_CALLER, loadProjectText(BENCH_PROJECTS[PROJECT]!, PROJECT));
  const account = await createAccount(instance, LOCAL_CALLER, PROJECT, { name: "Bench" });
  const { key } = await createKey(instance, LOCAL_CALLER, PROJECT, {
    account: account.id,
    name: "bench",
    scopes: ["read", "export"],
  });
  let rootKey = "";
  await ensureRootKey(instance, (text) => {
    rootKey = text;
  });
  const app = await createControlPlane({
    instance,
    ready: async () => ({ ready: true, checks: {} }),
    log: createLog("silent"),
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  const path = "/v1/verify";
  const headers = { authorization: `Bearer ${rootKey}`, "content-type": "application/json" };
  const body = JSON.stringify({ project: PROJECT, key, method: "GET", path: "/exports/2026" });
  const answer = await (
    await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body })
  ).text();
  process.send?.({ port, path, headers, body, answer });
}

function bare(answer: string): void {
  const bytes = Buffer.from(answer);
  const headers = { "content-type": "application/json; charset=utf-8", "content-length": bytes.length };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      Buffer.concat(chunks);
      response.writeHead(200, headers);
      response.end(bytes);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ port, path: "/v1/verify", headers: {}, body: "", answer });
  });
}

const [mode, data = "", answer = ""] = process.argv.slice(2);
if (mode === "claviger") await claviger(data);
else bare(answer);
