// `claviger move`: copies the embedded store of a stopped server into an empty PostgreSQL that several nodes can share, and shows that
// the copy holds the same. Local: it opens both itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { openBareStore } from "../open.ts";
import type { BareStore } from "../store/bare.ts";
import { checkMove, moveStore } from "../store/sql/move.ts";
import type { Compared } from "../store/sql/sums.ts";
import { CommandFailure } from "./failure.ts";
import { assertStoreIn } from "./migrate.ts";
import { EXIT, type Terminal } from "./terminal.ts";

interface MoveFlags {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly yes?: boolean;
}

export function addMove(program: Command, terminal: Terminal): void {
  const { env } = terminal;
  program
    .command("move")
    .description("Copy the embedded store into an empty PostgreSQL; Claviger must be stopped")
    .option("--data <dir>", "folder of the embedded store (CLAVIGER_DATA)", env.CLAVIGER_DATA ?? "data")
    .option("--database-url <url>", "the empty PostgreSQL (CLAVIGER_DATABASE_URL)")
    .option("--yes", "do not ask")
    .action(async (flags: MoveFlags) => {
      const { data, databaseUrl = env.CLAVIGER_DATABASE_URL } = flags;
      if (databaseUrl === undefined)
        throw new CommandFailure("where to? Name the database with --database-url", EXIT.usage);
      assertStoreIn(data);
      const from = await openBareStore({ data });
      try {
        await moveInto(databaseUrl, from, flags, terminal);
      } finally {
        await from.close();
      }
    });
}

async function moveInto(url: string, from: BareStore, flags: MoveFlags, terminal: Terminal): Promise<void> {
  const to = await openBareStore({ data: flags.data, database: url });
  try {
    await checkMove(from, to);
    if (flags.yes !== true) await confirm(from, to, terminal);
    terminal.print(table(await moveStore(from, to)));
    terminal.print(afterwords(from, to, flags.data));
  } finally {
    await to.close();
  }
}

async function confirm(from: BareStore, to: BareStore, terminal: Terminal): Promise<void> {
  const answer = terminal.ask(`Copy all of ${from.place} into ${to.place}? [y/N] `);
  if (answer === undefined) throw new CommandFailure("nobody to ask: add --yes to move", EXIT.usage);
  if (!/^y(es)?$/i.test((await answer).trim())) throw new CommandFailure("not moved", EXIT.failed);
}

function table(compared: readonly Compared[]): string {
  const rows = [
    ["", "embedded", "database"],
    ...compared.map(({ what, source, target }) => [what, String(source), String(target)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(([what, source, target]) =>
      [what!.padEnd(widths[0]!), source!.padStart(widths[1]!), target!.padStart(widths[2]!)].join("  "),
    )
    .join("\n");
}

function afterwords(from: BareStore, to: BareStore, data: string): string {
  const pepper = join(data, "pepper");
  const where = existsSync(pepper) ? `it is in ${pepper}` : "the one that it was served with";
  return [
    "",
    `All of ${from.place} is in ${to.place}.`,
    `Give every node the pepper of this store as CLAVIGER_PEPPER: ${where}.`,
    `Start no server on ${data} any more: the two would go different ways.`,
  ].join("\n");
}
