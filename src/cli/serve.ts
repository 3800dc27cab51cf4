// `claviger serve`: opens the store, applies project files, listens, says what can be tried, and drains on SIGTERM. One of the
// two places that may name a storage driver.
import { rmSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { createLog } from "../base/log.ts";
import { ensureRootKey } from "../manage/root-key.ts";
import { type Instance, type InstanceOptions, openInstance } from "../open.ts";
import { banner, type IssuedSetupLink } from "./banner.ts";
import { demoCommands, ensureDemo } from "./demo.ts";
import { CommandFailure } from "./failure.ts";
import { applyProjectFile, bundledProjectFiles } from "./files.ts";
import { planPorts } from "./ports.ts";
import { writeSecretFile } from "./secret-file.ts";
import { type RunningServer, startServer } from "./server.ts";
import { collect, EXIT, portNumber, type Terminal } from "./terminal.ts";
import { openVisits, type Visits } from "./visits.ts";

interface ServeFlags {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly notify: boolean;
  readonly valkeyUrl?: string;
  readonly failStatic: number;
  readonly acceptRestoredStore?: number;
  readonly port?: number;
  readonly gatewayPort?: number;
  readonly portalPort?: number;
  readonly portalUrl?: string;
  readonly consoleUrl?: string;
  readonly trustedProxy: string[];
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
    .option(
      "--portal-port <n>",
      "port of the customers' portal (CLAVIGER_PORTAL_PORT), default the gateway's + 1",
      portNumber,
    )
    .option("--portal-url <url>", "where customers reach the portal (CLAVIGER_PORTAL_URL)")
    .option("--console-url <url>", "where operators reach the console (CLAVIGER_CONSOLE_URL)")
    .option(
      "--trusted-proxy <address>",
      "address or range whose X-Forwarded-For portal and console believe; repeatable",
      collect,
      [],
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
function changeNumber(text: string): number {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new InvalidArgumentError("must be the number of a change");
  return Number(text);
}

/** Read here and not as the flags' defaults, so that a mistake in it stops no other command. Throws CommandFailure. */
function withEnvironment(flags: ServeFlags, { env }: Terminal): ServeFlags {
  const port = flags.port ?? portOf("CLAVIGER_PORT", env.CLAVIGER_PORT);
  const gatewayPort = flags.gatewayPort ?? portOf("CLAVIGER_GATEWAY_PORT", env.CLAVIGER_GATEWAY_PORT);
  const portalPort = flags.portalPort ?? portOf("CLAVIGER_PORTAL_PORT", env.CLAVIGER_PORTAL_PORT);
  const [portalUrl, consoleUrl] = [env.CLAVIGER_PORTAL_URL, env.CLAVIGER_CONSOLE_URL];
  return {
    ...(portalUrl !== undefined && { portalUrl }),
    ...(consoleUrl !== undefined && { consoleUrl }),
    ...flags,
    ...(port !== undefined && { port }),
    ...(gatewayPort !== undefined && { gatewayPort }),
    ...(portalPort !== undefined && { portalPort }),
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
  const options: InstanceOptions = {
    data: flags.data,
    pepper: terminal.env.CLAVIGER_PEPPER,
    // Not the flags' defaults: help prints those, and the addresses hold passwords.
    database: flags.databaseUrl ?? terminal.env.CLAVIGER_DATABASE_URL,
    valkey: flags.valkeyUrl ?? terminal.env.CLAVIGER_VALKEY_URL,
    notify: flags.notify,
    acceptRestored: flags.acceptRestoredStore,
    failStaticMs: flags.failStatic * 1000,
    onFault: (message, error) => log.error({ err: error }, message),
  };
  const instance = await openInstance(options);
  try {
    const visits = await openVisits(instance, options, flags, terminal.env, log);
    try {
      const server = await start(flags, instance, visits, log, terminal);
      await stopped;
      await server.stop(DRAIN_MS);
    } finally {
      await visits.close();
    }
  } finally {
    await instance.close();
  }
}

async function start(
  flags: ServeFlags,
  instance: Instance,
  visits: Visits,
  log: ReturnType<typeof createLog>,
  terminal: Terminal,
): Promise<RunningServer> {
  const { rootKeyFile } = flags;
  // Before anything answers, so that whoever waits for an answer finds the file.
  const written = rootKeyFile !== undefined && (await writeFirstRootKey(instance, rootKeyFile));
  const demo = flags.demo === true && flags.project.length === 0;
  const names: string[] = [];
  for (const file of demo ? bundledProjectFiles() : flags.project)
    names.push(await applyProjectFile(instance, file));
  const keys = demo ? await ensureDemo(instance, flags.data, names) : [];
  const plan = planPorts(flags.port, flags.gatewayPort, flags.portalPort);
  const server = await startServer(instance, plan, flags.host, log, visits);
  visits.listensOn(flags.host, server);
  const commands = demoCommands(instance, keys, server.gateway.port);
  const rootKey = written ? { file: rootKeyFile } : await firstRootKey(instance);
  const setupLink = await issueSetupLink(visits, rootKeyFile);
  const json = flags.json === true;
  terminal.print(banner({ server, host: flags.host, commands, json, rootKey, setupLink }));
  return server;
}

/** Beside the root key where that has a file: whoever keeps the one out of the log keeps the other out too. */
async function issueSetupLink(
  visits: Visits,
  rootKeyFile: string | undefined,
): Promise<IssuedSetupLink | undefined> {
  const text = await visits.setupLink();
  if (text === undefined || rootKeyFile === undefined) return text === undefined ? undefined : { text };
  const file = `${rootKeyFile}-setup-link`;
  writeSecretFile(file, `${text}\n`);
  return { file };
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
