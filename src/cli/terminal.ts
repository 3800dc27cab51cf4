// The edge of the command: streams, environment, signals and exit codes, handed in so that commands can be run in a test.
import { InvalidArgumentError } from "commander";

/** Documented in docs/cli.md. */
export const EXIT = { ok: 0, failed: 1, usage: 2, denied: 3, unreachable: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One answer, to standard output, with a line end. */
  print(text: string): void;
  /** For people, to standard error. */
  warn(text: string): void;
  /** `undefined` where nobody can answer. */
  ask(question: string): Promise<string> | undefined;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Resolves at SIGTERM or SIGINT. */
  untilStopped(): Promise<void>;
  /** At each SIGHUP; the answer ends it. */
  onHangup(run: () => void): () => void;
  exitCode: number;
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("a port is a number from 0 to 65535");
  return port;
}

export function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}
