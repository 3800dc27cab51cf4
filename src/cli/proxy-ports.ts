// The listeners that proxies ask: forward-auth, and ext_authz over gRPC. Neither is there unless its port is named, and neither
// without a secret.
import { readFileSync } from "node:fs";
import type { Logger } from "../base/log.ts";
import { createForwardAuth, type ForwardAuthParts } from "../gateway/forward-auth.ts";
import { createHttpServer, drain } from "../gateway/listen.ts";
import { MIN_SECRET_LENGTH } from "../gateway/proxy-trust.ts";
import type { Instance } from "../open.ts";
import { CommandFailure, systemWords } from "./failure.ts";
import { takePort } from "./ports.ts";
import { EXIT } from "./terminal.ts";

export interface ProxyPlan {
  readonly authPort?: number | undefined;
  readonly extAuthzPort?: number | undefined;
  readonly proxySecretFile?: string | undefined;
  /** Of CLAVIGER_PROXY_SECRET. */
  readonly proxySecret?: string | undefined;
}

export interface ProxyPorts {
  readonly forwardAuth?: number;
  readonly extAuthz?: number;
  stop(graceMs: number): Promise<void>;
}

/** Throws CommandFailure when a port cannot be taken or the secret is missing; nothing listens any more then. */
export async function startProxyPorts(
  plan: ProxyPlan,
  instance: Instance,
  host: string,
  log: Logger,
): Promise<ProxyPorts> {
  const { authPort, extAuthzPort } = plan;
  if (authPort === undefined && extAuthzPort === undefined) return { stop: async () => {} };
  const parts = { ...instance, secret: secretOf(plan), onFault: (message: string) => log.error(message) };
  const stops: ((graceMs: number) => Promise<void>)[] = [];
  const stop = async (graceMs: number) => void (await Promise.all(stops.map((end) => end(graceMs))));
  try {
    const taken: { forwardAuth?: number; extAuthz?: number } = {};
    if (authPort !== undefined) taken.forwardAuth = await startForwardAuth(parts, authPort, host, log, stops);
    if (extAuthzPort !== undefined) taken.extAuthz = await startExtAuthz(parts, extAuthzPort, host, stops);
    return { ...taken, stop };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

type Stops = ((graceMs: number) => Promise<void>)[];

async function startForwardAuth(
  parts: ForwardAuthParts,
  port: number,
  host: string,
  log: Logger,
  stops: Stops,
): Promise<number> {
  const handle = createForwardAuth(parts);
  const server = createHttpServer((request, response) => {
    handle(request, response).catch((error) => {
      log.error({ err: error }, "forward-auth failed on a request");
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const { port: taken } = await takePort(server, port, host, true);
  stops.push((graceMs) => drain(server, graceMs));
  return taken;
}

async function startExtAuthz(
  parts: ForwardAuthParts,
  port: number,
  host: string,
  stops: Stops,
): Promise<number> {
  // Only here: most instances never speak gRPC, and loading it takes a tenth of a second.
  const { createExtAuthz, drainExtAuthz, listenExtAuthz } = await import("../gateway/ext-authz.ts");
  const server = createExtAuthz(parts);
  const taken = await listenExtAuthz(server, port, host).catch((error: Error) => {
    throw new CommandFailure(`port ${port} of ${host} cannot be listened on: ${error.message}`, EXIT.failed);
  });
  stops.push((graceMs) => drainExtAuthz(server, graceMs));
  return taken;
}

function secretOf({ proxySecretFile, proxySecret }: ProxyPlan): string {
  const secret = proxySecretFile === undefined ? proxySecret : readSecret(proxySecretFile);
  if (secret === undefined || secret.length < MIN_SECRET_LENGTH || !/^[!-~]+$/.test(secret))
    throw new CommandFailure(
      `proxies that ask need a secret of ${MIN_SECRET_LENGTH} or more printable characters without spaces, in CLAVIGER_PROXY_SECRET or --proxy-secret-file`,
      EXIT.usage,
    );
  return secret;
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read: ${systemWords(error)}`, EXIT.usage);
  }
}
