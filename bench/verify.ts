// How fast a verdict is: in the process against one HMAC of the same key, and over HTTP against a bare server that reads the same
// body and answers the same bytes. Run: npm run bench

import { type ChildProcess, fork } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledProjectFiles } from "../src/cli/files.ts";
import { digestKey } from "../src/key/digest.ts";
import { createAccount } from "../src/manage/accounts.ts";
import { createKey } from "../src/manage/create-key.ts";
import { applyProject } from "../src/manage/projects.ts";
import { LOCAL_CALLER } from "../src/manage/save.ts";
import { type Instance, openInstance } from "../src/open.ts";
import { loadProjectText } from "../src/project/load.ts";
import { load } from "./load.ts";
import { compare, timed } from "./rounds.ts";

const ROUNDS = 9;
const IN_PROCESS_CALLS = 200_000;
const HTTP_REQUESTS = 30_000;
const CONNECTIONS = 64;
const HELD_KEYS = 1_000;
const PROJECT = "nudg3";

async function prepare(data: string): Promise<{ instance: Instance; keys: string[] }> {
  const instance = await openInstance({ data });
  const file = bundledProjectFiles().find((name) => name.endsWith(`${PROJECT}.yaml`))!;
  await applyProject(instance, LOCAL_CALLER, loadProjectText(readFileSync(file, "utf8"), file));
  const account = await createAccount(instance, LOCAL_CALLER, PROJECT, { name: "Bench" });
  const keys: string[] = [];
  for (let index = 0; index < HELD_KEYS; index++) {
    const created = await createKey(instance, LOCAL_CALLER, PROJECT, {
      account: account.id,
      name: `k${index}`,
      tier: "premium",
    });
    keys.push(created.key);
  }
  return { instance, keys };
}

async function inProcess(instance: Instance, keys: readonly string[]): Promise<void> {
  const project = instance.directory.project(PROJECT)!;
  const questions = keys.map((text) => ({ project, credential: { kind: "key", text } as const }));
  const routed = questions.map((question) => ({
    ...question,
    request: { method: "GET", target: "/exports/2026", host: "x" },
  }));
  for (const question of questions) await instance.verify(question);
  const pepper = Buffer.alloc(32, 7);
  let next = 0;
  const key = (): number => next++ % keys.length;
  await compare(
    `Verdicts in the process, one core, ${HELD_KEYS} keys in memory`,
    [
      { name: "verdict", round: () => timed(IN_PROCESS_CALLS, () => instance.verify(questions[key()]!)) },
      {
        name: "HMAC-SHA-256 by two one-shot hashes",
        round: () => timed(IN_PROCESS_CALLS, () => digestKey(instance.pepper, keys[key()]!)),
      },
      {
        name: "HMAC-SHA-256 by createHmac",
        round: () =>
          timed(IN_PROCESS_CALLS, () =>
            createHmac("sha256", pepper).update(keys[key()]!).digest("base64url"),
          ),
      },
    ],
    ROUNDS,
  );
  await compare(
    "The same with route and scope",
    [
      {
        name: "verdict with route",
        round: () => timed(IN_PROCESS_CALLS, () => instance.verify(routed[key()]!)),
      },
      {
        name: "HMAC-SHA-256 by two one-shot hashes",
        round: () => timed(IN_PROCESS_CALLS, () => digestKey(instance.pepper, keys[key()]!)),
      },
    ],
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
  const { instance, keys } = await prepare(join(data, "in-process"));
  await inProcess(instance, keys);
  await instance.close();
  await overHttp(join(data, "http"));
} finally {
  rmSync(data, { recursive: true, force: true });
}
