// `claviger root-key reset`: a new root key for whoever owns the store. Local: it opens the store itself, so that Claviger
// must not be running.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { resetRootKey } from "../manage/root-key.ts";
import { openInstance, STORE_FILE } from "../open.ts";
import { CommandFailure } from "./failure.ts";
import { writeSecretFile } from "./secret-file.ts";
import { EXIT, type Terminal } from "./terminal.ts";

export function addRootKey(program: Command, terminal: Terminal): void {
  const { env } = terminal;
  program
    .command("root-key")
    .description("The key of the control plane itself")
    .command("reset")
    .description("Revoke every root key with full access and make a new one; Claviger must be stopped")
    .option("--data <dir>", "folder of the embedded store (CLAVIGER_DATA)", env.CLAVIGER_DATA ?? "data")
    .option("--root-key-file <file>", "where to write it, mode 0600; without it the key is printed")
    .action(async ({ data, rootKeyFile }: { data: string; rootKeyFile?: string }) => {
      // Opening would make one, with a pepper and a key for nothing.
      if (!existsSync(join(data, STORE_FILE)))
        throw new CommandFailure(`there is no store in ${data}: name its folder with --data`, EXIT.failed);
      const instance = await openInstance({ data, pepper: env.CLAVIGER_PEPPER });
      try {
        let key = "";
        await resetRootKey(instance, (text) => {
          key = text;
          if (rootKeyFile !== undefined) writeSecretFile(rootKeyFile, `${text}\n`);
        });
        terminal.print(rootKeyFile === undefined ? key : `Wrote the new root key to ${rootKeyFile}.`);
      } finally {
        await instance.close();
      }
    });
}
