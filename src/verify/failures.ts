// Failed authentication, counted by address: who keeps trying keys that are none is told to wait. It sees no key and stops nobody
// who has one, because the key is looked up before anything is asked here.
import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";
import { type RateLimit, type RateUse, rateState, spendRate } from "../policy/limit.ts";
import { type Address, addressBucket } from "../policy/network.ts";
import type { Denied } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";

/**
 * Addresses remembered, of all projects together; about 25 MB when all are in use. The one that failed longest ago is forgotten
 * first, so that any number of addresses and keys costs no more (hostile E28).
 */
export const MAX_ADDRESSES = 100_000;

export interface Failures {
  /**
   * The denial, or `rate_exceeded` in its place when it is `invalid_key` and the address has had more of those than the project's
   * `network.failedAttempts` admits. It tells nothing of a key, since none was proved. Loopback and trusted proxies that name no
   * client are not counted: behind them may be everybody.
   */
  judge(project: Project, client: Address | undefined, denied: Denied): Denied;
  /** Addresses remembered at the moment. */
  size(): number;
}

export function createFailures(clock: Pick<Clock, "now">, maxAddresses = MAX_ADDRESSES): Failures {
  // Made with the first failure that counts: it takes its room at once.
  let uses: LRUCache<string, RateUse> | undefined;
  return {
    judge(project, client, denied) {
      const { failedAttempts: limit } = project.network;
      if (limit === undefined || denied.code !== "invalid_key" || isExempt(project, client)) return denied;
      uses ??= new LRUCache({ max: maxAddresses });
      const name = `${project.name}/${addressBucket(client)}`;
      const used = uses.get(name);
      const next = spendRate(limit, used, 1, clock.now());
      if (next === undefined) return tooMany(limit, used, clock.now());
      uses.set(name, next);
      return denied;
    },
    size: () => uses?.size ?? 0,
  };
}

function isExempt({ network }: Project, client: Address | undefined): boolean {
  return client !== undefined && (isLoopback(client) || network.trustedProxies.allows(client));
}

/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3) and ::1 (RFC 4291 section 2.5.3). */
function isLoopback({ family, bytes }: Address): boolean {
  if (family === 4) return bytes[0] === 127;
  return bytes.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

function tooMany(limit: RateLimit, used: RateUse | undefined, now: number): Denied {
  const { retryAfterSeconds = 1 } = rateState(limit, used, now, 1);
  return { allowed: false, code: "rate_exceeded", retryAfterSeconds };
}
