// Runs the command line in the test's own process: what it is told, what it is asked for, and what it says and returns.
import type { TestContext } from "node:test";
import { main } from "../../src/cli/main.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export interface Told {
  readonly env?: Readonly<Record<string, string>>;
  /** To what it asks, in turn; without them there is nobody to ask. */
  readonly answers?: readonly string[];
  /** Standard input. */
  readonly input?: string;
}

export interface Ran {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
  readonly asked: readonly string[];
}

interface MadeUpTerminal extends Terminal {
  readonly onHangups: Set<() => void>;
  readonly out: string[];
  readonly err: string[];
  readonly asked: string[];
}

function madeUpTerminal({ env = {}, answers, input }: Told, stopped: Promise<void>): MadeUpTerminal {
  const left = answers && [...answers];
  const [out, err, asked]: [string[], string[], string[]] = [[], [], []];
  const onHangups = new Set<() => void>();
  return {
    out,
    err,
    asked,
    env: { CLAVIGER_LOG: "silent", ...env },
    print: (text) => void out.push(`${text}\n`),
    warn: (text) => void err.push(`${text}\n`),
    ask(question) {
      asked.push(question);
      return left && Promise.resolve(left.shift() ?? "");
    },
    readInput: async () => {
      if (input === undefined) throw new Error("standard input was read, and none was given");
      return input;
    },
    untilStopped: () => stopped,
    onHangups,
    onHangup(run) {
      onHangups.add(run);
      return () => void onHangups.delete(run);
    },
    exitCode: 0,
  };
}

/** Any command but `serve`. */
export async function run(args: readonly string[], told: Told = {}): Promise<Ran> {
  const terminal = madeUpTerminal(told, Promise.resolve());
  const code = await main(args, terminal);
  return { code, out: terminal.out.join(""), err: terminal.err.join(""), asked: terminal.asked };
}

export interface Served {
  /** What was printed when it was ready. */
  readonly banner: string;
  /** As SIGHUP. */
  hangUp(): void;
  /** Idempotent. Resolves with the exit code, after the drain. */
  stop(): Promise<number>;
}

/** `serve` with these flags, stopped at the latest when the test ends. Rejects with what it said when it does not start. */
export async function serve(
  context: TestContext,
  flags: readonly string[],
  told: Told = {},
): Promise<Served> {
  const stopped = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<string>();
  const terminal = madeUpTerminal(told, stopped.promise);
  const ended = main(["serve", ...flags], { ...terminal, print: ready.resolve });
  const stop = (): Promise<number> => {
    stopped.resolve();
    return ended;
  };
  context.after(stop);
  void ended.then((code) => ready.reject(new Error(`exit code ${code}: ${terminal.err.join("")}`)));
  const hangUp = (): void => {
    for (const run of terminal.onHangups) run();
  };
  return { banner: await ready.promise, hangUp, stop };
}
