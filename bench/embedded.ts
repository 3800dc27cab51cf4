// What the plain verbs cost: verify() of an open Claviger against the engine's own, which takes a question that is read already.
// Run: node bench/embedded.ts
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "../src/index.ts";
import { createAccount } from "../src/manage/accounts.ts";
import { createKey } from "../src/manage/create-key.ts";
import { applyProject } from "../src/manage/projects.ts";
import { LOCAL_CALLER } from "../src/manage/save.ts";
import { openInstance } from "../src/open.ts";
import { compare } from "./rounds.ts";

const ROUNDS = 9;
const CALLS = 100_000;
const ACME = { name: "acme", scopes: { read: "Read" }, routes: [{ match: "/words", scopes: ["read"] }] };

/** Calls a second, each waited for. */
async function rate(ask: () => unknown): Promise<number> {
  const start = performance.now();
  for (let count = 0; count < CALLS; count++) await ask();
  return CALLS / ((performance.now() - start) / 1000);
}

const data = mkdtempSync(join(tmpdir(), "claviger-bench-"));
try {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`);
  const instance = await openInstance({ data: join(data, "engine") });
  await applyProject(instance, LOCAL_CALLER, { file: ACME });
  const { id } = await createAccount(instance, LOCAL_CALLER, "acme", { name: "Bench" });
  const made = await createKey(instance, LOCAL_CALLER, "acme", {
    account: id,
    name: "one",
    scopes: ["read"],
  });
  const claviger = await open({ data: join(data, "open") });
  await claviger.projects.apply(ACME);
  const account = (await claviger.accounts.create("acme", { name: "Bench" })).id;
  const { key } = await claviger.keys.create("acme", { account, name: "one", scopes: ["read"] });
  const engineQuestion = {
    project: instance.directory.project("acme")!,
    credential: { kind: "key", text: made.key } as const,
    request: { method: "GET", target: "/words", host: "x" },
  };
  const request = new Request("http://acme.localhost/words", { headers: { authorization: `Bearer ${key}` } });
  const contenders = [
    { name: "the engine's verify", ask: () => instance.verify(engineQuestion) },
    { name: "verify({ key })", ask: () => claviger.verify({ project: "acme", key }) },
    {
      name: "verify({ key, method, path })",
      ask: () => claviger.verify({ project: "acme", key, method: "GET", path: "/words" }),
    },
    { name: "verify({ request })", ask: () => claviger.verify({ project: "acme", request }) },
  ];
  await compare(
    `Verdicts waited for one after the other, ${CALLS} a round, one key in memory`,
    contenders.map(({ name, ask }) => ({ name, round: () => rate(ask) })),
    ROUNDS,
  );
  await claviger.close();
  await instance.close();
} finally {
  rmSync(data, { recursive: true, force: true });
}
