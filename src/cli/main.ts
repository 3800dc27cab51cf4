// The command line: finds the verb, runs it, and turns what went wrong into one line for people and an exit code for programs.
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { Command, CommanderError } from "commander";
import { ClavigerError } from "../base/errors.ts";
import { ProjectFileError } from "../project/load.ts";
import { addAccounts } from "./accounts.ts";
import { addApply } from "./apply.ts";
import { addCredits } from "./credits.ts";
import { addDocs } from "./docs.ts";
import { CommandFailure } from "./failure.ts";
import { addInit } from "./init.ts";
import { addKeys } from "./keys.ts";
import { addMigrate } from "./migrate.ts";
import { addMove } from "./move.ts";
import { addPeople } from "./people.ts";
import { addRootKey } from "./root-key.ts";
import { addSchema } from "./schema.ts";
import { addSdk } from "./sdk.ts";
import { addServe } from "./serve.ts";
import { EXIT, type Terminal } from "./terminal.ts";
import { addUsage } from "./usage.ts";
import { addVerify } from "./verify.ts";

const COMMANDS = [
  addInit,
  addServe,
  addApply,
  addSchema,
  addDocs,
  addSdk,
  addAccounts,
  addCredits,
  addKeys,
  addUsage,
  addVerify,
  addRootKey,
  addPeople,
  addMigrate,
  addMove,
];

/** Resolves with the process's exit code; never rejects. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  const program = new Command("claviger")
    .description("The API-key layer for your API: issue, verify, limit, meter, rotate and revoke keys.")
    .showHelpAfterError("Run with --help to see what can be said.")
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.warn(text.trimEnd()),
    })
    .exitOverride();
  try {
    for (const add of COMMANDS) add(program, terminal);
    await program.parseAsync([...args], { from: "user" });
    return terminal.exitCode;
  } catch (error) {
    return failure(error, terminal);
  }
}

function failure(error: unknown, terminal: Terminal): number {
  if (error instanceof CommandFailure) {
    terminal.warn(`claviger: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const message = (error as Error).message;
  const lines =
    error instanceof ProjectFileError || error instanceof ClavigerError ? message.split("\n") : [message];
  for (const line of lines) terminal.warn(`claviger: ${line}`);
  return EXIT.failed;
}

function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  return {
    env: process.env,
    print: (text) => void process.stdout.write(`${text}\n`),
    warn: (text) => void process.stderr.write(`${text}\n`),
    ask: (question) => (process.stdin.isTTY ? askPerson(question) : undefined),
    readInput: () => text(process.stdin),
    untilStopped: () =>
      new Promise((resolve) => {
        for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
      }),
    onHangup(run) {
      process.on("SIGHUP", run);
      return () => void process.off("SIGHUP", run);
    },
    exitCode: EXIT.ok,
  };
}

/** Whoever read the output has seen enough: no reason to fail, nor for a server to end. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

async function askPerson(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
