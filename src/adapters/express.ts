// Middleware for Express, and for whatever else hands on Node's own request and response. It needs no type of Express.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Claviger } from "../embedded/claviger.ts";
import { measureNodeBody } from "../embedded/node-body.ts";
import { sentRequest } from "../embedded/question.ts";
import type { AllowedVerdict } from "../embedded/verdict.ts";
import { type Admission, createGuard, type GuardOptions } from "./admission.ts";
import { watchAnswer } from "./node-answer.ts";

export type { AllowedVerdict, GuardOptions };

declare global {
  namespace Express {
    interface Request {
      /** The verdict that let the request in; absent where no guard stands before the handler. */
      claviger?: AllowedVerdict;
    }
  }
}

export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (fault?: unknown) => void,
) => Promise<void>;

/** Stands before body parsers and before whatever rewrites the URL. Throws as `createGuard` does. */
export function guard(claviger: Claviger, options: GuardOptions): Middleware {
  const judge = createGuard(claviger, options);
  return async (request, response, next) => {
    let admission: Admission;
    try {
      admission = await judge({
        request: sentRequest(request),
        measure: (cost) => measureNodeBody(request, cost),
      });
    } catch (fault) {
      return next(fault);
    }
    if (!admission.allowed) {
      const { status, headers, body } = admission.answer;
      response.writeHead(status, headers).end(body);
      return;
    }
    if (response.closed) return admission.release();
    response.once("close", admission.release);
    watchAnswer(response, admission);
    Object.assign(request, { claviger: admission.verdict });
    next();
  };
}
