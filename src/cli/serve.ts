// `claviger serve`: opens the store, applies project files, listens, says what can be tried, and drains on SIGTERM. One of the
// two places that may name a storage driver.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { createLog } from "../base/log.ts";
import { ensureRootKey } from "../manage/root-key.ts";
import { type Instance, openInstance } from "../open.ts";
import { banner } from "./banner.ts";
import { demoCommands, ensureDemo } from "./demo.ts";
import { applyProjectFile, bundledProjectFiles } from "./files.ts";
import { planPorts } from "./ports.ts";
import { type RunningServer, startServer } from "./server.ts";
import { collect, portNumber, type Terminal } from "./terminal.ts";

interface ServeFlags {
  readonly data: string;
  readonly port?: number;
  readonly gatewayPort?: number;
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
      "--port <n>",
      "control plane port (CLAVIGER_PORT), default 4000",
      portNumber,
      fromEnv(env.CLAVIGER_PORT),
    )
    .option(
      "--gateway-port <n>",
      "gateway port (CLAVIGER_GATEWAY_PORT), default the control plane's + 1",
      portNumber,
      fromEnv(env.CLAVIGER_GATEWAY_PORT),
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
    .action(async (flags: ServeFlags) => {
      terminal.exitCode = await serve(flags, terminal);
    });
}

function fromEnv(value: string | undefined): number | undefined {
  return value === undefined ? undefined : portNumber(value);
}

async function serve(flags: ServeFlags, terminal: Terminal): Promise<number> {
  const log = createLog(terminal.env.CLAVIGER_LOG ?? "warn");
  const stopped = terminal.untilStopped();
  const instance = await openInstance({
    data: flags.data,
    pepper: terminal.env.CLAVIGER_PEPPER,
    onFault: (message, error) => log.error({ err: error }, message),
  });
  try {
    const server = await start(flags, instance, log, terminal);
    await stopped;
    await server.stop(DRAIN_MS);
    return 0;
  } finally {
    await instance.close();
  }
}

async function start(
  flags: ServeFlags,
  instance: Instance,
  log: ReturnType<typeof createLog>,
  terminal: Terminal,
): Promise<RunningServer> {
  const rootKey = await firstRootKey(instance, flags.rootKeyFile);
  const demo = flags.demo === true && flags.project.length === 0;
  const names: string[] = [];
  for (const file of demo ? bundledProjectFiles() : flags.project)
    names.push(await applyProjectFile(instance, file));
  const keys = demo ? await ensureDemo(instance, flags.data, names) : [];
  const server = await startServer(instance, planPorts(flags.port, flags.gatewayPort), flags.host, log);
  const commands = demoCommands(instance, keys, server.gateway.port);
  terminal.print(
    banner({
      server,
      host: flags.host,
      commands,
      json: flags.json === true,
      rootKey,
      rootKeyFile: flags.rootKeyFile,
    }),
  );
  return server;
}

/** The key itself only when it has to be printed. */
async function firstRootKey(instance: Instance, file: string | undefined): Promise<string | undefined> {
  let printed: string | undefined;
  await ensureRootKey(instance, (text) => {
    if (file === undefined) printed = text;
    else writeRootKey(file, text);
  });
  return printed;
}

export function writeRootKey(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
