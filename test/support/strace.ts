// Stands between a process and its system calls with strace: watches them, ends the process at a chosen one, or lets one fail. Linux
// only.
import { setTimeout as delay } from "node:timers/promises";
import { needProgram } from "./debian.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface Watch {
  /** Only calls about these files count. */
  readonly paths: readonly string[];
  /** Names of system calls. */
  readonly calls: readonly string[];
  /** What happens to which, in strace's words, such as `write:signal=KILL:when=3`; each name is counted for itself. */
  readonly inject?: string;
}

export interface Watched {
  /** The names of the calls so far, in their order. */
  calls(): string[];
  /** Lets the process go on unwatched. Idempotent. */
  detach(): Promise<void>;
}

/** Resolves once the process, with all its threads, makes no call that is not seen. Throws when it may not be watched. */
export async function watch(pid: number, { paths, calls, inject }: Watch): Promise<Watched> {
  const strace = startProcess(needProgram("strace", "strace"), [
    ...["-f", "-p", String(pid), "-e", `trace=${calls.join(",")}`],
    ...(inject === undefined ? [] : ["-e", `inject=${inject}`]),
    ...paths.flatMap((path) => ["-P", path]),
  ]);
  await attached(strace);
  return {
    calls: () =>
      [...strace.stderr().matchAll(/^(?:\[pid +\d+\] )?([a-z0-9_]+)\(/gm)].map(([, name]) => name!),
    async detach() {
      strace.signal("SIGTERM");
      await strace.exited;
    },
  };
}

async function attached(strace: ServerProcess): Promise<void> {
  let hasEnded = false;
  void strace.exited.then(() => {
    hasEnded = true;
  });
  while (!/ attached/.test(strace.stderr())) {
    if (hasEnded)
      throw new Error(
        `strace may not watch here (root may, or sysctl kernel.yama.ptrace_scope=0): ${strace.stderr()}`,
      );
    await delay(2);
  }
}
