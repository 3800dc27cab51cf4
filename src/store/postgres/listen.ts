// Hears from the database that another node has committed something. A hint that wakes whoever follows the changes log: what is lost
// here is found by the next look at the log.
import { Client } from "pg";
import type { Nodes } from "../cluster.ts";
import type { Change } from "../records.ts";
import type { Address } from "./address.ts";
import { faultOf } from "./faults.ts";

export const CHANNEL = "claviger_changes";

type WakeListener = Parameters<Nodes["onWake"]>[0];

/** PostgreSQL takes less than 8,000 bytes. */
const MAX_PAYLOAD_BYTES = 7_000;

/** Empty where they are too many to be told; then they are looked for. */
export function toPayload(changes: readonly Change[]): string {
  const text = JSON.stringify(changes);
  return Buffer.byteLength(text) <= MAX_PAYLOAD_BYTES ? text : "";
}

/** `undefined` for what says no more than that there is something, as a program of another version may. */
function readPayload(text: string | undefined): readonly Change[] | undefined {
  try {
    const changes: unknown = JSON.parse(text ?? "");
    return Array.isArray(changes) && changes.every(isChange) ? changes : undefined;
  } catch {
    return undefined;
  }
}

function isChange(value: unknown): value is Change {
  const { seq, kind, project, subject } = (value ?? {}) as Partial<Change>;
  return Number.isSafeInteger(seq) && [kind, project, subject].every((one) => typeof one === "string");
}

export interface Listening {
  onWake(listener: WakeListener): void;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;

/**
 * Keeps one connection for it and makes it anew when it is lost. `onFault` hears of the first fault of each time without one. A database
 * that has no LISTEN (CockroachDB) is asked seldom, and followed by looking.
 */
export function listenForChanges(address: Address, onFault: (error: Error) => void): Listening {
  const listeners: WakeListener[] = [];
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let isTold = false;
  let isClosed = false;

  const again = (lost: Client, error: unknown): void => {
    if (client !== lost) return;
    client = undefined;
    lost.end().catch(() => {});
    if (isClosed) return;
    if (!isTold) onFault(faultOf(error, address.place));
    isTold = true;
    timer = setTimeout(connect, pauseMs * (0.5 + Math.random() / 2));
    pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS);
  };
  const connect = (): void => {
    const made = new Client({
      ...address.config,
      keepAlive: true,
      connectionTimeoutMillis: 2_000,
      fallback_application_name: "claviger changes",
    });
    client = made;
    made.on("error", (error) => again(made, error));
    made.on("end", () => again(made, new Error("Connection terminated")));
    made.on("notification", ({ payload }) => {
      const changes = readPayload(payload);
      for (const listener of listeners) listener(changes);
    });
    const listen = async (): Promise<void> => {
      await made.connect();
      await made.query(`listen ${CHANNEL}`);
      pauseMs = FIRST_PAUSE_MS;
      isTold = false;
      // Whatever came while nobody listened.
      for (const listener of listeners) listener();
    };
    listen().catch((error) => again(made, error));
  };
  connect();
  return {
    onWake: (listener) => void listeners.push(listener),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
