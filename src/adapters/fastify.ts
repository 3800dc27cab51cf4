// A plugin for Fastify: judges before the body is read, and hears of every answer before it is sent.
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import type { Claviger } from "../embedded/claviger.ts";
import { measureNodeBody } from "../embedded/node-body.ts";
import { sentRequest } from "../embedded/question.ts";
import type { AllowedVerdict } from "../embedded/verdict.ts";
import { type Admitted, createGuard, type GuardOptions } from "./admission.ts";
import { fieldsOf } from "./node-answer.ts";

export type { AllowedVerdict, GuardOptions };

declare module "fastify" {
  interface FastifyRequest {
    /** The verdict that let the request in; absent where no guard stands before the handler. */
    claviger: AllowedVerdict | undefined;
  }
}

/** It guards the routes of the scope in which it is registered and of those within. Throws as `createGuard` does. */
export function guard(claviger: Claviger, options: GuardOptions): FastifyPluginCallback {
  const judge = createGuard(claviger, options);
  const running = new WeakMap<FastifyRequest, Admitted>();
  const plugin: FastifyPluginCallback = (app, _options, done) => {
    if (!app.hasRequestDecorator("claviger")) app.decorateRequest("claviger", undefined);
    app.addHook("onRequest", async (request, reply) => {
      const admission = await judge({
        request: sentRequest(request.raw),
        measure: (cost) => measureNodeBody(request.raw, cost),
      });
      if (!admission.allowed) {
        const { status, headers, body } = admission.answer;
        // Bytes, because Fastify adds a charset to texts.
        return reply.code(status).headers(headers).send(Buffer.from(body));
      }
      if (reply.raw.closed) admission.release();
      reply.raw.once("close", admission.release);
      running.set(request, admission);
      request.claviger = admission.verdict;
    });
    app.addHook("onSend", async (request, reply, payload) => {
      const admitted = running.get(request);
      if (admitted !== undefined) await addHeaders(reply, admitted);
      return payload;
    });
    done();
  };
  // The hooks are for the scope that registers it, and not for one of its own.
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}

async function addHeaders(reply: FastifyReply, { answered, vary }: Admitted): Promise<void> {
  const added = await answered(reply.statusCode, fieldsOf(reply.getHeaders()));
  for (const [name, value] of Object.entries(added)) reply.header(name, value);
  const own = reply.getHeader("vary");
  const names = [own, vary].flat().filter((one) => one !== undefined && one !== "");
  if (names.length > 0) reply.header("vary", names.join(", "));
}
