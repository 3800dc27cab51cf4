// Claviger as a process of its own: started, listened to, signalled, and gone with all it started when the test ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

export interface ProcessOptions {
  readonly cwd?: string;
  /** Beside what this process has; CLAVIGER_ variables are not inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another user than that of the tests; only root can name one. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  readonly exited: Promise<Exit>;
  /** To the process that was started, and to none of its own. */
  signal(name: NodeJS.Signals): void;
  /** Whether the process, or one that it started, is still there. */
  isAlive(): boolean;
  /** Ends the whole process group at once. Idempotent. */
  kill(): Promise<void>;
}

/** Started in a process group of its own, so that what it starts can be found. */
export function startProcess(
  command: string,
  args: readonly string[],
  { cwd = ROOT, env = {}, user = undefined }: ProcessOptions = {},
): ServerProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("CLAVIGER_"));
  const child = spawn(command, args, {
    ...user,
    cwd,
    env: { ...Object.fromEntries(inherited), npm_config_update_notifier: "false", ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid ?? 0;
  const texts = { stdout: collect(child.stdout), stderr: collect(child.stderr) };
  const exited = exitOf(child);
  return {
    ...texts,
    pid,
    exited,
    signal: (name) => void child.kill(name),
    isAlive: () => signalGroup(pid, 0),
    kill: async () => {
      signalGroup(pid, "SIGKILL");
      await exited;
    },
  };
}

function collect(pipe: NodeJS.ReadableStream): () => string {
  let text = "";
  pipe.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** Once its pipes are closed as well: what it said is complete then. */
async function exitOf(child: ChildProcess): Promise<Exit> {
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

/** Answers whether there was such a group. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid === 0) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Resolves with standard output once it fits. Rejects with all that was said when the process ends before. */
export async function printed(server: ServerProcess, wanted: RegExp): Promise<string> {
  let ended: Exit | undefined;
  void server.exited.then((exit) => {
    ended = exit;
  });
  for (;;) {
    if (wanted.test(server.stdout())) return server.stdout();
    if (ended !== undefined)
      throw new Error(`ended with ${ended.code ?? ended.signal}: ${server.stdout()}${server.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
