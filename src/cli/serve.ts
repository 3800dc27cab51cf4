// `claviger serve`: opens the store, applies project files, listens, says what can be tried, and drains on SIGTERM. One of the
// two places that may name a storage driver.
import { rmSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { createLog } from "../base/log.ts";
import { ensureRootKey } from "../manage/root-key.ts";
import { type Instance, openInstance } from "../open.ts";
import { banner } from "./banner.ts";
import { demoCommands, ensureDemo } from "./demo.ts";
import { CommandFailure } from "./failure.ts";
import { applyProjectFile, bundledProjectFiles } from "./files.ts";
import { planPorts } from "./ports.ts";
import { type ProxyPorts, startProxyPorts } from "./proxy-ports.ts";
import { writeSecretFile } from "./secret-file.ts";
import { type RunningServer, startServer } from "./server.ts";
import { collect, EXIT, portNumber, type Terminal } from "./terminal.ts";
import { followTls, readTls, tlsFilesOf } from "./tls.ts";

interface ServeFlags {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly notify: boolean;
  readonly valkeyUrl?: string;
  readonly failStatic: number;
  readonly acceptRestoredStore?: number;
  readonly port?: number;
  readonly gatewayPort?: number;
  readonly authPort?: number;
  readonly extAuthzPort?: number;
  readonly proxySecretFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly maxConnectionsPerAddress?: number;
  readonly host: string;
  readonly project: string[];
  readonly rootKeyFile?: string;
  readonly demo?: boolean;
  readonly json?: boolean;
}

/** How long running requests may take to finish once the process is told to stop. */
const DRAIN_MS = 10_000;

export function addServe(program: Command, terminal: Terminal): void {
  const { env } = terminal;
  program
    .command("serve")
    .description("Run Claviger: control plane, gateway and the embedded store")
    .option("--data <dir>", "folder of the embedded store (CLAVIGER_DATA)", env.CLAVIGER_DATA ?? "data")
    .option(
      "--database-url <url>",
      "PostgreSQL that several nodes share, instead of the embedded store (CLAVIGER_DATABASE_URL)",
    )
    .option("--no-notify", "look at the changes log instead of being woken, for databases without LISTEN")
    .option("--valkey-url <url>", "Valkey or Redis that several nodes count in (CLAVIGER_VALKEY_URL)")
    .option(
      "--fail-static <seconds>",
      "how long keys in memory are admitted when the database does not answer, 0 to 60; revoking waits as long",
      failStaticSeconds,
      0,
    )
    .option(
      "--accept-restored-store <change>",
      "start although the store is an older backup; the number is in the refusal",
      changeNumber,
    )
    .option("--port <n>", "control plane port (CLAVIGER_PORT), default 4000", portNumber)
    .option(
      "--gateway-port <n>",
      "gateway port (CLAVIGER_GATEWAY_PORT), default the control plane's + 1",
      portNumber,
    )
    .option("--auth-port <n>", "port for proxies that ask by forward-auth (CLAVIGER_AUTH_PORT)", portNumber)
    .option(
      "--ext-authz-port <n>",
      "port for Envoy's ext_authz over gRPC (CLAVIGER_EXT_AUTHZ_PORT)",
      portNumber,
    )
    .option("--proxy-secret-file <file>", "what these proxies have to know (CLAVIGER_PROXY_SECRET)")
    .option(
      "--tls-cert <file>",
      "certificate with its chain, PEM: the gateway speaks HTTPS (CLAVIGER_TLS_CERT)",
    )
    .option("--tls-key <file>", "its key, PEM (CLAVIGER_TLS_KEY); both are read anew when they change")
    .option(
      "--max-connections-per-address <n>",
      "open connections of one client address at the gateway; without it any number",
      connectionCount,
    )
    .option("--host <h>", "address to listen on (CLAVIGER_HOST)", env.CLAVIGER_HOST ?? "127.0.0.1")
    .option("--project <file>", "project file to apply; repeatable", collect, [])
    .option(
      "--root-key-file <file>",
      "where to write the root key at first start, mode 0600; without it the key is printed once",
    )
    .option(
      "--demo",
      "add the bundled projects with sample upstreams and demo keys, unless --project is given",
    )
    .option("--json", "print one line of JSON when ready, for programs")
    .action((flags: ServeFlags) => serve(withEnvironment(flags, terminal), terminal));
}

/** Throws InvalidArgumentError. */
function failStaticSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isInteger(seconds) || seconds < 0 || seconds > 60)
    throw new InvalidArgumentError("must be a whole number of seconds, 0 to 60");
  return seconds;
}

/** Throws InvalidArgumentError. */
function connectionCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("must be a whole number of 1 or more");
  return Number(text);
}

/** Throws InvalidArgumentError. */
function changeNumber(text: string): number {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new InvalidArgumentError("must be the number of a change");
  return Number(text);
}

