// A verdict for a proxy that asks and serves the request itself: the gateway's own, less what only the gateway sees. It forwards
// nothing and reads no body.
import type { Clock } from "../base/clock.ts";
import { newId } from "../base/ids.ts";
import { type RenderedAnswer, renderAnswer, renderDenial, usageHeaders } from "../policy/dialect.ts";
import type { ForwardAuthPolicy } from "../policy/judge.ts";
import type { ClientAddress } from "../policy/network.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Directory, ServedHost } from "../store/directory.ts";
import type { Limiter } from "../verify/limiter.ts";
import { locate } from "../verify/locate.ts";
import type { Question } from "../verify/question.ts";
import type { Verify } from "../verify/verify.ts";
import { faultOf, questionOf, type Received, readArrival } from "./arrival.ts";
import { corsFields, preflightAnswer, withCors } from "./cors.ts";
import { extractCredential } from "./extract.ts";
import type { Field } from "./fields.ts";
import { callerOf, takenBy } from "./identity.ts";
import { operatorProblem } from "./proxy-trust.ts";

export interface AskParts {
  readonly clock: Clock;
  readonly verify: Verify;
  readonly limiter: Pick<Limiter, "release">;
  readonly directory: Directory;
  /** Hears of questions that the operator has to mend. */
  readonly onFault?: (message: string) => void;
  /** Runs something after a while; a timer of this process unless it is said. */
  readonly later?: (run: () => void, delayMs: number) => void;
}

export interface AskedAllowed {
  readonly kind: "allowed";
  readonly requestId: string;
  /** For the upstream: the identity headers, always all of them. */
  readonly caller: Readonly<Record<string, string>>;
  /** For the client: the usage headers and what pages are told, names in lower case. */
  readonly usage: Readonly<Record<string, string>>;
  /**
   * Names of the client's fields that may not reach the upstream, in lower case; without those of `caller`, which are replaced:
   * Envoy removes after it has set.
   */
  readonly taken: readonly string[];
}

export type Asked =
  | AskedAllowed
  /** Or a preflight that is answered. Without a `requestId` where no project answers. */
  | { readonly kind: "refused"; readonly answer: RenderedAnswer; readonly requestId?: string };

/** The request as the client sent it, and who that is. Rejects only on a defect. */
export type Ask = (
  served: ServedHost,
  host: string,
  request: Received,
  client: ClientAddress,
  /** Whether the proxy hands on an answer that is no refusal, so that preflights can be answered for it. */
  answersPreflights: boolean,
) => Promise<Asked>;

export function createAsk(parts: AskParts): Ask {
  const { clock, verify, limiter, onFault = () => {}, later = afterAWhile } = parts;
  /** Routes that were complained of: every request of theirs would say the same. */
  const told = new Set<string>();
  return async (served, host, request, client, answersPreflights) => {
    const { project } = served;
    const requestId = newId("req");
    const arrival = readArrival(served, [host], request, client);
    const { fields, query } = arrival;
    const refused = (answer: RenderedAnswer): Asked => ({
      kind: "refused",
      answer: withCors(answer, project, fields),
      requestId,
    });
    const fault = faultOf(request);
    if (fault !== undefined) return refused(renderAnswer(project.dialect, fault, { requestId }));
    const preflight = answersPreflights ? preflightAnswer(project, request, fields) : undefined;
    if (preflight !== undefined) return { kind: "refused", answer: preflight, requestId };
    const asked = questionOf(arrival, request, extractCredential(project.credentials, fields, query));
    const { pattern, policy } = routeOf(asked);
    if (policy === false) {
      const route = `${project.name} ${pattern}`;
      if (!told.has(route)) onFault(`a proxy asked about ${route}, which says forwardAuth: false`);
      told.add(route);
      return refused(operatorProblem(500, "route_needs_gateway", "This route is served by the gateway only"));
    }
    const { cost, concurrencyMs } = policy ?? {};
    const verdict = await verify({ ...asked, slot: requestId, cost, tellPots: project.tellsPots });
    const occasion = { requestId, now: clock.now() };
    // A refused request holds no place, and releasing one twice does no harm.
    if (verdict.allowed && concurrencyMs !== undefined)
      later(() => limiter.release(requestId), concurrencyMs);
    else limiter.release(requestId);
    return verdict.allowed
      ? allowed(served, verdict, fields, occasion)
      : refused(renderDenial(project.dialect, verdict, occasion));
  };
}

function afterAWhile(run: () => void, delayMs: number): void {
  setTimeout(run, delayMs).unref();
}

function routeOf(question: Question): { pattern?: string; policy?: ForwardAuthPolicy | false } {
  const place = locate(question);
  if ("reason" in place || place.route === undefined || place.route === "none") return {};
  const { pattern, forwardAuth } = place.route.policy;
  return { pattern, ...(forwardAuth !== undefined && { policy: forwardAuth }) };
}

function allowed(
  { project, host: { region } }: ServedHost,
  verdict: Allowed,
  fields: readonly Field[],
  { requestId, now }: { readonly requestId: string; readonly now: number },
): AskedAllowed {
  const caller = callerOf(verdict, region);
  const ours = new Set([...PROXYS_OWN, ...Object.keys(caller).map((name) => name.toLowerCase())]);
  const isTaken = takenBy(project);
  const taken = fields.map(({ name }) => name).filter((name) => isTaken(name) && !ours.has(name));
  return {
    kind: "allowed",
    requestId,
    caller,
    usage: { ...usageHeaders(project.dialect, verdict, now), ...corsFields(project, fields) },
    taken: [...new Set(taken)],
  };
}

/** What a proxy says of its own hop. */
const PROXYS_OWN = new Set(
  "host expect x-forwarded-for x-forwarded-host x-forwarded-proto x-request-id".split(" "),
);
