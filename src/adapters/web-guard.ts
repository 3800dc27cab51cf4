// A handler of Web requests behind a guard: judged before, its answer told of before it leaves. It knows no framework.
import type { Claviger } from "../embedded/claviger.ts";
import type { AllowedVerdict } from "../embedded/verdict.ts";
import { measureWebBody, readWebRequest } from "../embedded/web.ts";
import { type Admission, type Admitted, createGuard, type GuardOptions } from "./admission.ts";
import { addHeaders, answerOf, fieldsOfWeb, whenRead } from "./web-answer.ts";

export interface WebGuardOptions extends GuardOptions {
  /**
   * The address of who connected, where the platform tells it; the project's `trustedProxies` are then believed as at the gateway. Without
   * it no address is known, and keys with an allowlist are refused.
   */
  readonly peer?: (request: Request) => string | undefined;
}

export type WebHandler = (request: Request, verdict: AllowedVerdict) => Response | Promise<Response>;

export function createWebGuard(
  claviger: Claviger,
  options: WebGuardOptions,
): (request: Request, handler: WebHandler) => Promise<Response> {
  const judge = createGuard(claviger, options);
  return async (request, handler) => {
    const received = readWebRequest(request, options.peer?.(request));
    const admission: Admission = await judge({
      request: received,
      measure: (cost) => measureWebBody(request, received, cost),
    });
    return admission.allowed ? carryOut(request, admission, handler) : answerOf(admission.answer);
  };
}

async function carryOut(request: Request, admitted: Admitted, handler: WebHandler): Promise<Response> {
  const { answered, release, vary, verdict } = admitted;
  // A body that nobody reads any more would be waited for in vain.
  request.signal.addEventListener("abort", release, { once: true });
  if (request.signal.aborted) release();
  try {
    const response = await handler(request, verdict);
    const headers = new Headers(response.headers);
    addHeaders(headers, await answered(response.status, fieldsOfWeb(headers)), vary);
    const { status, statusText } = response;
    // Of an answer to HEAD the platform takes the head only.
    if (request.method === "HEAD") release();
    return new Response(whenRead(response.body, release), { status, statusText, headers });
  } catch (error) {
    release();
    // The platform answers 500, but for what Next throws to answer a redirect or a 404.
    if (!isNextAnswer(error)) await answered(500, []);
    throw error;
  }
}

function isNextAnswer(error: unknown): boolean {
  return String((error as { digest?: unknown } | undefined)?.digest ?? "").startsWith("NEXT_");
}
