// Where an admitted request goes on to: the upstream of its project, and its own path and query without the credential. It sends
// nothing.
import type { IncomingMessage } from "node:http";
import { readTarget } from "../policy/path.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Arrival } from "./arrival.ts";
import { withoutCredential } from "./extract.ts";

/**
 * The URL of a project's upstream at this moment, such as `http://127.0.0.1:3000/base`, or of that for `region`. Rejects when there is
 * none.
 */
export type UpstreamOf = (project: Project, region?: string) => string | Promise<string>;

export interface Destination {
  readonly origin: string;
  /** With its query. */
  readonly path: string;
}

/** By the region of the key's prefix, else of the host. `undefined` when there is no upstream to go to. */
export async function destinationOf(
  upstreamOf: UpstreamOf,
  { served: { project, host }, hosts }: Arrival,
  request: IncomingMessage,
  { region = host.region }: Allowed,
): Promise<Destination | undefined> {
  const target = readTarget(request.url ?? "", hosts[0]);
  const upstream = await Promise.resolve(upstreamOf(project, region)).catch(() => undefined);
  if (upstream === undefined || !target.ok) return undefined;
  const { origin, base } = placeOf(upstream);
  const query = withoutCredential(target.query, project.credentials);
  return { origin, path: `${base}${target.path}${query === "" ? "" : `?${query}`}` };
}

interface Place {
  readonly origin: string;
  /** Without a final slash. */
  readonly base: string;
}

/** The last upstreams that were asked for: reading a URL takes as long as judging a key. */
const places = new Map<string, Place>();
const MAX_PLACES = 1_000;

function placeOf(upstream: string): Place {
  const known = places.get(upstream);
  if (known !== undefined) return known;
  const { origin, pathname } = new URL(upstream);
  const place = { origin, base: pathname.replace(/\/$/, "") };
  if (places.size >= MAX_PLACES) places.clear();
  places.set(upstream, place);
  return place;
}
