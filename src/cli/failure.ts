// What a command cannot do, in words for whoever typed it, with the exit code that programs see.
import { readFileSync, writeFileSync } from "node:fs";
import { getSystemErrorMessage } from "node:util";
import { EXIT, type ExitCode } from "./terminal.ts";

/** A refusal that has been put into words; the exit code is part of the contract. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A file that somebody named. Throws CommandFailure. */
export function readNamedFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read: ${systemWords(error)}`, EXIT.failed);
  }
}

/** Throws CommandFailure. */
export function writeNamedFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandFailure(`${file} cannot be written: ${systemWords(error)}`, EXIT.failed);
  }
}

/** `no such file or directory` rather than `ENOENT: no such file or directory, open '…'`. */
export function systemWords(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
