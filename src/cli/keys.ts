// `claviger keys …`: creates, lists, revokes and rotates keys on a running Claviger. The only output that holds a key is that
// of create and rotate, once.
import { type Command, InvalidArgumentError } from "commander";
import type { CreatedKey } from "../manage/create-key.ts";
import type { KeyDescription } from "../manage/describe.ts";
import type { Page } from "../manage/page.ts";
import { call, type JsonFlags, type RemoteFlags, tell, withJson, withRemote } from "./remote.ts";
import { collect, type Terminal } from "./terminal.ts";

export function addKeys(program: Command, terminal: Terminal): void {
  const keys = program.command("keys").description("Keys of a project");
  addCreate(keys, terminal);
  addList(keys, terminal);
  addRevoke(keys, terminal);
  addRotate(keys, terminal);
}

interface CreateFlags extends RemoteFlags, JsonFlags {
  readonly account: string;
  readonly name: string;
  readonly environment?: string;
  readonly scope: string[];
  readonly tier?: string;
  readonly allowIp: string[];
  readonly expiresAt?: string;
}

function addCreate(keys: Command, terminal: Terminal): void {
  withJson(withRemote(keys.command("create"), terminal))
    .description("Create a key and print it once")
    .argument("<project>")
    .requiredOption("--account <id>", "the account that owns it")
    .requiredOption("--name <name>", "what it is for")
    .option("--environment <environment>", "default: the project's first")
    .option("--scope <scope>", "a scope; repeatable", collect, [])
    .option("--tier <tier>", "a tier of the project")
    .option("--allow-ip <address>", "an address or CIDR range that may use it; repeatable", collect, [])
    .option("--expires-at <time>", "such as 2027-01-31T12:00:00Z")
    .action(async (project: string, flags: CreateFlags) => {
      const { account, name, environment, scope, tier, allowIp, expiresAt } = flags;
      const json = {
        account,
        name,
        ...(environment !== undefined && { environment }),
        ...(scope.length > 0 && { scopes: scope }),
        ...(tier !== undefined && { tier }),
        ...(allowIp.length > 0 && { allowedIps: allowIp }),
        ...(expiresAt !== undefined && { expiresAt }),
      };
      const key = await call(terminal, flags, { method: "POST", path: keyPath(project), json });
      tellNewKey(terminal, flags, key as CreatedKey);
    });
}

function tellNewKey(terminal: Terminal, flags: JsonFlags, key: CreatedKey): void {
  tell(
    terminal,
    flags,
    key,
    () => `${key.key}\n\n${key.id} (${key.name}). Copy the key now: it is not shown again.`,
  );
}

function keyPath(project: string, ...rest: string[]): string[] {
  return ["v1", "projects", project, "keys", ...rest];
}

interface ListFlags extends RemoteFlags, JsonFlags {
  readonly account?: string;
  readonly limit: string;
  readonly cursor?: string;
}

function addList(keys: Command, terminal: Terminal): void {
  withJson(withRemote(keys.command("list"), terminal))
    .description("List keys, newest first; never their secrets")
    .argument("<project>")
    .option("--account <id>", "only this account's")
    .option("--limit <n>", "at most this many", "50")
    .option("--cursor <cursor>", "where the last page ended")
    .action(async (project: string, flags: ListFlags) => {
      const { account, limit, cursor } = flags;
      const page = (await call(terminal, flags, {
        method: "GET",
        path: keyPath(project),
        query: { account, limit, cursor },
      })) as Page<KeyDescription>;
      tell(terminal, flags, page, () => table(page));
    });
}

function table({ items, nextCursor }: Page<KeyDescription>): string {
  const rows = items.map((key) => [
    key.id,
    `${key.start}…${key.lastFour}`,
    key.status,
    key.environment,
    key.account,
    key.name,
  ]);
  const lines = columns([["ID", "KEY", "STATUS", "ENVIRONMENT", "ACCOUNT", "NAME"], ...rows]);
  return [...lines, ...(nextCursor === undefined ? [] : [`More: --cursor ${nextCursor}`])].join("\n");
}

function columns(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

function addRevoke(keys: Command, terminal: Terminal): void {
  withJson(withRemote(keys.command("revoke"), terminal))
    .description("Revoke a key for good")
    .argument("<project>")
    .argument("<id>", "the key's id")
    .option("--family", "every key of its rotation family too")
    .action(async (project: string, id: string, flags: RemoteFlags & JsonFlags & { family?: boolean }) => {
      const key = (await call(terminal, flags, {
        method: "POST",
        path: keyPath(project, id, "revoke"),
        json: { family: flags.family === true },
      })) as KeyDescription;
      tell(terminal, flags, key, () => `Revoked ${key.id} (${key.name}).`);
    });
}

function addRotate(keys: Command, terminal: Terminal): void {
  withJson(withRemote(keys.command("rotate"), terminal))
    .description("Replace a key by a successor with the same rights and print it once")
    .argument("<project>")
    .argument("<id>", "the key's id")
    .option("--grace-seconds <n>", "how long the old key still works", seconds, 0)
    .action(
      async (project: string, id: string, flags: RemoteFlags & JsonFlags & { graceSeconds: number }) => {
        const json = { graceSeconds: flags.graceSeconds };
        const key = await call(terminal, flags, {
          method: "POST",
          path: keyPath(project, id, "rotate"),
          json,
        });
        tellNewKey(terminal, flags, key as CreatedKey);
      },
    );
}

function seconds(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number of seconds");
  return Number(text);
}
