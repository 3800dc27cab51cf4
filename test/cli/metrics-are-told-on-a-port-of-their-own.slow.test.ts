// Promise: a monitoring system reads verdicts by project and code, and how the instance stands, on loopback, without a key; nothing of an
// account, a key or an address is told, and nothing else is served there.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { serve } from "./made-up-terminal.ts";

test("verdicts are counted by project and code, and nobody is named", async (context) => {
  const folder = folderFor(context);
  const file = join(folder, "acme.yaml");
  writeFileSync(
    file,
    "name: acme\nkeys: { format: 'acme_{env}_{secret:32}' }\nroutes: [{ match: GET /x }]\n",
  );
  const flags = ["--json", "--port", "0", "--data", join(folder, "data"), "--project", file];
  const { banner } = await serve(context, flags);
  const { controlPlane, metrics, rootKey } = JSON.parse(banner);
  assert.equal(new URL(metrics).hostname, "127.0.0.1");
  const post = async (path: string, body: unknown) => {
    const headers = {
      authorization: `Bearer ${rootKey}`,
      "content-type": "application/json",
    };
    const answer = await fetch(`${controlPlane}${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
    return (await answer.json()) as any;
  };
  const account = await post("/v1/projects/acme/accounts", { name: "Secretive customer" });
  const { id, key } = await post("/v1/projects/acme/keys", { account: account.id, name: "Secretive key" });
  const question = { project: "acme", method: "GET", path: "/x" };
  for (const asked of [key, key, "acme_live_wrong", key.replace(/.$/, "_")])
    await post("/v1/verify", { ...question, key: asked });
  const read = async () => (await fetch(metrics)).text();
  const told = await read();
  assert.match(told, /^claviger_verdicts_total\{project="acme",code="ok"\} 2$/m);
  assert.match(told, /^claviger_verdicts_total\{project="acme",code="invalid_key"\} 2$/m);
  assert.match(told, /^claviger_store_down 0$/m);
  assert.match(told, /^claviger_stale_admissions_total 0$/m);
  assert.match(told, /^process_resident_memory_bytes \d+$/m);
  assert.match(
    await read(),
    /^claviger_verdicts_total\{project="acme",code="ok"\} 2$/m,
    "reading counts nothing",
  );
  for (const secret of [key, id, account.id, "Secretive"]) assert.ok(!told.includes(secret));
  assert.equal((await fetch(new URL("/v1/projects", metrics))).status, 404);
  assert.equal((await fetch(metrics, { method: "POST" })).status, 405);
});
