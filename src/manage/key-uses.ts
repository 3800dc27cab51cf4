// When keys were last used, told beside what they are. A second behind the verdicts.

import type { KeyRecord } from "../store/records.ts";
import { DAY_MS } from "../store/usage.ts";
import { describeKey, isoOrNull, type KeyDescription } from "./describe.ts";
import { findKey } from "./find-key.ts";
import { findProject, type ManageParts } from "./save.ts";

/** In the order of the records, with one read for all of them. */
export async function withUses(
  { store, clock }: ManageParts,
  project: string,
  records: readonly KeyRecord[],
): Promise<KeyDescription[]> {
  const now = clock.now();
  const uses = await store.lastUses(
    project,
    records.map(({ id }) => id),
  );
  const at = new Map(uses.map((use) => [use.key, use.at]));
  return records.map((record) => ({
    ...describeKey(record, now),
    lastUsedAt: isoOrNull(at.get(record.id) ?? null),
  }));
}

export interface KeyUses {
  readonly lastUsedAt: string | null;
  /** Verdicts of the last 24 hours and of this hour, refusals among them. */
  readonly requestsLast24Hours: number;
  /** Of those that were allowed, the busiest first. */
  readonly routes: readonly { readonly route: string; readonly requests: number }[];
}

/** What ending a key will break. Throws `not_found`. */
export async function getKeyUses(parts: ManageParts, projectName: string, id: string): Promise<KeyUses> {
  const project = findProject(parts, projectName);
  const key = await findKey(parts, project.name, id);
  const [use] = await parts.store.lastUses(project.name, [id]);
  const now = parts.clock.now();
  const sums = await parts.store.usage({
    project: project.name,
    account: key.account,
    from: now - DAY_MS,
    to: now + 1,
    by: ["key", "route", "outcome"],
  });
  const own = sums.filter((sum) => sum.key === id);
  const routes = new Map<string, number>();
  for (const { route = "", outcome, requests } of own)
    if (outcome === "ok") routes.set(route, (routes.get(route) ?? 0) + requests);
  return {
    lastUsedAt: isoOrNull(use?.at ?? null),
    requestsLast24Hours: own.reduce((total, { requests }) => total + requests, 0),
    routes: [...routes]
      .map(([route, requests]) => ({ route, requests }))
      .sort((one, other) => other.requests - one.requests)
      .slice(0, 20),
  };
}
