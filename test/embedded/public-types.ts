// What a program may write and what it may not, for the compiler: nothing here is run. A line that must not compile and does is an error
// of `npm run check`, and so is an example that does not.
import express from "express";
import { fastify } from "fastify";
import { Hono } from "hono";
import { guard as guardExpress } from "../../src/adapters/express.ts";
import { guard as guardFastify } from "../../src/adapters/fastify.ts";
import { type ClavigerEnv, guard as guardHono } from "../../src/adapters/hono.ts";
import { type GuardedContext, guard as guardNext } from "../../src/adapters/next.ts";
import { type AllowedVerdict, type Claviger, connect, open, type Verdict } from "../../src/index.ts";

export type Examples = [
  typeof import("../../examples/embedded/express.ts"),
  typeof import("../../examples/embedded/fastify.ts"),
  typeof import("../../examples/embedded/hono.ts"),
  typeof import("../../examples/embedded/next.ts"),
];

export async function questions(request: Request, header: string | undefined): Promise<Verdict[]> {
  await using claviger = await open({ data: "./data", pepper: process.env.CLAVIGER_PEPPER });
  const server = connect({ url: "http://127.0.0.1:4000", rootKey: "x" });
  // @ts-expect-error a server is managed over its API
  server.keys.create("acme", { account: "acc_1", name: "x" });
  // @ts-expect-error no such option
  await open({ folder: "./data" });
  return [
    await claviger.verify({ project: "acme", key: header, ip: undefined, scopes: ["read"] }),
    await claviger.verify({ project: "acme", authorization: header, method: "GET", path: "/" }),
    await server.verify({ project: "acme", request }),
    // @ts-expect-error a misspelled field would ask for no scope
    await claviger.verify({ project: "acme", key: "x", scope: ["read"] }),
    // @ts-expect-error one credential at a time
    await claviger.verify({ project: "acme", key: "x", authorization: "Bearer x" }),
    // @ts-expect-error where the credential is has to be said
    await claviger.verify({ project: "acme" }),
  ];
}

export function verdicts(verdict: Verdict): string {
  // @ts-expect-error a denial may come from somebody who has proved no key
  const unproven: string = verdict.key.id;
  if (verdict.allowed) return verdict.key.id + unproven;
  // @ts-expect-error a store that does not answer is thrown
  if (verdict.code === "store_unavailable") return "";
  const wait: number | undefined = verdict.retryAfterSeconds;
  return `${verdict.hint} ${wait}`;
}

export function frameworks(claviger: Claviger): void {
  const app = express();
  app.use(guardExpress(claviger, { project: "acme" }));
  // @ts-expect-error the project has to be said
  app.use(guardExpress(claviger, {}));
  app.get("/", (request, response) => {
    const verdict: AllowedVerdict | undefined = request.claviger;
    // @ts-expect-error no guard may stand before this handler
    response.json([verdict, request.claviger.key]);
  });
  const server = fastify();
  void server.register(guardFastify(claviger, { project: "acme", environment: "live" }));
  server.get("/", (request) => request.claviger?.key.account);
  // @ts-expect-error no guard may stand before this handler
  server.get("/x", (request) => request.claviger.key.account);
  const hono = new Hono<ClavigerEnv>();
  hono.use(guardHono(claviger, { project: "acme", peer: () => undefined }));
  hono.get("/", (c) => c.text(c.get("claviger").key.account));
  // @ts-expect-error not a variable of ours
  hono.get("/x", (c) => c.text(c.get("clavigr").key.account));
  nextHandlers(guardNext(async () => claviger, { project: "acme" }));
}

/** As Next checks what a route exports: its own request, and parameters that are promised. */
type NextRoute = (
  request: Request & { readonly nextUrl: URL },
  context: { params: Promise<{ id: string }> },
) => Promise<Response>;

type Context = GuardedContext<{ params: Promise<{ id: string }> }>;

function nextHandlers(withClaviger: ReturnType<typeof guardNext>): NextRoute[] {
  return [
    withClaviger((_request, { claviger }) => Response.json(claviger.key.scopes)),
    withClaviger(async (request: Request & { nextUrl: URL }, { claviger, params }: Context) =>
      Response.json([request.nextUrl.pathname, (await params).id, claviger.key.id]),
    ),
    // @ts-expect-error no such thing beside the request
    withClaviger((_request, { clavigr }) => Response.json(clavigr)),
  ];
}
