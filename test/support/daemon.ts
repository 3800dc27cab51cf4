// A server program that belongs to this test process: started on a loopback port of its own, ended and swept up with the process,
// whatever becomes of it. It may not know what kind of server it is.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Program {
  /** Begins the name of its folder. */
  readonly name: string;
  readonly command: string;
  readonly args: (port: number, folder: string) => readonly string[];
  /** What it prints once it takes connections. */
  readonly ready: RegExp;
  /** Fills the folder before the start. */
  readonly prepare?: (folder: string, user: User) => void;
  /** Ends it at once and cleanly enough that nothing is left in the system. */
  readonly endSignal: NodeJS.Signals;
  /** Users under which it may run when the tests run as root, the first that exists. */
  readonly users?: readonly string[];
}

/** Empty when this process keeps its own. */
export type User = { readonly uid: number; readonly gid: number } | Record<string, never>;

export interface Daemon {
  readonly port: number;
  /** `SIGSTOP` freezes it, `SIGCONT` thaws it. */
  signal(name: NodeJS.Signals): void;
  /** Ends it; its port refuses connections afterwards. */
  stop(): Promise<void>;
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>;
}

interface Ending {
  stop(): Promise<void>;
  /** Without waiting, for a process that ends by a fault or by `process.exit`. */
  abandon(): void;
}

const running = new Set<Ending>();
process.on("beforeExit", async () => {
  const endings = [...running];
  running.clear();
  for (const ending of endings) await ending.stop();
});
process.on("exit", () => {
  for (const ending of running) ending.abandon();
});
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const START_ATTEMPTS = 5;

/** Rejects with what the program said when it does not come up. */
export async function startDaemon(program: Program): Promise<Daemon> {
  sweepFolders(program.name);
  const user = userOf(program.users ?? []);
  const folder = mkdtempSync(join(tmpdir(), `claviger-${program.name}-${process.pid}-`));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const sweep = () => rmSync(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
  program.prepare?.(folder, user);
  const { port, started } = await startSomewhere(program, folder, user);
  let child = started;
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const exited = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(program.endSignal);
    await exited;
  };
  running.add({
    stop: async () => {
      await stop();
      sweep();
    },
    abandon: () => {
      child.kill("SIGCONT");
      child.kill(program.endSignal);
      sweep();
    },
  });
  return {
    port,
    stop,
    signal: (name) => void child.kill(name),
    restart: async () => {
      await stop();
      child = await startOn(port, program, folder, user);
    },
  };
}

/** Somebody may take a free port before the program does. */
async function startSomewhere(program: Program, folder: string, user: User) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, started: await startOn(port, program, folder, user) };
    } catch (error) {
      if (attempt === START_ATTEMPTS || !/address already in use/i.test((error as Error).message))
        throw error;
    }
  }
}

/** In this process's group, so that whoever kills the group kills it too. */
async function startOn(port: number, program: Program, folder: string, user: User): Promise<ChildProcess> {
  const { command, args, ready } = program;
  const child = spawn(command, args(port, folder), {
    ...user,
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said = `${said}${chunk}`.slice(-16_384);
      if (ready.test(said)) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`${command} ended (${code ?? signal}):\n${said}`)));
  });
  // The process of the tests may end while its servers run.
  child.unref();
  for (const pipe of [child.stdout, child.stderr]) (pipe as typeof pipe & { unref(): void }).unref();
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Some servers refuse to run as root. */
function userOf(names: readonly string[]): User {
  if (process.getuid?.() !== 0) return {};
  for (const name of names) {
    try {
      const id = (kind: string) =>
        Number(execFileSync("id", [kind, name], { encoding: "utf8", stdio: "pipe" }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // No such user here: the next.
    }
  }
  return {};
}

/** Those of processes that were killed before they could sweep. */
function sweepFolders(name: string): void {
  for (const folder of readdirSync(tmpdir())) {
    const pid = new RegExp(`^claviger-${name}-(\\d+)-`).exec(folder)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(tmpdir(), folder), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
