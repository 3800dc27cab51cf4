// Promise: a place of a concurrency limit is held while the answer is on its way, and free when it has ended, was broken off, or the
// client has left.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { pipeline, Readable } from "node:stream";
import { suite, test } from "node:test";
import { serve } from "@hono/node-server";
import express from "express";
import { fastify } from "fastify";
import { Hono } from "hono";
import { guard as guardExpress } from "../../src/adapters/express.ts";
import { guard as guardFastify } from "../../src/adapters/fastify.ts";
import { type ClavigerEnv, guard as guardHono } from "../../src/adapters/hono.ts";
import { guard as guardNext } from "../../src/adapters/next.ts";
import type { Claviger } from "../../src/index.ts";
import { openExchange } from "../support/exchange.ts";
import { bearer } from "../support/gateway.ts";
import { FRAMEWORKS, type Framework, type Running, running } from "./program.ts";
import { keyOf, openClaviger } from "./worlds.ts";

const PROJECT = `
name: acme
limits: { running: { concurrency: 1, per: key } }
`;

/** A stream that a test ends by hand, its first piece sent already. */
class Tap {
  readonly stream = new Readable({ read() {} });
  constructor() {
    this.stream.push("first ");
  }
}

type Taps = Tap[];
const tap = (taps: Taps): Tap => {
  const made = new Tap();
  taps.push(made);
  return made;
};

async function startStreaming(framework: Framework, claviger: Claviger, taps: Taps): Promise<Running> {
  const options = { project: "acme" };
  const web = () => new Response(Readable.toWeb(tap(taps).stream) as ReadableStream);
  switch (framework) {
    case "express": {
      const app = express();
      app.use(guardExpress(claviger, options));
      app.use((_request, response) => void pipeline(tap(taps).stream, response, () => {}));
      const server = createServer(app).listen(0, "127.0.0.1");
      await once(server, "listening");
      return running(server);
    }
    case "fastify": {
      const app = fastify({ forceCloseConnections: true });
      await app.register(guardFastify(claviger, options));
      app.get("/", (_request, reply) => reply.send(tap(taps).stream));
      const url = await app.listen({ port: 0, host: "127.0.0.1" });
      return { port: Number(new URL(url).port), [Symbol.asyncDispose]: () => app.close() };
    }
    case "hono": {
      const app = new Hono<ClavigerEnv>();
      app.use(guardHono(claviger, options));
      app.get("/", web);
      return served(app.fetch);
    }
    case "next": {
      const handler = guardNext(claviger, options)(web);
      return served((request) => handler(request, {}));
    }
  }
}

async function served(fetch: (request: Request) => Response | Promise<Response>): Promise<Running> {
  const server = serve({ fetch, port: 0, hostname: "127.0.0.1" }) as ReturnType<typeof createServer>;
  await once(server, "listening");
  return running(server);
}

for (const framework of FRAMEWORKS) {
  suite(framework, () => {
    for (const [how, end] of [
      ["has been read to its end", (stream: Readable) => void stream.push(null)],
      ["broke off", (stream: Readable) => void stream.destroy(new Error("broken"))],
      ["was left by its client", (_stream: Readable, answer: IncomingMessage) => void answer.destroy()],
    ] as const) {
      test(`an answer that ${how} holds its place no longer`, { timeout: 10_000 }, async (t) => {
        const claviger = await openClaviger(t, PROJECT);
        const taps: Taps = [];
        await using program = await startStreaming(framework, claviger, taps);
        const headers = bearer(await keyOf(claviger));
        const ask = async (): Promise<IncomingMessage> => {
          const exchange = openExchange(program.port, "acme.localhost", { headers });
          exchange.request.end();
          return exchange.response;
        };
        const first = await ask();
        first.on("error", () => {});
        await once(first, "data");
        assert.equal(first.statusCode, 200);
        assert.equal((await ask()).statusCode, 429, "it is running");
        end(taps[0]!.stream, first);
        // The server hears of the end in its own time.
        let status = 429;
        while (status === 429) {
          const answer = await ask();
          status = answer.statusCode ?? 0;
          if (status === 429) answer.resume();
          else answer.destroy();
        }
        assert.equal(status, 200);
      });
    }
  });
}
