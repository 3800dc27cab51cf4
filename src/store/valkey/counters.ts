// Counters shared through Valkey or Redis: exact over all processes, one step of the server for all limits of a request. Here the
// question becomes that step and its answer the states; nothing is counted here.
import { concurrencyState, type LimitState, type RateUse, rateState, spendRate } from "../../policy/limit.ts";
import { StoreUnavailable } from "../contract.ts";
import { type Counters, SLOT_TTL_MS, type Take, type Taken } from "../counters.ts";
import type { MarkKeeper } from "../high-water.ts";
import type { Tickets } from "../tickets.ts";
import { readValkeyAddress } from "./address.ts";
import { type Connection, connect, ServerAway } from "./connection.ts";
import type { Operation } from "./script.ts";
import { createValkeyTickets } from "./tickets.ts";

export interface ValkeyOptions {
  /** Whether the address is of one node of a Cluster. */
  readonly cluster?: boolean;
  /** A question is refused when the server has said nothing for so long, and in any case after four times as long. */
  readonly timeoutMs?: number;
  /** How long to wait for the server at first; without it the counters open, and refuse until it is there. */
  readonly connectTimeoutMs?: number;
  /** Begins every key, so that several installations may share a server. */
  readonly prefix?: string;
  /**
   * Whose clock counts. The server's, so that processes whose clocks differ agree; `caller` counts by the time that each question
   * names.
   */
  readonly clock?: "server" | "caller";
  /** Hears of the first fault of each time that the server is away, and of settings under which counters are lost. */
  readonly onFault?: (error: Error) => void;
}

export interface ValkeyCounters extends Counters {
  take(takes: readonly Take[], now: number): Promise<Taken>;
  peek(takes: readonly Take[], now: number): Promise<readonly LimitState[]>;
  /** Whether the server can be asked; while it cannot, every question rejects at once. */
  isReady(): boolean;
  /** The high-water marks of stores, beside the counters. */
  readonly marks: MarkKeeper;
  /** Those of all nodes, beside the counters. */
  readonly tickets: Tickets;
  close(): Promise<void>;
}

const OLDEST = 7;
/** How much longer than it counts a key is kept, in milliseconds: what clocks may step back and still find it. */
const MARGIN_MS = 10_000;

/**
 * `url` as in `redis://user:password@host:port/0`; `rediss://` for TLS. Opens although the server is away. Throws StoreUnavailable
 * in words when it answers and cannot be used. Questions reject with StoreUnavailable, in time; one that was given up may have been
 * counted all the same, so that fewer are admitted and never more.
 */
export async function openValkeyCounters(url: string, options: ValkeyOptions = {}): Promise<ValkeyCounters> {
  const { cluster = false, timeoutMs = 50, connectTimeoutMs = 1_000, onFault = () => {} } = options;
  const address = readValkeyAddress(url);
  const connection = connect(address, { timeoutMs, cluster }, onFault);
  const counters = createCounters(connection, options.prefix ?? "claviger:", options.clock ?? "server");
  try {
    await connection.whenReady(connectTimeoutMs);
    if (connection.isReady()) await checkServer(connection, counters, address.place, onFault);
  } catch (error) {
    if (!(error instanceof ServerAway)) {
      await connection.close();
      throw error;
    }
    // Slow at the moment of the start is as good as away: the counters are there when it is.
    onFault(error);
  }
  return counters;
}

async function checkServer(
  connection: Connection,
  counters: Counters,
  place: string,
  onFault: (error: Error) => void,
): Promise<void> {
  const info = await connection.info();
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
  const refuse = (words: string) => new StoreUnavailable(`the server of the counters ${place} ${words}`);
  if (Number.parseInt(field("redis_version"), 10) < OLDEST)
    throw refuse(`is version ${field("redis_version")}: Valkey 7.2 or Redis 7 is needed`);
  if (field("maxmemory") !== "0" && !["", "noeviction"].includes(field("maxmemory_policy")))
    onFault(refuse(`forgets counters when its memory is full: set maxmemory-policy to noeviction`));
  // Whether this user may do what every question does.
  await counters.peek([{ limit: PROBE, subject: "", weight: 1 }], 0);
}

