// What people prove themselves with: password, second factor, reset links, confirmed addresses.
import {
  activateSecondFactor,
  changePassword,
  completeReset,
  enrolSecondFactor,
  removeSecondFactor,
  requestReset,
} from "../../people/credentials.ts";
import { confirmAddress } from "../../people/sign-in.ts";
import type { App } from "../operation.ts";
import { Nothing } from "../shapes/json.ts";
import {
  Accepted,
  Code,
  Enrolment,
  GivenToken,
  OwnPassword,
  PasswordChange,
  ResetCompletion,
  ResetRequest,
} from "../shapes/people.ts";
import { type AuthParts, ownPageOnly, signedIn, visitorFor, withCookies } from "./auth.ts";

const proved = {
  access: "anyone",
  problems: ["csrf_failed", "session_required", "invalid_credentials", "too_many_attempts", "overloaded"],
} as const;

export function addAuthCredentials(app: App, parts: AuthParts): void {
  app.post(
    "/auth/password",
    {
      onRequest: ownPageOnly(parts),
      config: proved,
      schema: {
        operationId: "changePassword",
        summary: "Change one's password; every other session ends",
        tags: ["people"],
        body: PasswordChange,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const session = await signedIn(parts, request);
      withCookies(reply, await changePassword(parts.side, visitorFor(parts, request), session, request.body));
      return reply.code(204).send(null);
    },
  );
  addSecondFactor(app, parts);
  addReset(app, parts);
}

function addSecondFactor(app: App, parts: AuthParts): void {
  app.post(
    "/auth/second-factor/enrol",
    {
      onRequest: ownPageOnly(parts),
      config: { ...proved, problems: [...proved.problems, "conflict"] },
      schema: {
        operationId: "enrolSecondFactor",
        summary: "A secret for an authenticator; in force once a code was given",
        tags: ["people"],
        body: OwnPassword,
        response: { 200: Enrolment },
      },
    },
    async (request) => {
      const session = await signedIn(parts, request);
      return enrolSecondFactor(parts.side, visitorFor(parts, request), session, request.body.password);
    },
  );
  app.post(
    "/auth/second-factor/activate",
    {
      onRequest: ownPageOnly(parts),
      config: proved,
      schema: {
        operationId: "activateSecondFactor",
        summary: "Give the first code, from which on one is wanted",
        tags: ["people"],
        body: Code,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await signedIn(parts, request);
      withCookies(
        reply,
        await activateSecondFactor(parts.side, visitorFor(parts, request), request.body.code),
      );
      return reply.code(204).send(null);
    },
  );
  app.post(
    "/auth/second-factor/remove",
    {
      onRequest: ownPageOnly(parts),
      config: { ...proved, problems: [...proved.problems, "conflict"] },
      schema: {
        operationId: "removeSecondFactor",
        summary: "Sign in without a code from now on",
        tags: ["people"],
        body: OwnPassword,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const session = await signedIn(parts, request);
      const visitor = visitorFor(parts, request);
      withCookies(reply, await removeSecondFactor(parts.side, visitor, session, request.body.password));
      return reply.code(204).send(null);
    },
  );
}

function addReset(app: App, parts: AuthParts): void {
  const onRequest = ownPageOnly(parts);
  app.post(
    "/auth/reset",
    {
      onRequest,
      config: { access: "anyone", problems: ["csrf_failed", "mail_unavailable", "too_many_attempts"] },
      schema: {
        operationId: "requestReset",
        summary: "Ask for a mail with a link to set a new password",
        description: "Answers the same whether the address is known or not.",
        tags: ["people"],
        body: ResetRequest,
        response: { 202: Accepted },
      },
    },
    async (request, reply) => {
      const { email, project } = request.body;
      await requestReset(parts.side, visitorFor(parts, request), email, parts.pagesOf(project));
      reply.code(202);
      return {};
    },
  );
  app.post(
    "/auth/reset/complete",
    {
      onRequest,
      config: { access: "anyone", problems: ["csrf_failed", "overloaded"] },
      schema: {
        operationId: "completeReset",
        summary: "Set a new password by a link; every session ends",
        tags: ["people"],
        body: ResetCompletion,
        response: { 204: Nothing },
      },
    },
    async ({ body }, reply) => {
      await completeReset(parts.side, body.token, body.password);
      return reply.code(204).send(null);
    },
  );
  app.post(
    "/auth/verify-email",
    {
      onRequest,
      config: { access: "anyone", problems: ["csrf_failed"] },
      schema: {
        operationId: "confirmAddress",
        summary: "Confirm an address by the link that was sent to it",
        tags: ["people"],
        body: GivenToken,
        response: { 204: Nothing },
      },
    },
    async ({ body }, reply) => {
      await confirmAddress(parts.side, body.token);
      return reply.code(204).send(null);
    },
  );
}
