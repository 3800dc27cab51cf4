// The servers that tests of shared stores need: PostgreSQL and Valkey (or Redis), private to the test process unless the
// environment names others. A test is never passed over for want of them.
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { type Daemon, type Program, startDaemon } from "./daemon.ts";
import { needProgram } from "./debian.ts";

/** What a test's context does, or whoever stands in for it. */
export interface Ends {
  after(end: () => unknown): void;
}

const PASSWORD = randomBytes(12).toString("hex");

/** With a collation that is not the order of bytes, so that nothing may rest on that of the database. */
const POSTGRES = (): Program => ({
  name: "postgres",
  command: needProgram("postgres", "postgresql"),
  users: ["postgres", "nobody"],
  prepare: (folder, user) => {
    const secret = join(folder, "secret");
    writeFileSync(secret, PASSWORD, { mode: 0o644 });
    const flags = ["--no-sync", "--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en"];
    const access = ["--username=claviger", "--auth=scram-sha-256", `--pwfile=${secret}`];
    const words = ["-D", join(folder, "data"), ...flags, ...access];
    execFileSync(needProgram("initdb", "postgresql"), words, { ...user, cwd: folder, stdio: "pipe" });
    rmSync(secret);
  },
  // The machine does not fail in a test, so nothing has to reach the disk: kills of processes lose nothing either way.
  args: (port, folder) => [
    ...["-D", join(folder, "data"), "-p", String(port), "-h", "127.0.0.1", "-k", ""],
    ...[
      "-c",
      "fsync=off",
      "-c",
      "full_page_writes=off",
      "-c",
      "shared_buffers=16MB",
      "-c",
      "max_connections=150",
    ],
  ],
  ready: /ready to accept connections/,
  endSignal: "SIGQUIT",
});

const VALKEY = (more: (port: number) => readonly string[] = () => []): Program => ({
  name: "valkey",
  command: valkeyProgram(),
  args: (port, folder) => [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"],
    ...more(port),
  ],
  ready: /ready to accept connections/i,
  endSignal: "SIGKILL",
});

/** Valkey where it is installed; else Redis, which every Debian has. */
function valkeyProgram(): string {
  const installed = spawnSync("valkey-server", ["--version"]).status === 0;
  return installed ? "valkey-server" : needProgram("redis-server", "redis-server");
}

let postgres: Promise<Daemon> | undefined;
let valkey: Promise<Daemon> | undefined;

export interface PostgresDatabase {
  readonly url: string;
  /** Speaks to the database as its owner. */
  ask(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** An empty database of its own for one test, in CLAVIGER_TEST_DATABASE_URL or in the server of this process. */
export async function startPostgres(context: Ends): Promise<PostgresDatabase> {
  const given = process.env.CLAVIGER_TEST_DATABASE_URL;
  postgres ??= given === undefined ? startDaemon(POSTGRES()) : undefined;
  const server = given ?? urlOf((await postgres)?.port ?? 0, "postgres");
  const name = `claviger_test_${randomBytes(6).toString("hex")}`;
  await askOnce(server, `create database ${name}`);
  if (given !== undefined) context.after(() => askOnce(given, `drop database ${name} with (force)`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, ask: (sql, values) => askOnce(url.href, sql, values) };
}

/** A server that a test may stop, freeze and start again. */
export async function startOwnPostgres(context: Ends): Promise<{ url: string; server: Daemon }> {
  const server = await startDaemon(POSTGRES());
  context.after(server.stop);
  return { server, url: urlOf(server.port, "postgres") };
}

function urlOf(port: number, database: string): string {
  return `postgres://claviger:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

async function askOnce(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

export interface ValkeySpace {
  readonly url: string;
  /** Begins the names of the test's keys, and of no other test's. */
  readonly prefix: string;
}

/** Keys of its own for one test, in CLAVIGER_TEST_VALKEY_URL or in the server of this process. They lapse by themselves. */
export async function startValkey(): Promise<ValkeySpace> {
  const given = process.env.CLAVIGER_TEST_VALKEY_URL;
  valkey ??= given === undefined ? startDaemon(VALKEY()) : undefined;
  const url = given ?? `redis://127.0.0.1:${(await valkey)?.port}`;
  return { url, prefix: `test-${randomBytes(6).toString("hex")}:` };
}

/** A server that a test may stop, freeze, empty and start again. */
export async function startOwnValkey(
  context: Ends,
  args?: (port: number) => readonly string[],
): Promise<{ url: string; server: Daemon }> {
  const server = await startDaemon(VALKEY(args));
  context.after(server.stop);
  return { server, url: `redis://127.0.0.1:${server.port}` };
}