const PROBE = { kind: "rate", name: "probe", per: "key", limit: 1, windowMs: 1, burst: 1 } as const;

function createCounters(connection: Connection, prefix: string, clock: "server" | "caller"): ValkeyCounters {
  const run = async (operation: Operation, takes: readonly Take[], now: number) => {
    const time = clock === "caller" ? now : "";
    const keys = takes.map((one) => keyOf(prefix, one));
    const answer = await connection.run(keys, [
      operation,
      time,
      SLOT_TTL_MS,
      MARGIN_MS,
      ...takes.flatMap(words),
    ]);
    return { refused: takes[Number(answer[0]) - 1], at: Number(answer[1]), used: answer.slice(2) };
  };
  const perform = async (operation: Operation, takes: readonly Take[], now: number): Promise<Taken> => {
    if (takes.length === 0) return { refused: undefined, states: [] };
    const { refused, at, used } = await run(operation, takes, now);
    const tell = refused === undefined ? stateOf : stateOfRefused;
    return { refused, states: takes.map((one, index) => tell(one, used[index] ?? "", at, now)) };
  };
  const change = async (operation: Operation, takes: readonly Take[], now: number): Promise<void> => {
    if (takes.length > 0) await run(operation, takes, now);
  };
  return {
    take: (takes, now) => perform("take", takes, now),
    peek: async (takes, now) => (await perform("peek", takes, now)).states,
    giveBack: (takes, now) => change("giveBack", takes, now),
    // Freeing a place asks for no time.
    release: (takes) => change("release", takes, 0),
    renew: (takes, now) => change("renew", takes, now),
    isReady: connection.isReady,
    marks: {
      read: (store) => connection.highest(`${prefix}high-water:${store}`, 0),
      keep: async (store, newest) => void (await connection.highest(`${prefix}high-water:${store}`, newest)),
      replace: (store, newest) => connection.replace(`${prefix}high-water:${store}`, newest),
    },
    tickets: createValkeyTickets(connection, prefix),
    close: connection.close,
  };
}

/**
 * What stands in braces decides which node of a Cluster holds a key, and all keys of one step must be on one node. The limits of a
 * request are those of a key, an account and an address, which share nothing but the project: it is what subjects begin with.
 */
function keyOf(prefix: string, one: Take): string {
  const [project = ""] = one.subject.split("/", 1);
  return `${prefix}{c/${project}}${"slot" in one ? "places" : "rate"}:${one.limit.name}\n${one.subject}`;
}

function words(one: Take): (string | number)[] {
  if ("slot" in one) return ["places", one.limit.limit, one.slot, "", ""];
  const { limit, windowMs, burst } = one.limit;
  return ["rate", limit, windowMs, burst, one.weight];
}

/** `at` is the time by which the server counted; what is told goes by the caller's `now`. */
function stateOf(one: Take, used: string, at: number, now: number, refused = false): LimitState {
  const state =
    "slot" in one
      ? concurrencyState(one.limit, Number(used), at, refused)
      : rateState(one.limit, readUse(used), at, refused ? one.weight : undefined);
  return { ...state, resetsAt: state.resetsAt + (now - at) };
}

/** Nothing was taken, so what is used says which takes would have been refused. */
function stateOfRefused(one: Take, used: string, at: number, now: number): LimitState {
  const fits =
    "slot" in one
      ? Number(used) < one.limit.limit
      : spendRate(one.limit, readUse(used), one.weight, at) !== undefined;
  return stateOf(one, used, at, now, !fits);
}

/** `restsAt` is the server's business: its key expires. */
function readUse(text: string): RateUse | undefined {
  if (text === "") return undefined;
  const [used, at] = text.split(" ").map(Number) as [number, number];
  return { used, at, restsAt: at };
}
