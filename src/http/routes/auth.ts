// Signing in and out, for both kinds of people: what a stranger or a session may ask of its own sign-in. Each listener has one kind.
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Pages } from "../../people/letters.ts";
import {
  endSession,
  endSessions,
  listSessions,
  requireSession,
  type SignedIn,
  signOut,
} from "../../people/sessions.ts";
import type { Cookies, Side, Visitor } from "../../people/side.ts";
import { confirmPerson, giveCode, signIn } from "../../people/sign-in.ts";
import type { App } from "../operation.ts";
import { assertOwnPage } from "../own-page.ts";
import type { PeopleDoor } from "../people-door.ts";
import { NoFields, Nothing } from "../shapes/json.ts";
import {
  Confirmation,
  Credentials,
  GivenCode,
  SessionPath,
  Sessions,
  SignInAnswer,
} from "../shapes/people.ts";
import { visitorOf } from "../visitor.ts";

export interface AuthParts {
  readonly door: PeopleDoor;
  readonly side: Side;
  /** Where links lead that somebody asked for on the pages of a project. Throws `not_found`. */
  readonly pagesOf: (project: string | undefined) => Pages;
}

export function visitorFor({ door }: AuthParts, request: FastifyRequest): Visitor {
  return visitorOf(request, door.trustedProxies);
}

/** For every operation below /auth: no page of somebody else signs anybody in or out (hostile H05). */
export function ownPageOnly({ door }: AuthParts) {
  return async (request: FastifyRequest): Promise<void> => assertOwnPage(request, door.origin);
}

/** Throws `session_required`. */
export function signedIn(parts: AuthParts, request: FastifyRequest): Promise<SignedIn> {
  return requireSession(parts.side, visitorFor(parts, request));
}

export function withCookies<Answer extends Cookies>(reply: FastifyReply, answer: Answer): Answer {
  if (answer.cookies.length > 0) reply.header("set-cookie", [...answer.cookies]);
  return answer;
}

export function addAuth(app: App, parts: AuthParts): void {
  const onRequest = ownPageOnly(parts);
  app.post(
    "/auth/sign-in",
    {
      onRequest,
      config: {
        access: "anyone",
        problems: [
          "csrf_failed",
          "invalid_credentials",
          "address_unconfirmed",
          "too_many_attempts",
          "overloaded",
        ],
      },
      schema: {
        operationId: "signIn",
        summary: "Sign in",
        description: "Sets the session's cookie, and with a second factor one for that.",
        tags: ["people"],
        body: Credentials,
        response: { 200: SignInAnswer },
      },
    },
    async (request, reply) => {
      const answer = await signIn(parts.side, visitorFor(parts, request), request.body);
      return { secondFactor: withCookies(reply, answer).secondFactor };
    },
  );
  app.post(
    "/auth/second-factor",
    {
      onRequest,
      config: { access: "anyone", problems: ["csrf_failed", "invalid_credentials", "too_many_attempts"] },
      schema: {
        operationId: "giveSecondFactor",
        summary: "Finish a sign-in that wanted a code",
        tags: ["people"],
        body: GivenCode,
        response: { 200: SignInAnswer },
      },
    },
    async (request, reply) => {
      const answer = await giveCode(parts.side, visitorFor(parts, request), request.body);
      return { secondFactor: withCookies(reply, answer).secondFactor };
    },
  );
  addSignOut(app, parts);
  addConfirm(app, parts);
  addSessions(app, parts);
}

function addSignOut(app: App, parts: AuthParts): void {
  app.post(
    "/auth/sign-out",
    {
      onRequest: ownPageOnly(parts),
      config: { access: "anyone", problems: ["csrf_failed"] },
      schema: {
        operationId: "signOut",
        summary: "Sign out",
        tags: ["people"],
        body: NoFields,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      withCookies(reply, await signOut(parts.side, visitorFor(parts, request)));
      // What a page kept is gone too when somebody presses Back (hostile H19).
      return reply.header("clear-site-data", '"cache", "storage"').code(204).send(null);
    },
  );
}

function addConfirm(app: App, parts: AuthParts): void {
  app.post(
    "/auth/confirm",
    {
      onRequest: ownPageOnly(parts),
      config: {
        access: "anyone",
        problems: [
          "csrf_failed",
          "session_required",
          "invalid_credentials",
          "too_many_attempts",
          "overloaded",
        ],
      },
      schema: {
        operationId: "confirmPerson",
        summary: "Prove once more who sits there",
        description: "Password or code; what answered reauth_required can be repeated then, for ten minutes.",
        tags: ["people"],
        body: Confirmation,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const session = await signedIn(parts, request);
      await confirmPerson(parts.side, visitorFor(parts, request), session, request.body);
      return reply.code(204).send(null);
    },
  );
}

function addSessions(app: App, parts: AuthParts): void {
  app.get(
    "/auth/sessions",
    {
      config: { access: "anyone", problems: ["session_required"] },
      schema: {
        operationId: "listSessions",
        summary: "The sessions of whoever is signed in",
        tags: ["people"],
        response: { 200: Sessions },
      },
    },
    async (request) => listSessions(parts.side, await signedIn(parts, request)),
  );
  const config = { access: "anyone", problems: ["csrf_failed", "session_required"] } as const;
  app.delete(
    "/auth/sessions/:session",
    {
      onRequest: ownPageOnly(parts),
      config,
      schema: {
        operationId: "endSession",
        summary: "End a session of one's own",
        tags: ["people"],
        params: SessionPath,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await endSession(parts.side, await signedIn(parts, request), request.params.session);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    "/auth/sessions",
    {
      onRequest: ownPageOnly(parts),
      config,
      schema: {
        operationId: "endOtherSessions",
        summary: "End all other sessions of one's own",
        tags: ["people"],
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { person, session } = await signedIn(parts, request);
      await endSessions(parts.side, person.id, session.id);
      return reply.code(204).send(null);
    },
  );
}
