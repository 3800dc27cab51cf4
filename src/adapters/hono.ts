// Middleware for Hono. On @hono/node-server it reads Node's own request, header line by header line; elsewhere the Web `Request`.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context, MiddlewareHandler } from "hono";
import type { Claviger } from "../embedded/claviger.ts";
import { sentRequest } from "../embedded/question.ts";
import type { AllowedVerdict } from "../embedded/verdict.ts";
import { measureWebBody, readWebRequest } from "../embedded/web.ts";
import { type Admitted, type Arrival, createGuard } from "./admission.ts";
import { answerOf, fieldsOfWeb, whenRead } from "./web-answer.ts";
import type { WebGuardOptions } from "./web-guard.ts";

export type { AllowedVerdict, WebGuardOptions };

/** For `new Hono<ClavigerEnv>()`, so that `c.get("claviger")` has its type in every handler. */
export interface ClavigerEnv {
  Variables: { claviger: AllowedVerdict };
}

/** Stands before whatever reads the body. `peer` is asked on other servers than @hono/node-server only. Throws as `createGuard` does. */
export function guard(claviger: Claviger, options: WebGuardOptions): MiddlewareHandler<ClavigerEnv> {
  const judge = createGuard(claviger, options);
  return async (c, next) => {
    const node = nodeOf(c);
    const admission = await judge(arrivalOf(c, node, options.peer));
    if (!admission.allowed) return answerOf(admission.answer);
    const { outgoing } = node ?? {};
    if (outgoing?.closed) admission.release();
    outgoing?.once("close", admission.release);
    c.set("claviger", admission.verdict);
    try {
      await next();
    } catch (error) {
      admission.release();
      await admission.answered(500, []);
      throw error;
    }
    await tellAnswer(c, admission);
    if (outgoing === undefined) c.res = new Response(whenRead(c.res.body, admission.release), c.res);
    return undefined;
  };
}

interface NodeSide {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** As @hono/node-server binds them. */
function nodeOf({ env }: Context): NodeSide | undefined {
  const { incoming, outgoing } = (env ?? {}) as Partial<NodeSide>;
  if (!Array.isArray(incoming?.rawHeaders) || outgoing === undefined) return undefined;
  return { incoming, outgoing };
}

/** The body is read through the Web request in either case, which is what handlers read it through. */
function arrivalOf(
  { req: { raw } }: Context,
  node: NodeSide | undefined,
  peer: WebGuardOptions["peer"],
): Arrival {
  const request = node === undefined ? readWebRequest(raw, peer?.(raw)) : sentRequest(node.incoming);
  return { request, measure: (cost) => measureWebBody(raw, request, cost) };
}

async function tellAnswer(c: Context, { answered, vary }: Admitted): Promise<void> {
  const added = await answered(c.res.status, fieldsOfWeb(c.res.headers));
  for (const [name, value] of Object.entries(added)) c.header(name, value);
  if (vary !== "") c.header("vary", vary, { append: true });
}
