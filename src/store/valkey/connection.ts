// The connection to the server of the counters: it answers within its time or not at all, queues nothing while the server is away,
// and comes back by itself. It may not say a password.
import { setTimeout as delay } from "node:timers/promises";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import { StoreUnavailable } from "../contract.ts";
import type { ValkeyAddress } from "./address.ts";
import { createPatience } from "./patience.ts";
import { SCRIPT, SCRIPT_SHA } from "./script.ts";

export interface Connection {
  /** Runs the script. Rejects with StoreUnavailable, and then the script may still have run. */
  run(keys: readonly string[], args: readonly (string | number)[]): Promise<readonly string[]>;
  /** Keeps the higher of `number` and what is there under this name, for good, and answers it. Rejects as `run` does. */
  highest(name: string, number: number): Promise<number>;
  /** Puts `number` there, whatever is. */
  replace(name: string, number: number): Promise<void>;
  /** Keeps the text for so long under a name that has none. */
  putNew(name: string, text: string, ttlMs: number): Promise<void>;
  /** What is there, which is gone afterwards; `undefined` for nothing. */
  takeOut(name: string): Promise<string | undefined>;
  isReady(): boolean;
  /** Resolves once the server can be asked, or after that time. Rejects with StoreUnavailable when it says that it will not. */
  whenReady(timeoutMs: number): Promise<void>;
  /** What the server says of itself. */
  info(): Promise<string>;
  close(): Promise<void>;
}

export interface ConnectionLimits {
  /** A question is given up when the server has said nothing at all for so long, or after PATIENCE times as long. */
  readonly timeoutMs: number;
  readonly cluster: boolean;
}

type Client = Redis | Cluster;

const HIGHEST = `
local there = tonumber(redis.call('GET', KEYS[1]) or '0')
if there >= tonumber(ARGV[1]) then return there end
redis.call('SET', KEYS[1], ARGV[1])
return tonumber(ARGV[1])`;

/** How many times over the server may be too late before the connection is made anew. */
const SILENCES = 10;
const LAST_PAUSE_MS = 500;

/** `onFault` hears of the first fault of each time that the server is away. */
export function connect(
  address: ValkeyAddress,
  { timeoutMs, cluster }: ConnectionLimits,
  onFault: (error: Error) => void,
): Connection {
  const client = createClient(address, timeoutMs, cluster);
  const within = createPatience(timeoutMs);
  let told = false;
  const refusals: ((error: Error) => void)[] = [];
  client.on("ready", () => {
    told = false;
  });
  client.on("error", (error: Error) => {
    const fault = faultOf(error, address.place);
    if (isAnswer(error)) for (const refuse of refusals.splice(0)) refuse(fault);
    if (!told) onFault(fault);
    told = true;
  });
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await within(question());
    } catch (error) {
      throw faultOf(error as Error, address.place);
    }
  };
  return {
    run: (keys, args) => ask(() => evaluate(client, keys, args)),
    highest: async (name, number) => Number(await ask(() => client.eval(HIGHEST, 1, name, number))),
    replace: async (name, number) => void (await ask(() => client.set(name, number))),
    putNew: async (name, text, ttlMs) => void (await ask(() => client.set(name, text, "PX", ttlMs, "NX"))),
    takeOut: async (name) => (await ask(() => client.getdel(name))) ?? undefined,
    info: () => ask(() => client.info()),
    isReady: () => client.status === "ready",
    whenReady: async (waitMs) => {
      if (client.status === "ready") return;
      const ready = new Promise<void>((resolve, reject) => {
        client.once("ready", () => resolve());
        refusals.push(reject);
      });
      const waited = new AbortController();
      const wait = delay(waitMs, undefined, { signal: waited.signal }).catch(() => {});
      await Promise.race([ready, wait]).finally(() => waited.abort());
    },
    close: async () => client.disconnect(),
  };
}

function createClient({ host, port, ...access }: ValkeyAddress, timeoutMs: number, cluster: boolean): Client {
  const options = {
    ...(access.username !== undefined && { username: access.username }),
    ...(access.password !== undefined && { password: access.password }),
    ...(access.tls && { tls: {} }),
    db: access.database,
    connectionName: "claviger",
    connectTimeout: Math.max(1_000, timeoutMs),
    // A server that takes bytes and is silent would gather questions without end.
    socketTimeout: SILENCES * timeoutMs,
    // What was asked before a connection broke is given up rather than asked again: it may have been done.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // After a failover the old primary takes no writes any more.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
  } satisfies RedisOptions;
  const retryStrategy = (times: number) => Math.min(50 * times, LAST_PAUSE_MS);
  if (!cluster) return new Redis({ host, port, ...options, enableOfflineQueue: false, retryStrategy });
  return new Cluster([{ host, port }], {
    redisOptions: options,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryStrategy,
    clusterNodeRetryStrategy: retryStrategy,
    // Nodes are connected to when they are first needed; what comes meanwhile waits for that a little.
    retryDelayOnFailover: 10,
    maxRedirections: 5,
  });
}

/** A server that was restarted or emptied does not know the script any more; it learns it by the way. */
async function evaluate(
  client: Client,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<readonly string[]> {
  const words = [...keys, ...args];
  try {
    return (await client.evalsha(SCRIPT_SHA, keys.length, ...words)) as string[];
  } catch (error) {
    if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
    return (await client.eval(SCRIPT, keys.length, ...words)) as string[];
  }
}

/** It said nothing, or could not be asked: it may be well again soon. */
export class ServerAway extends StoreUnavailable {}

/** Whether the server said it, rather than the way to it. */
function isAnswer(error: Error): boolean {
  return error.name === "ReplyError";
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(WRONGPASS|NOAUTH|ERR invalid password|ERR AUTH)/, "refuses the user name or the password"],
  [/^NOPERM/, "refuses this user a command or a key that is needed"],
  [/^OOM/, "has no memory left for counters"],
  [/^READONLY/, "is a replica: it takes no writes"],
  [/^LOADING/, "is still reading its data"],
  [/^CROSSSLOT/, "was asked for limits of several projects in one step"],
  [/ECONNREFUSED/, "does not accept connections"],
  [/ENOTFOUND|EAI_AGAIN/, "has an address that no name server knows"],
  [/no answer in time|Socket timeout|ETIMEDOUT|slots cache/, "did not answer in time"],
  [/isn't writeable|Connection is closed|max retries|ECONNRESET|EPIPE/, "is not connected"],
];

/** Without the original, which carries the words of the command: a sign-in's are the password. */
function faultOf(error: Error, place: string): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error;
  const text = error.message;
  const words = WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? `failed: ${text}`;
  const Fault = isAnswer(error) ? StoreUnavailable : ServerAway;
  return new Fault(`the server of the counters ${place} ${words}`, { cause: new Error(text) });
}
