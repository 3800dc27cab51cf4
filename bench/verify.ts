// How fast a verdict is: in the process against one HMAC of the same key, and over HTTP against a bare server that reads the same
// body and answers the same bytes. Run: npm run bench

import { type ChildProcess, fork } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestKey } from "../src/key/digest.ts";
import { createAccount } from "../src/manage/accounts.ts";
import { createKey } from "../src/manage/create-key.ts";
import { applyProject } from "../src/manage/projects.ts";
import { LOCAL_CALLER } from "../src/manage/save.ts";
import { type Instance, openInstance } from "../src/open.ts";
import { loadProjectText } from "../src/project/load.ts";
import { load } from "./load.ts";
import { BENCH_PROJECTS } from "./projects.ts";
import { compare, timed } from "./rounds.ts";

const ROUNDS = 9;
const IN_PROCESS_CALLS = 200_000;
const HTTP_REQUESTS = 30_000;
const CONNECTIONS = 64;
const HELD_KEYS = 1_000;

async function prepare(data: string): Promise<{ instance: Instance; keysOf: Record<string, string[]> }> {
  const instance = await openInstance({ data });
  const keysOf: Record<string, string[]> = {};
  for (const [name, text] of Object.entries(BENCH_PROJECTS)) {
    await applyProject(instance, LOCAL_CALLER, loadProjectText(text, name));
    keysOf[name] = await createKeys(instance, name, HELD_KEYS);
  }
  return { instance, keysOf };
}

async function createKeys(instance: Instance, project: string, count: number): Promise<string[]> {
  const account = await createAccount(instance, LOCAL_CALLER, project, { name: "Bench" });
  const keys: string[] = [];
  for (let index = 0; index < count; index++) {
    const input = { account: account.id, name: `k${index}`, scopes: ["read", "export"] };
    keys.push((await createKey(instance, LOCAL_CALLER, project, input)).key);
  }
  return keys;
}

async function inProcess(
  instance: Instance,
  project: string,
  target: string | undefined,
  keys: string[],
): Promise<void> {
  const questions = keys.map((text) => ({
    project: instance.directory.project(project)!,
    credential: { kind: "key", text } as const,
    request: target === undefined ? undefined : { method: "GET", target, host: "x" },
  }));
  for (const question of questions) {
    const { code } = await instance.verify(question);
    if (code !== "ok") throw new Error(`the verdict is ${code}`);
  }
  const pepper = Buffer.alloc(32, 7);
  let next = 0;
  const key = (): number => next++ % keys.length;
  const contenders = [
    { name: "verdict", work: () => instance.verify(questions[key()]!) },
    { name: "HMAC-SHA-256 by two one-shot hashes", work: () => digestKey(instance.pepper, keys[key()]!) },
    {
      name: "HMAC-SHA-256 by createHmac",
      work: () => createHmac("sha256", pepper).update(keys[key()]!).digest("base64url"),
    },
  ];
  await compare(
    `Verdicts in the process, project ${project}, ${target === undefined ? "no route" : `route and scope of ${target}`}, one core, ${keys.length} keys in memory`,
    contenders.map(({ name, work }) => ({ name, round: () => timed(IN_PROCESS_CALLS, work) })),
    ROUNDS,
  );
}

interface ServerFacts {
  readonly port: number;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** What the server answers, for the bare server to answer too. */
  readonly answer: string;
}

function startChild(
  mode: string,
  data: string,
  answer?: string,
): Promise<{ child: ChildProcess; facts: ServerFacts }> {
  const script = fileURLToPath(new URL("./verify-server.ts", import.meta.url));
  const child = fork(script, [mode, data, ...(answer === undefined ? [] : [answer])], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("message", (facts) => resolve({ child, facts: facts as ServerFacts }));
    child.once("exit", (code) => reject(new Error(`the ${mode} server ended with ${code}`)));
  });
}

function round({ port, path }: ServerFacts, { headers, body }: ServerFacts): Promise<number> {
  return load({ port, path, headers, body, connections: CONNECTIONS, requests: HTTP_REQUESTS });
}

async function overHttp(data: string): Promise<void> {
  const claviger = await startChild("claviger", data);
  const bare = await startChild("bare", data, claviger.facts.answer);
  try {
    await compare(
      `POST /v1/verify, ${CONNECTIONS} connections, ${HTTP_REQUESTS} requests a round, load from another process on the same ${cpus().length} cores`,
      [
        { name: "claviger", round: () => round(claviger.facts, claviger.facts) },
        {
          name: "bare node:http, same body in, same bytes out",
          round: () => round(bare.facts, claviger.facts),
        },
      ],
      ROUNDS,
    );
  } finally {
    claviger.child.kill();
    bare.child.kill();
  }
}

const data = mkdtempSync(join(tmpdir(), "claviger-bench-"));
try {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`);
  const { instance, keysOf } = await prepare(join(data, "in-process"));
  await inProcess(instance, "plain", undefined, keysOf.plain ?? []);
  await inProcess(instance, "plain", "/exports/2026", keysOf.plain ?? []);
  await inProcess(instance, "limited", "/exports/2026", keysOf.limited ?? []);
  await instance.close();
  await overHttp(join(data, "http"));
} finally {
  rmSync(data, { recursive: true, force: true });
}
