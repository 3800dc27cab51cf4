// What only members do at their sign-in: sign up, see which accounts are theirs, and come in by a launch code.
import { isoTime } from "../../base/clock.ts";
import { ClavigerError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { checkName } from "../../manage/input.ts";
import { findProject } from "../../manage/save.ts";
import { membershipsOf } from "../../people/memberships.ts";
import { badToken, signUp } from "../../people/sign-in.ts";
import type { PortalToken } from "../member.ts";
import type { App, OperationParts } from "../operation.ts";
import { Accepted, LaunchCode, MemberSession, NewPerson } from "../shapes/people.ts";
import { PortalLaunch } from "../shapes/portal.ts";
import { type AuthParts, ownPageOnly, signedIn, visitorFor } from "./auth.ts";

export function addAuthMember(app: App, operations: OperationParts, parts: AuthParts): void {
  app.post(
    "/auth/sign-up",
    {
      onRequest: ownPageOnly(parts),
      config: {
        access: "anyone",
        problems: ["csrf_failed", "forbidden", "not_found", "too_many_attempts", "overloaded"],
      },
      schema: {
        operationId: "signUp",
        summary: "Sign up on the portal of a project",
        description: "Answers the same whether the address is known or not; sign in next.",
        tags: ["people"],
        body: NewPerson,
        response: { 202: Accepted },
      },
    },
    async (request, reply) => {
      const { project, ...person } = request.body;
      if (findProject(operations, project).portal.signUp !== "open")
        throw new ClavigerError("forbidden", "Accounts are made by invitation here.");
      const named = { ...person, name: checkName("name", person.name) };
      await signUp(parts.side, visitorFor(parts, request), named, parts.pagesOf(project));
      reply.code(202);
      return {};
    },
  );
  addSession(app, operations, parts);
  addLaunch(app, parts);
}

function addSession(app: App, { store }: OperationParts, parts: AuthParts): void {
  app.get(
    "/auth/session",
    {
      config: { access: "anyone", problems: ["session_required"] },
      schema: {
        operationId: "getSession",
        summary: "Who is signed in, and which accounts are theirs",
        tags: ["people"],
        response: { 200: MemberSession },
      },
    },
    async (request) => {
      const { person, session } = await signedIn(parts, request);
      const memberships = await membershipsOf(parts.door.people.tables, person.id);
      const named = await Promise.all(
        memberships.map(async (one) => {
          const account = await store.account(one.project, one.account);
          return { ...one, accountName: account?.name ?? "" };
        }),
      );
      return {
        person,
        authenticatedAt: isoTime(session.authenticatedAt),
        expiresAt: isoTime(session.expiresAt),
        memberships: named,
      };
    },
  );
}

const TOKEN_MS = 3_600_000;

function addLaunch(app: App, { door }: AuthParts): void {
  app.post(
    "/auth/launch",
    {
      config: { access: "anyone" },
      schema: {
        operationId: "launchPortal",
        summary: "Exchange a launch code for a portal token",
        description: "The code works once. The token stands for one account, and is sent as a bearer token.",
        tags: ["people"],
        body: LaunchCode,
        response: { 200: PortalLaunch },
      },
    },
    async ({ body }) => {
      const { tokens } = door.people;
      const found = await tokens.take<Omit<PortalToken, "launch">>("member-launch", body.code);
      if (found === undefined) throw badToken();
      const { project, account, role } = found.data;
      const data: PortalToken = { project, account, role, launch: newId("tok") };
      const { text, expiresAt } = await tokens.issue(
        "member-portal",
        `${project}/${account}`,
        data,
        TOKEN_MS,
      );
      return { token: text, project, account, role, expiresAt: isoTime(expiresAt) };
    },
  );
}
