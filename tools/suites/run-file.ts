// Runs one test file in a process group of its own and tells what came of it; may not print.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createTally, type Failure, type SuiteEvent, type Tally } from "./tally.ts";

/** How much of a file's own output is kept to be shown when it fails, in characters; the end says most. */
const MAX_OUTPUT_LENGTH = 16_384;
/** How long the pipes of an ended process may stay open: only a process that fled its group holds them. */
const PIPES_GRACE_MS = 2_000;

const REPORTER = new URL("./reporter.ts", import.meta.url).href;
const running = new Set<ChildProcess>();

export interface FileReport extends Tally {
  durationMs: number;
  /** The last part of what the file wrote to stdout and stderr. */
  output: string;
}

export interface RunOptions {
  /** The folder in which the file runs. */
  cwd: string;
  timeoutMs: number;
  /** Called for each failure as it comes. */
  onFailure: (failure: Failure) => void;
}

/**
 * Runs a test file with `node` itself rather than `node --test`, because an error thrown beside the tests then ends
 * the process with a code, where the runner's in-process mode swallows it.
 *
 * A file that crashes, ends before its tests have reported, exceeds its time or has no test is one failure. What
 * is left of its process group afterwards is killed. Never rejects.
 */
export async function runFile(file: string, { cwd, timeoutMs, onFailure }: RunOptions): Promise<FileReport> {
  const startMs = performance.now();
  const tally = createTally();
  const fail = (failure: Failure): void => {
    tally.failed++;
    onFailure(failure);
  };
  const child = start(file, cwd);
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    endGroup(child);
  }, timeoutMs);
  const output = collectOutput(child);
  const events = readEvents(child.stdio[3] as Readable, (event) => {
    const failure = tally.take(event);
    if (failure !== undefined) onFailure(failure);
  });
  const [code, signal] = await exitOf(child);
  clearTimeout(timer);
  endGroup(child);
  running.delete(child);
  await Promise.race([Promise.all([events, output.ended]), delay(PIPES_GRACE_MS, undefined, { ref: false })]);
  for (const pipe of child.stdio) pipe?.destroy();

  if (isTimedOut) fail({ name: "the whole file", message: `not finished after ${timeoutMs / 1000} s` });
  else if (!tally.ended) {
    const how =
      code === 0 ? "ended without a test having been reported" : `crashed (${signal ?? `exit code ${code}`})`;
    fail({ name: "the whole file", message: how });
  } else if (code !== 0 && tally.failed === 0) {
    fail({ name: "the whole file", message: [`exit code ${code}`, ...tally.remarks].join("\n") });
  }
  return { ...tally, durationMs: performance.now() - startMs, output: output.text() };
}

const COMPILE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/claviger-compiled", import.meta.url));

/** Kills every test process that still runs, with all it started. For the end of the runner itself. */
export function endAll(): void {
  for (const child of running) endGroup(child);
}

function start(file: string, cwd: string): ChildProcess {
  // Every test process loads the same sources: compiled once, they load in a fifth less time.
  const env: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env };
  // Set inside a test process; it would make the child speak Node's internal protocol instead of ours.
  delete env.NODE_TEST_CONTEXT;
  const child = spawn(process.execPath, ["--test-reporter", REPORTER, file], {
    cwd,
    env,
    // A process group of its own: what a crashed test leaves behind can be found and ended.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  running.add(child);
  return child;
}

async function exitOf(child: ChildProcess): Promise<[code: number | null, signal: string | null]> {
  try {
    return (await once(child, "exit")) as [number | null, string | null];
  } catch {
    return [null, "could not be started"];
  }
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // No such group: everything has ended already.
  }
}

async function readEvents(pipe: Readable, take: (event: SuiteEvent) => void): Promise<void> {
  for await (const line of createInterface({ input: pipe })) take(parseEvent(line));
}

/** A line that is no event was cut off by the end of its process; what it meant is lost, but not that it was. */
function parseEvent(line: string): SuiteEvent {
  try {
    return JSON.parse(line) as SuiteEvent;
  } catch {
    return { type: "remark", message: `unreadable: ${line}` };
  }
}

function collectOutput(child: ChildProcess): { text: () => string; ended: Promise<unknown> } {
  let text = "";
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null);
  for (const pipe of pipes) {
    pipe.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-MAX_OUTPUT_LENGTH);
    });
  }
  const ended = Promise.all(pipes.map((pipe) => once(pipe, "close")));
  return { text: () => text, ended };
}
