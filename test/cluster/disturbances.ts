// What goes wrong while clients ask: nodes that freeze, notifications that are cut, servers that are away. Each begins when it is called
// and ends when what it answers is called.
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import type { Daemon } from "../support/daemon.ts";
import type { Node } from "./nodes.ts";

export type Disturb = () => Promise<() => Promise<void>>;

/** Until its end, over and over: frozen, then running again. */
export function freezing(node: Node, frozenMs: number, runningMs: number): Disturb {
  return async () => {
    let isOver = false;
    const run = async (): Promise<void> => {
      while (!isOver) {
        node.signal("SIGSTOP");
        await delay(frozenMs);
        node.signal("SIGCONT");
        await delay(runningMs);
      }
    };
    const running = run();
    return async () => {
      isOver = true;
      await running;
    };
  };
}

/** Ends the connections on which nodes listen, as soon as they are made. */
export function cuttingNotifications(database: string): Disturb {
  return async () => {
    let isOver = false;
    const client = new Client({ connectionString: database });
    await client.connect();
    const run = async (): Promise<void> => {
      while (!isOver) {
        await client.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'claviger changes'",
        );
        await delay(20);
      }
      await client.end();
    };
    const running = run();
    return async () => {
      isOver = true;
      await running;
    };
  };
}

/** Takes connections and says nothing, which is worse than being away. */
export function frozen(server: Daemon): Disturb {
  return async () => {
    server.signal("SIGSTOP");
    return async () => server.signal("SIGCONT");
  };
}

export function away(server: Daemon): Disturb {
  return async () => {
    await server.stop();
    return () => server.restart();
  };
}
