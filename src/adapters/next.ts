// Route handlers of Next.js behind a guard. They are given Web requests, so what is said there of joined headers holds here.
import type { Claviger } from "../embedded/claviger.ts";
import type { AllowedVerdict } from "../embedded/verdict.ts";
import { createWebGuard, type WebGuardOptions } from "./web-guard.ts";

export type { AllowedVerdict, WebGuardOptions };

/** What Next hands to a route handler beside the request, such as `params`, with the verdict. */
export type GuardedContext<Context = unknown> = Context & { readonly claviger: AllowedVerdict };

export type WithClaviger = <Asked extends Request, Context extends GuardedContext = GuardedContext>(
  handler: (request: Asked, context: Context) => Response | Promise<Response>,
) => (request: Asked, context: Omit<Context, "claviger">) => Promise<Response>;

/**
 * `claviger` may be a function that is called at the first request: a build loads route modules and must open nothing. It is called again
 * if it fails.
 */
export function guard(
  claviger: Claviger | (() => Claviger | Promise<Claviger>),
  options: WebGuardOptions,
): WithClaviger {
  const ready = typeof claviger === "function" ? undefined : createWebGuard(claviger, options);
  let making: Promise<ReturnType<typeof createWebGuard>> | undefined;
  const make = async () => {
    const opened = typeof claviger === "function" ? await claviger() : claviger;
    return createWebGuard(opened, options);
  };
  const guarded = () => {
    making ??= make().catch((error) => {
      making = undefined;
      throw error;
    });
    return making;
  };
  return (handler) => async (request, context) => {
    const through = ready ?? (await guarded());
    // What Next hands in and the verdict are what the handler declares, which the compiler cannot put together.
    const whole = (claviger: AllowedVerdict) => ({ ...context, claviger }) as Parameters<typeof handler>[1];
    return through(request, (_request, verdict) => handler(request, whole(verdict)));
  };
}
