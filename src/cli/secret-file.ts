// Writes a secret to a file of its owner's, whole or not at all. It never makes an existing file's readers the secret's.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CommandFailure, systemWords } from "./failure.ts";
import { EXIT } from "./terminal.ts";

/** Durable, with mode 0600, when it returns. Throws CommandFailure. */
export function writeSecretFile(file: string, text: string): void {
  const fresh = `${file}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    // A mode is given to a file that is made, and to none that a crash has left behind.
    rmSync(fresh, { force: true });
    writeFileSync(fresh, text, { mode: 0o600, flag: "wx", flush: true });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw new CommandFailure(`${file} cannot be written: ${systemWords(error)}`, EXIT.failed);
  }
}
