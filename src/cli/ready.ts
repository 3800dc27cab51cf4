// Whether an instance can do its work: asked of its own sockets, not of variables that say so.
import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Agent, request } from "undici";
import type { Samples } from "../gateway/samples.ts";
import type { Instance } from "../open.ts";
import type { Project } from "../project/compile.ts";
import { within } from "../store/patience.ts";

export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or in a few words what is wrong, for each part. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Where the gateway listens. */
export interface GatewayPlace {
  readonly server: Server;
  readonly host: string;
  readonly isTls: boolean;
}

const TIMEOUT_MS = 1_000;

/** Its certificate is not this machine's name; who answers here is asked, and not who it is. */
const toItself = new Agent({ connect: { rejectUnauthorized: false } });

export async function checkReady(
  instance: Instance,
  samples: Samples,
  gateway: GatewayPlace,
): Promise<Readiness> {
  const store = await outcome(within(TIMEOUT_MS, instance.store.projects(), "does not answer in time"));
  const changes = instance.store.cluster?.problem() ?? "ok";
  // Whoever asked for answers from memory while the store is away wants them to be sent here.
  const isStatic = instance.store.cluster?.isStatic() ?? false;
  const orStatic = (check: string) => (isStatic && check !== "ok" ? `${DEGRADED}: ${check}` : check);
  const checks: Record<string, string> = {
    store: orStatic(store),
    projects: store === "ok" ? await outcome(checkProjects(instance)) : orStatic("not known"),
    // A host that no project has: 421 says that the gateway read the request and looked it up.
    gateway: await outcome(expectStatus(gateway, 421, "claviger.invalid")),
  };
  for (const project of instance.directory.projects().filter(hasSample))
    checks[`sample ${project.name}`] = await outcome(expectListener(await samples.upstreamOf(project)));
  if (instance.store.cluster !== undefined) checks.changes = orStatic(changes);
  if (instance.counters !== undefined)
    checks.counters = instance.counters.isAlone()
      ? `${DEGRADED}: each node counts its part of every limit`
      : "ok";
  const isWell = (check: string) => check === "ok" || check.startsWith(DEGRADED);
  return { ready: Object.values(checks).every(isWell), checks };
}

/** What it says is worth knowing and no reason to send nobody here (hostile F01). */
const DEGRADED = "degraded";

/** Every stored project is served. */
async function checkProjects({ store, directory }: Instance): Promise<void> {
  const missing = (await store.projects()).filter(({ name }) => directory.project(name) === undefined);
  if (missing.length > 0) throw new Error(`not served: ${missing.map(({ name }) => name).join(", ")}`);
}

async function expectStatus(place: GatewayPlace, status: number, host: string): Promise<void> {
  // Null until it listens.
  const { port } = (place.server.address() ?? { port: 0 }) as AddressInfo;
  const scheme = place.isTls ? "https" : "http";
  const answer = await request(`${scheme}://${dialable(place.host)}:${port}/`, {
    dispatcher: toItself,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    headers: { host },
  });
  await answer.body.dump();
  if (answer.statusCode !== status) throw new Error(`answered ${answer.statusCode}`);
}

/** The built-in project is served on no host. */
function hasSample({ upstream, hosts }: Project): boolean {
  return upstream === "sample" && hosts.length > 0;
}

/** A project file may have its sample fail or wait on every path, so no request can tell whether it is well. */
async function expectListener(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), timeout: TIMEOUT_MS });
  socket.once("timeout", () => socket.destroy(new Error("does not answer")));
  try {
    await once(socket, "connect");
  } finally {
    socket.destroy();
  }
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return (error as Error).message || "does not answer";
  }
}

/** Where a listener that listens on all addresses can be reached. */
function dialable(host: string): string {
  return urlHost(host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host);
}

/** RFC 3986 section 3.2.2: an IPv6 address stands in brackets. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
