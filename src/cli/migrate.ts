// `claviger migrate`: brings the schema of a store up to this program, or only says whether it is. Local: it opens the store itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { openBareStore, STORE_FILE } from "../open.ts";
import type { BareStore } from "../store/bare.ts";
import { assertKnown, MIGRATIONS } from "../store/sql/migrations.ts";
import { CommandFailure } from "./failure.ts";
import { EXIT, type Terminal } from "./terminal.ts";

interface MigrateFlags {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly check?: boolean;
}

export function addMigrate(program: Command, terminal: Terminal): void {
  const { env } = terminal;
  program
    .command("migrate")
    .description("Bring the schema of a store up to this program, as `serve` does when it starts")
    .option("--data <dir>", "folder of the embedded store (CLAVIGER_DATA)", env.CLAVIGER_DATA ?? "data")
    .option("--database-url <url>", "PostgreSQL instead of the embedded store (CLAVIGER_DATABASE_URL)")
    .option("--check", "change nothing; exit code 3 when the schema is behind")
    .action(async (flags: MigrateFlags) => {
      // Not the flag's default: help prints those, and the address holds a password.
      const database = flags.databaseUrl ?? env.CLAVIGER_DATABASE_URL;
      if (database === undefined) assertStoreIn(flags.data);
      const store = await openBareStore({ data: flags.data, database });
      try {
        await (flags.check === true ? check(store, terminal) : migrate(store, terminal));
      } finally {
        await store.close();
      }
    });
}

/** Opening would make one. Throws CommandFailure. */
export function assertStoreIn(data: string): void {
  if (!existsSync(join(data, STORE_FILE)))
    throw new CommandFailure(`there is no store in ${data}: name its folder with --data`, EXIT.failed);
}

async function migrate(store: BareStore, terminal: Terminal): Promise<void> {
  const before = await store.schema();
  assertKnown(before);
  await store.migrate();
  const after = await store.schema();
  terminal.print(
    before === after
      ? `The schema of ${store.place} is up to date: ${after}.`
      : `Brought the schema of ${store.place} from ${before} to ${after}.`,
  );
}

async function check(store: BareStore, terminal: Terminal): Promise<void> {
  const found = await store.schema();
  assertKnown(found);
  if (found === MIGRATIONS.length) {
    terminal.print(`The schema of ${store.place} is up to date: ${found}.`);
    return;
  }
  terminal.print(`The schema of ${store.place} is ${found}; this program needs ${MIGRATIONS.length}.`);
  terminal.exitCode = EXIT.denied;
}
