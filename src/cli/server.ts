// A running instance: control plane, gateway, a loopback port for each project host, and the samples behind them.
import type { Server } from "node:http";
import type { Logger } from "../base/log.ts";
import { createAlarms } from "../gateway/alarm.ts";
import { createGateway, type GatewayHandler } from "../gateway/gateway.ts";
import { createHttpServer, drain, type ListenerOptions } from "../gateway/listen.ts";
import { createSamples } from "../gateway/samples.ts";
import { createUpstreamPool } from "../gateway/upstream-pool.ts";
import { createWatch } from "../gateway/watch.ts";
import { createWebSockets, type UpgradeHandler } from "../gateway/websocket.ts";
import { createControlPlane } from "../http/app.ts";
import { createPortal } from "../http/portal.ts";
import type { Instance } from "../open.ts";
import { startUpkeep } from "../upkeep.ts";
import { following, type PortPlan, type TakenPort, takePort } from "./ports.ts";
import { checkReady } from "./ready.ts";
import type { Visits } from "./visits.ts";

export interface HostPort extends TakenPort {
  readonly project: string;
  readonly host: string;
}

export interface RunningServer {
  readonly control: TakenPort;
  readonly gateway: TakenPort;
  /** The listener of all hosts. */
  readonly gatewayServer: Server;
  readonly portal: TakenPort;
  hostPorts(): readonly HostPort[];
  /** Finishes what runs, then closes everything but the instance. */
  stop(graceMs: number): Promise<void>;
}

/**
 * `listener` is for the gateway's port of all hosts; those of single hosts are for this machine only. Throws CommandFailure when a port
 * cannot be taken; nothing listens any more then.
 */
export async function startServer(
  instance: Instance,
  plan: PortPlan,
  host: string,
  log: Logger,
  visits: Visits,
  listener: ListenerOptions = {},
): Promise<RunningServer> {
  const dispatcher = createUpstreamPool();
  const samples = createSamples();
  const parts = {
    ...instance,
    dispatcher,
    upstreamOf: samples.upstreamOf,
    watch: createWatch({ ...instance, alarm: createAlarms(instance.clock) }),
    onFault: (message: string, error?: unknown) => log.error({ err: error }, message),
  };
  const sockets = createWebSockets(parts);
  const serverFor = gatewayServers(createGateway(parts), sockets.handle, log);
  const gatewayServer = serverFor(undefined, listener);
  const hosts = createHostListeners(instance, serverFor, plan.firstHost, log);
  const endpoints = () =>
    hosts
      .ports()
      .map(({ project, host: name, port }) => ({ project, host: name, url: `http://127.0.0.1:${port}` }));
  const portal = await createPortal({
    instance,
    door: visits.portal,
    pages: visits.pages.portal,
    endpoints,
    log,
  });
  const control = await createControlPlane({
    instance,
    door: visits.console,
    pages: visits.pages.operator,
    ready: () =>
      checkReady(instance, samples, { server: gatewayServer, host, isTls: listener.tls !== undefined }),
    endpoints,
    log,
  });
  const stopUpkeep = startUpkeep(instance, (message, error) => log.error({ err: error }, message));
  const stop = async (graceMs: number): Promise<void> => {
    await Promise.all([
      drain(gatewayServer, graceMs),
      hosts.close(graceMs),
      drain(control.server, graceMs),
      drain(portal.server, graceMs),
      sockets.drain(graceMs),
    ]);
    await stopUpkeep();
    await control.close();
    await portal.close();
    await dispatcher.close();
    await samples.close();
  };
  try {
    const gateway = await takePort(gatewayServer, plan.gateway, host, plan.named.gateway);
    await hosts.sync();
    const portalPort = await takePort(portal.server, plan.portal, host, plan.named.portal);
    const controlPort = await takePort(control.server, plan.control, host, plan.named.control);
    instance.store.onChanges(async (changes) => {
      if (!changes.some((change) => change.kind === "project")) return;
      // The directory has heard of the change before, and has read the new file.
      await hosts.sync();
      // Or will have, when the store answers again. Nothing here may wait for a look-up: it may wait for the log to be read on, and that
      // waits for what is told here.
      void instance.directory.find("").then(hosts.sync, () => {});
    });
    return { control: controlPort, gateway, gatewayServer, portal: portalPort, hostPorts: hosts.ports, stop };
  } catch (error) {
    // A socket that still listens would keep the process alive.
    await stop(0);
    throw error;
  }
}

/** Makes the listener of one host, or of all of them. */
type ServerFor = (host: string | undefined, listener?: ListenerOptions) => Server;

/** A fault in the gateway ends one request, is logged without it, and never the process. */
function gatewayServers(handle: GatewayHandler, upgrade: UpgradeHandler, log: Logger): ServerFor {
  const tell = (error: unknown): void => log.error({ err: error }, "the gateway failed on a request");
  return (host, listener) =>
    createHttpServer(
      (request, response) => {
        handle(request, response, host).catch((error) => {
          tell(error);
          if (!response.headersSent) response.writeHead(500);
          response.end();
        });
      },
      (request, socket, head) => {
        upgrade(request, socket, head, host).catch((error) => {
          tell(error);
          socket.destroy();
        });
      },
      listener,
    );
}

interface HostListeners {
  /** Opens and closes what the projects of the moment ask for. Never rejects. */
  sync(): Promise<void>;
  ports(): readonly HostPort[];
  close(graceMs: number): Promise<void>;
}

/** For clients that do not resolve names under .localhost: each project host on a loopback port of its own. */
function createHostListeners(
  { directory }: Instance,
  serverFor: ServerFor,
  first: number,
  log: Logger,
): HostListeners {
  const listeners = new Map<string, { readonly server: Server; readonly taken: HostPort }>();
  let running: Promise<void> = Promise.resolve();
  let isClosing = false;

  const add = async (project: string, host: string): Promise<void> => {
    const server = serverFor(host);
    const wanted = following(first, listeners.size);
    listeners.set(host, {
      server,
      taken: { project, host, ...(await takePort(server, wanted, "127.0.0.1", false)) },
    });
  };
  const syncOnce = async (): Promise<void> => {
    // A change that is made during the drain would open what nobody closes any more.
    if (isClosing) return;
    const wanted = new Map(
      directory.projects().flatMap(({ name, hosts }) => hosts.map(({ host }) => [host, name] as const)),
    );
    for (const [host, { server }] of listeners) {
      if (wanted.has(host)) continue;
      listeners.delete(host);
      void drain(server, 1_000);
    }
    for (const [host, project] of wanted) {
      if (!listeners.has(host)) await add(project, host);
    }
  };
  return {
    sync: () => {
      running = running
        .then(syncOnce)
        .catch((error) => log.error({ err: error }, "a project host has no port of its own"));
      return running;
    },
    ports: () => [...listeners.values()].map(({ taken }) => taken),
    close: async (graceMs) => {
      isClosing = true;
      await running;
      await Promise.all([...listeners.values()].map(({ server }) => drain(server, graceMs)));
    },
  };
}
