// What a link of an invitation is for, and its acceptance, on the listener of the kind of people that it is for.
import type { FastifyRequest } from "fastify";
import { isoTime } from "../../base/clock.ts";
import { acceptInvitation, type Invitation, readInvitation } from "../../people/invitations.ts";
import { readSession } from "../../people/sessions.ts";
import type { App } from "../operation.ts";
import { Nothing } from "../shapes/json.ts";
import { Acceptance, ReadInvitation } from "../shapes/members.ts";
import { GivenToken } from "../shapes/people.ts";
import { type AuthParts, ownPageOnly, visitorFor } from "./auth.ts";

/** `admit` gives a person what the invitation says. */
export function addInvitationLinks(
  app: App,
  parts: AuthParts,
  admit: (person: string, invitation: Invitation<string>) => Promise<void>,
): void {
  const onRequest = ownPageOnly(parts);
  app.post(
    "/auth/invitations/read",
    {
      onRequest,
      config: { access: "anyone", problems: ["csrf_failed"] },
      schema: {
        operationId: "readInvitation",
        summary: "What an invitation is to",
        tags: ["people"],
        body: GivenToken,
        response: { 200: ReadInvitation },
      },
    },
    async ({ body }) => {
      const { data, expiresAt } = await readInvitation<string>(parts.side, body.token);
      const { title, role, email, project, account } = data;
      return {
        title,
        role,
        email,
        expiresAt: isoTime(expiresAt),
        ...(project !== undefined && { project }),
        ...(account !== undefined && { account, accountName: title }),
      };
    },
  );
  app.post(
    "/auth/invitations/accept",
    {
      onRequest,
      config: { access: "anyone", problems: ["csrf_failed", "session_required", "forbidden", "overloaded"] },
      schema: {
        operationId: "acceptInvitation",
        summary: "Accept an invitation",
        description: "Signed in, or with a name and a password by somebody who has not been here before.",
        tags: ["people"],
        body: Acceptance,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const person = await whoever(parts, request);
      const accepted = await acceptInvitation<string>(parts.side, { ...request.body, person });
      await admit(accepted.person, accepted.invitation);
      return reply.code(204).send(null);
    },
  );
}

async function whoever(parts: AuthParts, request: FastifyRequest) {
  return (await readSession(parts.side, visitorFor(parts, request)))?.person;
}