/** Read here and not as the flags' defaults, so that a mistake in it stops no other command. Throws CommandFailure. */
function withEnvironment(flags: ServeFlags, { env }: Terminal): ServeFlags {
  const port = flags.port ?? portOf("CLAVIGER_PORT", env.CLAVIGER_PORT);
  const gatewayPort = flags.gatewayPort ?? portOf("CLAVIGER_GATEWAY_PORT", env.CLAVIGER_GATEWAY_PORT);
  const authPort = flags.authPort ?? portOf("CLAVIGER_AUTH_PORT", env.CLAVIGER_AUTH_PORT);
  const extAuthzPort = flags.extAuthzPort ?? portOf("CLAVIGER_EXT_AUTHZ_PORT", env.CLAVIGER_EXT_AUTHZ_PORT);
  return {
    ...flags,
    ...(port !== undefined && { port }),
    ...(gatewayPort !== undefined && { gatewayPort }),
    ...(authPort !== undefined && { authPort }),
    ...(extAuthzPort !== undefined && { extAuthzPort }),
  };
}

function portOf(variable: string, text: string | undefined): number | undefined {
  try {
    return text === undefined ? undefined : portNumber(text);
  } catch (error) {
    throw new CommandFailure(`${variable}: ${(error as Error).message}`, EXIT.usage);
  }
}

async function serve(flags: ServeFlags, terminal: Terminal): Promise<void> {
  const log = createLog(terminal.env.CLAVIGER_LOG ?? "warn");
  const stopped = terminal.untilStopped();
  const instance = await openInstance({
    data: flags.data,
    pepper: terminal.env.CLAVIGER_PEPPER,
    // Not the flags' defaults: help prints those, and the addresses hold passwords.
    database: flags.databaseUrl ?? terminal.env.CLAVIGER_DATABASE_URL,
    valkey: flags.valkeyUrl ?? terminal.env.CLAVIGER_VALKEY_URL,
    notify: flags.notify,
    acceptRestored: flags.acceptRestoredStore,
    failStaticMs: flags.failStatic * 1000,
    onFault: (message, error) => log.error({ err: error }, message),
  });
  try {
    const server = await start(flags, instance, log, terminal);
    await stopped;
    await Promise.all([server.stop(DRAIN_MS), server.proxyPorts.stop(DRAIN_MS)]);
  } finally {
    await instance.close();
  }
}

async function start(
  flags: ServeFlags,
  instance: Instance,
  log: ReturnType<typeof createLog>,
  terminal: Terminal,
): Promise<RunningServer & { readonly proxyPorts: ProxyPorts }> {
  const { rootKeyFile } = flags;
  const { env } = terminal;
  const tls = tlsFilesOf(flags.tlsCert ?? env.CLAVIGER_TLS_CERT, flags.tlsKey ?? env.CLAVIGER_TLS_KEY);
  const listener = { tls: tls && readTls(tls), maxPerAddress: flags.maxConnectionsPerAddress };
  // Before anything answers, so that whoever waits for an answer finds the file.
  const written = rootKeyFile !== undefined && (await writeFirstRootKey(instance, rootKeyFile));
  const demo = flags.demo === true && flags.project.length === 0;
  const names: string[] = [];
  for (const file of demo ? bundledProjectFiles() : flags.project)
    names.push(await applyProjectFile(instance, file));
  const keys = demo ? await ensureDemo(instance, flags.data, names) : [];
  // Before the others: what it refuses is a mistake in the command, and nothing has to be stopped again.
  const proxySecret = terminal.env.CLAVIGER_PROXY_SECRET;
  const proxyPorts = await startProxyPorts({ ...flags, proxySecret }, instance, flags.host, log);
  const ports = planPorts(flags.port, flags.gatewayPort);
  const server = await startServer(instance, ports, flags.host, log, listener).catch(async (error) => {
    await proxyPorts.stop(0);
    throw error;
  });
  const endTls = tls && followTls(tls, server.gatewayServer, log, terminal.onHangup);
  const commands = tls === undefined ? demoCommands(instance, keys, server.gateway.port) : [];
  const rootKey = written ? { file: rootKeyFile } : await firstRootKey(instance);
  terminal.print(
    banner({
      ...{ server, proxyPorts, host: flags.host, isTls: tls !== undefined },
      ...{ commands, json: flags.json === true, rootKey },
    }),
  );
  const stop = async (graceMs: number): Promise<void> => {
    endTls?.();
    await server.stop(graceMs);
  };
  return { ...server, stop, proxyPorts };
}

async function writeFirstRootKey(instance: Instance, file: string): Promise<boolean> {
  let isWritten = false;
  const isKey = await ensureRootKey(instance, (text) => {
    writeSecretFile(file, `${text}\n`);
    isWritten = true;
  });
  if (isWritten && !isKey) rmSync(file, { force: true });
  return isKey;
}

/** To be printed. Made last, because a start that failed would have told nobody. */
async function firstRootKey(instance: Instance): Promise<{ text: string } | undefined> {
  let printed: { text: string } | undefined;
  await ensureRootKey(instance, (text) => {
    printed = { text };
  });
  return printed;
}
