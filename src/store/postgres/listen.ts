// Hears from the database that another node has committed something. A hint that wakes whoever follows the changes log: what is lost
// here is found by the next look at the log.
import { Client } from "pg";
import type { Address } from "./address.ts";
import { faultOf } from "./faults.ts";

export const CHANNEL = "claviger_changes";

export interface Listening {
  onWake(listener: () => void): void;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;

/**
 * Keeps one connection for it and makes it anew when it is lost. `onFault` hears of the first fault of each time without one. A database
 * that has no LISTEN (CockroachDB) is asked seldom, and followed by looking.
 */
export function listenForChanges(address: Address, onFault: (error: Error) => void): Listening {
  const listeners: (() => void)[] = [];
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
    made.on("notification", () => {
      for (const listener of listeners) listener();
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
