// One program in five shapes: behind the gateway, and with Claviger in it under each framework. What it answers is the same everywhere.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { serve } from "@hono/node-server";
import express from "express";
import { fastify } from "fastify";
import { Hono } from "hono";
import { guard as guardExpress } from "../../src/adapters/express.ts";
import { guard as guardFastify } from "../../src/adapters/fastify.ts";
import { type ClavigerEnv, guard as guardHono } from "../../src/adapters/hono.ts";
import { guard as guardNext } from "../../src/adapters/next.ts";
import type { Claviger } from "../../src/index.ts";

export const FRAMEWORKS = ["express", "fastify", "hono", "next"] as const;
export type Framework = (typeof FRAMEWORKS)[number];

export interface Running extends AsyncDisposable {
  readonly port: number;
}

interface Said {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** `/fail` fails, `/settle` says what it cost, everything else tells what it received. */
function say(method: string, path: string, body: string): Said {
  const headers: Record<string, string> = { "content-type": "application/json; charset=utf-8" };
  if (path.startsWith("/fail")) return { status: 503, headers, body: '{"failed":true}' };
  if (path.startsWith("/settle")) headers["x-units-used"] = "3";
  // Names that Claviger answers for: what the program says under them does not stand.
  headers["x-request-id"] = "the program's own";
  headers.vary = "Accept-Encoding";
  return { status: 200, headers, body: JSON.stringify({ method, path, body }) };
}

export interface StartOptions {
  readonly project?: string;
  readonly environment?: string;
}

/** Not guarded: what stands behind the gateway. */
export async function startBare(): Promise<Running> {
  const server = createServer(async (request, response) => {
    const { status, headers, body } = say(request.method ?? "", request.url ?? "", await text(request));
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return running(server);
}

export async function start(
  framework: Framework,
  claviger: Claviger,
  { project = "acme", ...rest }: StartOptions = {},
): Promise<Running> {
  return STARTS[framework](claviger, { project, ...rest });
}

type Options = StartOptions & { readonly project: string };

const STARTS: Record<Framework, (claviger: Claviger, options: Options) => Promise<Running>> = {
  async express(claviger, options) {
    const app = express();
    app.disable("x-powered-by");
    app.use(guardExpress(claviger, options));
    app.use(express.text({ type: () => true, limit: "10mb" }));
    app.get("/throw", () => {
      throw new Error("as programs do");
    });
    app.use((request, response) => {
      const { status, headers, body } = say(request.method, request.originalUrl, request.body ?? "");
      response.status(status).set(headers).end(body);
    });
    // Express prints what it catches.
    app.use(((_fault, _request, response, _next) => {
      response.status(500).end();
    }) satisfies express.ErrorRequestHandler);
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return running(server);
  },
  async fastify(claviger, options) {
    const app = fastify({ bodyLimit: 10_000_000, forceCloseConnections: true });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    await app.register(guardFastify(claviger, options));
    app.get("/throw", () => {
      throw new Error("as programs do");
    });
    app.all("/*", (request, reply) => {
      const { status, headers, body } = say(request.method, request.url, String(request.body ?? ""));
      return reply.code(status).headers(headers).send(body);
    });
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    return { port: Number(new URL(url).port), [Symbol.asyncDispose]: () => app.close() };
  },
  async hono(claviger, options) {
    const app = new Hono<ClavigerEnv>();
    app.use(guardHono(claviger, options));
    app.get("/throw", () => {
      throw new Error("as programs do");
    });
    app.onError((_error, c) => c.body(null, 500));
    app.all("*", async (c) => {
      const { pathname, search } = new URL(c.req.url);
      const { status, headers, body } = say(c.req.method, `${pathname}${search}`, await c.req.text());
      return new Response(c.req.method === "HEAD" ? null : body, { status, headers });
    });
    return served(app.fetch);
  },
  async next(claviger, options) {
    const withClaviger = guardNext(() => claviger, { ...options, peer: () => "127.0.0.1" });
    const handler = withClaviger(async (request) => {
      const { pathname, search } = new URL(request.url);
      if (pathname === "/throw") throw new Error("as programs do");
      const { status, headers, body } = say(request.method, `${pathname}${search}`, await request.text());
      return new Response(body, { status, headers });
    });
    // As Next does with what a handler throws.
    return served((request) => handler(request, {}).catch(() => new Response(null, { status: 500 })));
  },
};

async function served(fetch: (request: Request) => Response | Promise<Response>): Promise<Running> {
  return new Promise((resolve) => {
    const server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, () =>
      resolve(running(server as ReturnType<typeof createServer>)),
    );
  });
}

export function running(server: ReturnType<typeof createServer>): Running {
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
