// A TCP link to a server on this machine that fails on command: it freezes, thaws, slows down, breaks, and closes one half. It may not know what passes through.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";
import type { Ends } from "./services.ts";

export interface FaultyLink {
  readonly port: number;
  /** How many clients are connected. */
  clients(): number;
  /** Takes connections and bytes, and passes nothing on in either direction. */
  freeze(): void;
  thaw(): void;
  /** Every piece, in both directions, arrives so much later; 0 for at once again. */
  slow(delayMs: number): void;
  /** Ends the server's half of every connection and leaves the client's open: what the client says is read and goes nowhere. */
  halfClose(): void;
  /** Ends every connection at once; new ones are taken. */
  cut(): void;
}

export async function openLink(context: Ends, target: number): Promise<FaultyLink> {
  const sockets = new Set<Socket>();
  const clients = new Map<Socket, Socket>();
  let frozen = false;
  let delayMs = 0;
  /** In order, each piece after its delay. */
  const lag = () =>
    new Transform({
      transform(chunk, _encoding, done) {
        if (delayMs === 0) return done(null, chunk);
        setTimeout(() => this.push(chunk), delayMs);
        done();
      },
      flush: (done) => void setTimeout(done, delayMs),
    });
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(target, "127.0.0.1");
    clients.set(client, upstream);
    client.on("close", () => clients.delete(client));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(lag()).pipe(to);
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
    slow(ms) {
      delayMs = ms;
    },
    halfClose() {
      for (const [client, upstream] of clients) {
        client.unpipe();
        client.resume();
        upstream.unpipe();
        upstream.destroy();
        sockets.delete(upstream);
        upstream.removeAllListeners("close");
        client.end();
      }
    },
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
