// Who calls the control plane: exactly one root key, judged by the engine itself as a key of the built-in project, or an operator who
// signed in. It adds no rule of its own to a verdict; it only tells it as a problem.
import type { FastifyReply, FastifyRequest, onRequestHookHandler, RouteOptions } from "fastify";
import { ClavigerError } from "../base/errors.ts";
import type { Caller } from "../manage/save.ts";
import { parseAddress } from "../policy/network.ts";
import type { DenialCode, Denied, Verdict } from "../policy/verdict.ts";
import { BUILTIN_PROJECT } from "../project/builtin.ts";
import { readBearer } from "../verify/credential.ts";
import type { Credential } from "../verify/question.ts";
import type { Verify } from "../verify/verify.ts";
import type { RootScope } from "./operation.ts";
import { operatorCaller } from "./operator.ts";
import type { PeopleDoor } from "./people-door.ts";

export const REALM = "claviger";

/** A route that does not say who may call it would be open to everyone: it keeps the control plane from starting. */
export function guardRoute(verify: Verify, route: RouteOptions, door?: PeopleDoor): void {
  const { access, fresh = false } = route.config ?? {};
  if (access === undefined) throw new Error(`${route.url} does not say who may call it`);
  if (access === "anyone" || access === "client") return;
  if (!BUILTIN_PROJECT.scopes.has(access))
    throw new Error(`${route.url} asks for an unknown scope ${access}`);
  route.onRequest = [requireScope(verify, door, access, fresh)];
}

/** Judges the root key before the body is read; the handler finds the caller on the request. */
function requireScope(
  verify: Verify,
  door: PeopleDoor | undefined,
  scope: RootScope,
  fresh: boolean,
): onRequestHookHandler {
  return (request, reply, done) => {
    const credential = rootCredential(request.raw.rawHeaders);
    if (door !== undefined && credential.kind === "none" && request.headers.cookie !== undefined) {
      operatorCaller(door, request, scope, fresh).then((caller) => {
        request.caller = caller ?? null;
        done(
          caller === undefined ? refuse(reply, { allowed: false, code: "missing_key" }, scope) : undefined,
        );
      }, done);
      return;
    }
    const settle = (verdict: Verdict): void => {
      if (verdict.allowed) request.caller = { actor: verdict.key.id, scopes: new Set(verdict.key.scopes) };
      done(verdict.allowed ? undefined : refuse(reply, verdict, scope));
    };
    const verdict = judgeRootKey(verify, request, credential, scope);
    if (verdict instanceof Promise) verdict.then(settle, done);
    else settle(verdict);
  };
}

export function judgeRootKey(
  verify: Verify,
  request: FastifyRequest,
  credential: Credential,
  scope: RootScope,
): Verdict | Promise<Verdict> {
  // No proxy is believed here: a root key with an allowlist is held to the other end of the socket.
  const peer = request.socket.remoteAddress;
  const clientAddress = peer === undefined ? undefined : parseAddress(peer);
  return verify({ project: BUILTIN_PROJECT, credential, clientAddress, scopes: [scope] });
}

/** The lines of Authorization. Node's header object shows the first one only (hostile A09 to A11). */
export function authorizationLines(rawHeaders: readonly string[]): string[] {
  const lines: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === "authorization") lines.push(rawHeaders[index + 1]!);
  }
  return lines;
}

export function rootCredential(rawHeaders: readonly string[]): Credential {
  const lines = authorizationLines(rawHeaders);
  if (lines.length > 1) return { kind: "many" };
  const [line = ""] = lines;
  if (line === "") return { kind: "none" };
  return readBearer(line, "The Authorization header must be: Bearer <root key>.");
}

/** Set by the guard of every operation with a scope. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new Error("the operation has no caller: it declares no scope");
  return caller;
}

/** The verdict as a problem, its challenge put on the reply (RFC 6750 section 3). */
export function refuse(reply: FastifyReply, verdict: Denied, scope: RootScope): ClavigerError {
  const error = problemOf(verdict, scope);
  const challenge = challengeOf(error, scope);
  if (challenge !== undefined) reply.header("www-authenticate", challenge);
  return error;
}

function challengeOf({ code, status }: ClavigerError, scope: RootScope): string | undefined {
  const realm = `Bearer realm="${REALM}"`;
  if (code === "insufficient_scope") return `${realm}, error="insufficient_scope", scope="${scope}"`;
  if (status !== 401) return undefined;
  return code === "missing_key" ? realm : `${realm}, error="invalid_token"`;
}

const SPENT: Partial<Record<DenialCode, string>> = {
  revoked_key: "The root key has been revoked.",
  disabled_key: "The root key is disabled.",
  expired_key: "The root key has expired.",
};

function problemOf({ code, hint }: Denied, scope: RootScope): ClavigerError {
  switch (code) {
    case "missing_key":
      return new ClavigerError("missing_key", "Send a root key: Authorization: Bearer <root key>.");
    case "multiple_credentials":
      return new ClavigerError("multiple_credentials", "Send one Authorization header.");
    case "insufficient_scope":
      return new ClavigerError("insufficient_scope", `The root key lacks the scope ${scope}.`);
    case "account_suspended":
      return new ClavigerError("forbidden", "The account of the root key is suspended.");
    case "ip_not_allowed":
      return new ClavigerError("forbidden", "The root key may not be used from this address.");
    case "store_unavailable":
      return new ClavigerError(
        "store_unavailable",
        "The root key cannot be checked at the moment; it may well be valid. Try again.",
      );
    default:
      return new ClavigerError("invalid_key", SPENT[code] ?? hint ?? "The root key is not valid.");
  }
}
