// `claviger serve`: opens the store, applies project files, listens, says what can be tried, and drains on SIGTERM. One of the
// two places that may name a storage driver.
import { rmSync } from "node:fs";
import type { Command } from "commander";
import { createLog } from "../base/log.ts";
import { ensureRootKey } from "../manage/root-key.ts";
import { type Instance, type InstanceOptions, openInstance } from "../open.ts";
import { banner, type IssuedSetupLink } from "./banner.ts";
import { demoCommands, ensureDemo } from "./demo.ts";
import { applyProjectFile, bundledProjectFiles } from "./files.ts";
import { startMetrics } from "./metrics-port.ts";
import { following, planPorts } from "./ports.ts";
import { startProxyPorts } from "./proxy-ports.ts";
import { writeSecretFile } from "./secret-file.ts";
import { addServeFlags, type ServeFlags, withEnvironment } from "./serve-flags.ts";
import { startServer } from "./server.ts";
import type { Terminal } from "./terminal.ts";
import { followTls, readTls, tlsFilesOf } from "./tls.ts";
import { openVisits, type Visits } from "./visits.ts";

/** How long running requests may take to finish once the process is told to stop. */
const DRAIN_MS = 10_000;

export function addServe(program: Command, terminal: Terminal): void {
  const command = program
    .command("serve")
    .description("Run Claviger: control plane, gateway and the embedded store");
  addServeFlags(command, terminal.env).action((flags: ServeFlags) =>
    serve(withEnvironment(flags, terminal), terminal),
  );
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
    heldKeys: flags.keysInMemory,
    onFault: (message, error) => log.error({ err: error }, message),
  };
  const instance = await openInstance(options);
  try {
    const visits = await openVisits(instance, options, flags, terminal.env, log);
    try {
      const stop = await start(flags, instance, visits, log, terminal);
      await stopped;
      await stop(DRAIN_MS);
    } finally {
      await visits.close();
    }
  } finally {
    await instance.close();
  }
}

/** Everything that listens, told in the banner. When anything fails to start, nothing listens any more. */
async function start(
  flags: ServeFlags,
  instance: Instance,
  visits: Visits,
  log: ReturnType<typeof createLog>,
  terminal: Terminal,
): Promise<(graceMs: number) => Promise<void>> {
  const { rootKeyFile, host } = flags;
  const { env } = terminal;
  const tls = tlsFilesOf(flags.tlsCert ?? env.CLAVIGER_TLS_CERT, flags.tlsKey ?? env.CLAVIGER_TLS_KEY);
  const listener = { tls: tls && readTls(tls), maxPerAddress: flags.maxConnectionsPerAddress };
  // Before anything answers, so that whoever waits for an answer finds the file.
  const written = rootKeyFile !== undefined && (await writeFirstRootKey(instance, rootKeyFile));
  const { demoKeys } = await applyProjects(flags, instance);
  const ends: ((graceMs: number) => Promise<void> | void)[] = [];
  const stop = async (graceMs: number): Promise<void> => {
    await Promise.all(ends.map((end) => end(graceMs)));
  };
  try {
    // Before the others: what it refuses is a mistake in the command.
    const proxyPlan = { ...flags, proxySecret: env.CLAVIGER_PROXY_SECRET };
    const proxyPorts = await startProxyPorts(proxyPlan, instance, host, log);
    ends.push(proxyPorts.stop);
    const plan = planPorts(flags.port, flags.gatewayPort, flags.portalPort);
    const server = await startServer(instance, plan, host, log, visits, listener);
    visits.listensOn(host, server);
    ends.push(server.stop);
    if (tls !== undefined) ends.push(followTls(tls, server.gatewayServer, log, terminal.onHangup));
    const otherwise = following(server.control.port, 3);
    const metrics = await startMetrics(instance, { port: flags.metricsPort, otherwise, host }, log);
    ends.push(metrics.stop);
    const commands = tls === undefined ? demoCommands(instance, demoKeys, server.gateway.port) : [];
    const rootKey = written ? { file: rootKeyFile } : await firstRootKey(instance);
    terminal.print(
      banner({
        ...{ server, proxyPorts, metrics, host, isTls: tls !== undefined },
        ...{
          commands,
          json: flags.json === true,
          rootKey,
          setupLink: await issueSetupLink(visits, rootKeyFile),
        },
      }),
    );
    return stop;
  } catch (error) {
    await stop(0);
    throw error;
  }
}

/** Those that were named; otherwise, where a demonstration is wanted, the bundled ones with a key for each. */
async function applyProjects({ demo, project, data }: ServeFlags, instance: Instance) {
  const isDemo = demo === true && project.length === 0;
  const names: string[] = [];
  for (const file of isDemo ? bundledProjectFiles() : project)
    names.push(await applyProjectFile(instance, file));
  return { demoKeys: isDemo ? await ensureDemo(instance, data, names) : [] };
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
