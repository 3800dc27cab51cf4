// `claviger root-key reset`: a new root key for whoever owns the store. Local: it opens the store itself, so that a server must not be
// running on an embedded one.
import type { Command } from "commander";
import { resetRootKey } from "../manage/root-key.ts";
import { openInstance } from "../open.ts";
import { assertStoreIn } from "./migrate.ts";
import { writeSecretFile } from "./secret-file.ts";
import type { Terminal } from "./terminal.ts";

interface ResetFlags {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly rootKeyFile?: string;
}

export function addRootKey(program: Command, terminal: Terminal): void {
  const { env } = terminal;
  program
    .command("root-key")
    .description("The key of the control plane itself")
    .command("reset")
    .description(
      "Revoke every root key with full access and make a new one; an embedded store must be stopped",
    )
    .option("--data <dir>", "folder of the embedded store (CLAVIGER_DATA)", env.CLAVIGER_DATA ?? "data")
    .option("--database-url <url>", "PostgreSQL, whose nodes may run (CLAVIGER_DATABASE_URL)")
    .option("--root-key-file <file>", "where to write it, mode 0600; without it the key is printed")
    .action(async ({ data, databaseUrl, rootKeyFile }: ResetFlags) => {
      // Not the flag's default: help prints those, and the address holds a password.
      const database = databaseUrl ?? env.CLAVIGER_DATABASE_URL;
      if (database === undefined) assertStoreIn(data);
      const instance = await openInstance({ data, database, pepper: env.CLAVIGER_PEPPER });
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
