// Whether an instance can do its work: asked of its own sockets, not of variables that say so.
import { request } from "undici";
import type { Samples } from "../gateway/samples.ts";
import type { Instance } from "../open.ts";

export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or in a few words what is wrong, for each part. */
  readonly checks: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 1_000;

export async function checkReady(
  instance: Instance,
  samples: Samples,
  gatewayPort: number,
  host: string,
): Promise<Readiness> {
  const checks: Record<string, string> = {
    store: await outcome(instance.store.projects()),
    projects: await outcome(checkProjects(instance)),
    // A host that no project has: 421 says that the gateway read the request and looked it up.
    gateway: await outcome(expectStatus(`http://${dialable(host)}:${gatewayPort}/`, 421, "claviger.invalid")),
  };
  for (const { project, url } of await samples.running())
    checks[`sample ${project}`] = await outcome(expectStatus(url, 200));
  return { ready: Object.values(checks).every((check) => check === "ok"), checks };
}

/** Every stored project is served. */
async function checkProjects({ store, directory }: Instance): Promise<void> {
  const missing = (await store.projects()).filter(({ name }) => directory.project(name) === undefined);
  if (missing.length > 0) throw new Error(`not served: ${missing.map(({ name }) => name).join(", ")}`);
}

async function expectStatus(url: string, status: number, host?: string): Promise<void> {
  const answer = await request(url, {
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    ...(host !== undefined && { headers: { host } }),
  });
  await answer.body.dump();
  if (answer.statusCode !== status) throw new Error(`answered ${answer.statusCode}`);
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return (error as Error).message || "does not answer";
  }
}

/** An address to reach a listener that listens on all of them. */
function dialable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host.includes(":") ? (host === "::" ? "[::1]" : `[${host}]`) : host;
}
