// One request of a framework judged as the gateway judges it: the answer to refuse it with, or what is to be done about the answer
// that the program gives. It knows no framework.
import { ClavigerError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { judgeUnread } from "../embedded/body-taken.ts";
import type { Claviger } from "../embedded/claviger.ts";
import { type Engine, engineOf } from "../embedded/engine.ts";
import { type AllowedVerdict, tellVerdict } from "../embedded/verdict.ts";
import { unknownHost } from "../gateway/answer.ts";
import { faultOf, hostName, linesOf, questionOf, type Received, readArrival } from "../gateway/arrival.ts";
import { corsFields, preflightAnswer, withCors } from "../gateway/cors.ts";
import { extractCredential } from "../gateway/extract.ts";
import type { Field } from "../gateway/fields.ts";
import { isOpen } from "../gateway/settle.ts";
import { type RenderedAnswer, renderAnswer, renderDenial, usageHeaders } from "../policy/dialect.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { ServedHost } from "../store/directory.ts";
import type { Question } from "../verify/question.ts";

export interface GuardOptions {
  /** The name of the project whose keys open the door; it has to have been applied. */
  readonly project: string;
  /**
   * Admit keys of this environment only. When absent the Host header says it, as at the gateway: where a host of the project stands for
   * an environment, a request under any other host is refused with 421.
   */
  readonly environment?: string;
}

export interface Arrival {
  readonly request: Received;
  /** As in Question; rejects with BodyTaken where somebody has read the body. */
  readonly measure: NonNullable<Question["measure"]>;
}

export type Admission =
  /** A refusal, or the answer to a preflight. Header names in lower case. */
  { readonly allowed: false; readonly answer: RenderedAnswer } | Admitted;

export interface Admitted {
  readonly allowed: true;
  readonly verdict: AllowedVerdict;
  /**
   * Hears the program's answer before the client does, and gives what is added to it in place of its own headers of these names. What
   * was paid is given back or settled here, once. Never rejects.
   */
  answered(status: number, fields: readonly Field[]): AddedHeaders | Promise<AddedHeaders>;
  /** Request header names by which the answer differs, to be added to its Vary; `""` for none. */
  readonly vary: string;
  /** The request has ended: what it held of a concurrency limit is free. Safe to repeat. */
  release(): void;
}

export type AddedHeaders = Readonly<Record<string, string>>;
export type Guard = (arrival: Arrival) => Promise<Admission>;

/** Throws ClavigerError `not_found` at once for a project that is not there, and TypeError for a Claviger that is not open here. */
export function createGuard(claviger: Claviger, options: GuardOptions): Guard {
  const engine = engineOf(claviger);
  projectOf(engine, options);
  return async (arrival) => {
    const project = projectOf(engine, options);
    const hosts = linesOf(arrival.request, "host");
    const served = servedOf(project, hosts[0], options);
    if (served === undefined) return { allowed: false, answer: withLength(unknownHost(hosts.length)) };
    return judge(engine, served, hosts, arrival);
  };
}

function projectOf({ directory }: Engine, { project: name, environment }: GuardOptions): Project {
  const project = directory.project(name);
  if (project === undefined)
    throw new ClavigerError("not_found", `There is no project ${JSON.stringify(name)}; apply it first.`);
  if (environment !== undefined && !project.environments.includes(environment))
    throw new ClavigerError("not_found", `The project has no environment ${JSON.stringify(environment)}.`);
  return project;
}

function servedOf(project: Project, host: string | undefined, options: GuardOptions): ServedHost | undefined {
  const name = hostName(host);
  const known = project.hosts.find((one) => one.host === name);
  const place = known ?? { host: "", environment: undefined, region: undefined };
  const { environment = place.environment } = options;
  if (environment === undefined && project.hosts.some((one) => one.environment !== undefined))
    return undefined;
  return { project, host: { ...place, environment } };
}

async function judge(
  engine: Engine,
  served: ServedHost,
  hosts: readonly string[],
  { request, measure }: Arrival,
): Promise<Admission> {
  const { clock, verify } = engine;
  const { project } = served;
  const { dialect } = project;
  const requestId = newId("req");
  const arrived = readArrival(served, hosts, request);
  const answered = (answer: RenderedAnswer): Admission => ({
    allowed: false,
    answer: withLength(answer, requestId),
  });
  const refused = (answer: RenderedAnswer): Admission => answered(withCors(answer, project, arrived.fields));
  const fault = faultOf(request);
  if (fault !== undefined) return refused(renderAnswer(dialect, fault, { requestId }));
  const preflight = preflightAnswer(project, request, arrived.fields);
  if (preflight !== undefined) return answered(preflight);
  const credential = extractCredential(project.credentials, arrived.fields, arrived.query);
  const verdict = await judgeUnread(verify, {
    ...questionOf(arrived, request, credential),
    slot: requestId,
    measure,
    tellPots: project.isMetered,
  });
  if (!verdict.allowed) return refused(renderDenial(dialect, verdict, { requestId, now: clock.now() }));
  return admitted(engine, project, verdict, { requestId, fields: arrived.fields });
}

function admitted(
  { clock, limiter, settlements }: Engine,
  project: Project,
  verdict: Allowed,
  { requestId, fields: asked }: { readonly requestId: string; readonly fields: readonly Field[] },
): Admitted {
  const { dialect } = project;
  /** Frameworks may tell of two answers: an error page in place of one that could not be sent. */
  let settled: Promise<Allowed> | undefined;
  const added = (told: Allowed): AddedHeaders => ({
    ...usageHeaders(dialect, told, clock.now()),
    ...corsFields(project, asked),
    "x-request-id": requestId,
  });
  return {
    allowed: true,
    verdict: tellVerdict(verdict),
    answered(status, fields) {
      if (!isOpen(verdict)) return added(verdict);
      settled ??= settlements.answered(verdict, status, fields);
      return settled.then(added);
    },
    vary: dialect.vary,
    release: () => limiter.release(requestId),
  };
}

function withLength({ status, headers, body }: RenderedAnswer, requestId?: string): RenderedAnswer {
  return {
    status,
    headers: {
      ...headers,
      // RFC 9110 section 8.6.
      ...(status !== 204 && { "content-length": String(Buffer.byteLength(body)) }),
      ...(requestId !== undefined && { "x-request-id": requestId }),
    },
    body,
  };
}
