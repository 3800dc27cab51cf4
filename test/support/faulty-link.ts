// A TCP link to a server on this machine that fails on command: it freezes, thaws and breaks. It may not know what passes through.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Ends } from "./services.ts";

export interface FaultyLink {
  readonly port: number;
  /** How many clients are connected. */
  clients(): number;
  /** Takes connections and bytes, and passes nothing on in either direction. */
  freeze(): void;
  thaw(): void;
  /** Ends every connection at once; new ones are taken. */
  cut(): void;
}

export async function openLink(context: Ends, target: number): Promise<FaultyLink> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      if (frozen) from.pause();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  context.after(() => {
    cut();
    server.close();
  });
  return {
    port: (server.address() as { port: number }).port,
    clients: () => sockets.size / 2,
    cut,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
  };
}
