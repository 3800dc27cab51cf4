// What was seen of requests, as it is told: without credentials, queries and whatever else the observer has no business with.
import { isoTime } from "../base/clock.ts";
import { printAddress } from "../policy/network.ts";
import { reasonOf } from "../policy/reasons.ts";
import { pathOf, type Seen } from "../verify/traffic.ts";

export interface TrafficLine {
  readonly id: string;
  readonly at: string;
  readonly method: string | null;
  readonly path: string | null;
  readonly route: string | null;
  readonly outcome: string;
  readonly allowed: boolean;
  /** In words. */
  readonly reason: string;
  readonly key: string | null;
  readonly keyName: string | null;
  readonly account: string | null;
  readonly environment: string | null;
  readonly address: string | null;
  readonly cost: number | null;
}

export function trafficLine(seen: Seen): TrafficLine {
  const { verdict, address } = seen;
  return {
    id: String(seen.number),
    at: isoTime(seen.at),
    method: seen.method ?? null,
    path: pathOf(seen) ?? null,
    route: verdict.route ?? null,
    outcome: verdict.code,
    allowed: verdict.allowed,
    reason: reasonOf(verdict),
    key: verdict.key?.id ?? null,
    keyName: verdict.key?.name ?? null,
    account: verdict.key?.account ?? null,
    environment: verdict.key?.environment ?? null,
    address: address === undefined ? null : printAddress(address),
    cost: verdict.cost ?? null,
  };
}

export interface TrafficFilter {
  readonly key?: string;
  readonly account?: string;
  readonly outcome?: string;
}

export function fits({ verdict }: Seen, { key, account, outcome }: TrafficFilter): boolean {
  return (
    (key === undefined || verdict.key?.id === key) &&
    (account === undefined || verdict.key?.account === account) &&
    (outcome === undefined || verdict.code === outcome || (outcome === "refused" && !verdict.allowed))
  );
}
