// A real server in a process of its own, on free ports, that can be killed at any moment.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../bin/claviger.mjs", import.meta.url));
const PROJECT_FILE = fileURLToPath(new URL("../../projects/nudg3.yaml", import.meta.url));

export interface Server {
  readonly url: string;
  readonly rootKey: string;
  /** SIGKILL, and wait until it is dead. */
  kill(): Promise<void>;
}

export async function startServer(data: string): Promise<Server> {
  const rootKeyFile = join(data, "root-key");
  const flags = [
    "--project",
    PROJECT_FILE,
    "--data",
    data,
    "--root-key-file",
    rootKeyFile,
    "--port",
    "0",
    "--json",
  ];
  const child = spawn(process.execPath, [PROGRAM, "serve", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await firstLine(child);
  return {
    url,
    rootKey: readFileSync(rootKeyFile, "utf8").trim(),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const dead = once(child, "exit");
      child.kill("SIGKILL");
      await dead;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the server ended with ${code} before it was ready`);
  });
  const [line] = (await Promise.race([once(lines, "line"), ended])) as [string];
  ended.catch(() => {});
  return (JSON.parse(line) as { controlPlane: string }).controlPlane;
}
