// A question in plain words, read into what the engine or a server is asked. It decides nothing and looks nothing up.
import { ClavigerError, invalidField } from "../base/errors.ts";
import { linesOf, questionOf, type Received, readArrival } from "../gateway/arrival.ts";
import { extractCredential } from "../gateway/extract.ts";
import { endToEndFields } from "../gateway/fields.ts";
import { printAddress } from "../policy/network.ts";
import type { Project } from "../project/compile.ts";
import type { Credential, Question } from "../verify/question.ts";
import { measureNodeBody } from "./node-body.ts";
import { type AnyRequest, isWebRequest, measureWebBody, readWebRequest } from "./web.ts";

/** Where the credential is; `undefined` and `""` are a client that sent none. */
export type CredentialSource =
  | { readonly key: string | undefined; readonly authorization?: undefined; readonly request?: undefined }
  /** The value of the Authorization header. */
  | { readonly authorization: string | undefined; readonly key?: undefined; readonly request?: undefined }
  /** Read as the gateway reads it: the credential, method and path, and of a Node request the client's address. */
  | { readonly request: AnyRequest; readonly key?: undefined; readonly authorization?: undefined };

export interface QuestionFacts {
  readonly project: string;
  /** The client's address. Without one a key that has an allowlist is refused. */
  readonly ip?: string | undefined;
  /** Admit keys of this environment only; of every one when absent, whatever the request's Host. */
  readonly environment?: string | undefined;
  /** Needed beside what the route needs. */
  readonly scopes?: readonly string[] | undefined;
  /** Together with `path`: judge on this route. Without them no route is consulted, unless `request` is given. */
  readonly method?: string | undefined;
  /** The request target as it was sent. */
  readonly path?: string | undefined;
  /** Units, in place of what the route costs. An allowed verdict has spent it. */
  readonly cost?: number | undefined;
  /** Keep what is spent open under an id, to be ended with `holds`. */
  readonly hold?: boolean | undefined;
}

export type VerifyQuestion = QuestionFacts & CredentialSource;

/** A question with its credential read. */
export interface ReadQuestion {
  /** Without a credential; it may be checked and sent as it is. */
  readonly facts: QuestionFacts;
  readonly credential: Credential;
  readonly malformed?: string | undefined;
  readonly measure?: Question["measure"];
}

/** `credentialsOf` is asked only where the project says where a credential may stand. Throws `validation_failed`. */
export function readQuestion(asked: VerifyQuestion, project: Project | undefined): ReadQuestion {
  const { key, authorization, request, ...facts } = asked;
  const given = [key, authorization, request].filter((source) => source !== undefined).length;
  if (given > 1) throw invalidField("key", "authorization and request exclude one another");
  if (request !== undefined) return readRequest(request, facts, needed(project));
  if (key !== undefined || "key" in asked) return { facts, credential: credentialOf(key) };
  if (!("authorization" in asked))
    throw new ClavigerError("validation_failed", "One of key, authorization and request is missing.");
  const rawHeaders =
    authorization === undefined ? [] : ["authorization", checkText("authorization", authorization)];
  const { credentials } = needed(project);
  return { facts, credential: extractCredential(credentials, endToEndFields(rawHeaders), "") };
}

function needed(project: Project | undefined): Project {
  if (project === undefined) throw new ClavigerError("not_found", "project: there is no such project.");
  return project;
}

function readRequest(request: AnyRequest, facts: QuestionFacts, project: Project): ReadQuestion {
  if (typeof request !== "object" || request === null) throw invalidField("request", "is not a request");
  const received = isWebRequest(request) ? readWebRequest(request) : sentRequest(request);
  const served = { project, host: { host: "", environment: undefined, region: undefined } };
  const arrived = readArrival(served, linesOf(received, "host"), received);
  const { client } = arrived;
  const found = extractCredential(project.credentials, arrived.fields, arrived.query);
  const { credential, malformed } = questionOf(arrived, received, found);
  return {
    facts: {
      ...facts,
      method: facts.method ?? received.method,
      path: facts.path ?? received.url,
      ip: facts.ip ?? (client.kind === "known" ? printAddress(client.address) : undefined),
    },
    credential,
    malformed,
    measure: (cost) =>
      isWebRequest(request) ? measureWebBody(request, received, cost) : measureNodeBody(request, cost),
  };
}

/** With the target as it was sent: Express cuts `url` where an application is mounted. */
export function sentRequest(request: Received & { readonly originalUrl?: string }): Received {
  const { method, url, originalUrl = url, httpVersion, rawHeaders, headers, socket } = request;
  return { method, url: originalUrl, httpVersion, rawHeaders, headers, socket };
}

/** Longer than any key, and than what is worth reading on (hostile A19). */
const MAX_CREDENTIAL_LENGTH = 4_096;

function credentialOf(key: string | undefined): Credential {
  const text = key === undefined ? "" : checkText("key", key);
  if (text === "") return { kind: "none" };
  if (text.length > MAX_CREDENTIAL_LENGTH) return { kind: "unreadable", hint: "It is too long to be a key." };
  return { kind: "key", text };
}

/** Nothing of the value is repeated: it may be a key. */
function checkText(field: string, value: unknown): string {
  if (typeof value !== "string") throw invalidField(field, "must be a text");
  return value;
}
