// Who belongs to an account: members, their roles, and invitations.
import type { FastifyRequest } from "fastify";
import { isoTime } from "../../base/clock.ts";
import { ClavigerError } from "../../base/errors.ts";
import { findAccount } from "../../manage/accounts.ts";
import { note } from "../../manage/note.ts";
import { issueResetLink } from "../../people/credentials.ts";
import { invite, listInvitations } from "../../people/invitations.ts";
import { changeMember, listMembers, rowsOfAccount, suffices } from "../../people/memberships.ts";
import type { People } from "../../people/people.ts";
import type { MemberRole } from "../../people/tables.ts";
import type { App, OperationParts } from "../operation.ts";
import { callerOf } from "../principal.ts";
import { AccountPath, NoFields, Nothing } from "../shapes/json.ts";
import {
  Invitation,
  InvitationPath,
  Invitations,
  MemberChange,
  MemberPath,
  Members,
  NewInvitation,
  OneTimeLink,
} from "../shapes/members.ts";
import { portalProject } from "./portal.ts";

export interface PeopleParts extends OperationParts {
  readonly people: People;
}

const place = "/v1/projects/:project/accounts/:account";
const read = { access: "people:read", member: { role: "viewer", account: "path" } } as const;
const write = {
  access: "people:write",
  fresh: true,
  member: { role: "admin", account: "path" },
  problems: ["conflict"],
} as const;

/** Of whoever asks: an operator stands above every role of an account. */
const roleOf = ({ member }: FastifyRequest): MemberRole => member?.role ?? "owner";

export function addMembers(app: App, parts: PeopleParts): void {
  const { people } = parts;
  const named = (id: string) => people.members.context.internalAdapter.findUserById(id);
  app.get(
    `${place}/members`,
    {
      config: read,
      schema: {
        operationId: "listMembers",
        summary: "Who belongs to an account, and as what",
        tags: ["people"],
        params: AccountPath,
        response: { 200: Members },
      },
    },
    async ({ params }) => {
      await findAccount(parts, portalProject(parts, params.project).name, params.account);
      return listMembers(people.tables, named, params);
    },
  );
  app.patch(
    `${place}/members/:person`,
    {
      config: write,
      schema: {
        operationId: "changeMember",
        summary: "Give a member another role, which holds at once",
        tags: ["people"],
        params: MemberPath,
        body: MemberChange,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      await changeMember(people.tables, { ...params, role: body.role, by: roleOf(request) });
      await note(parts, callerOf(request), params.project, "member.change", params.account, {
        person: params.person,
        role: body.role,
      });
      return reply.code(204).send(null);
    },
  );
  addRemoval(app, parts);
  addInvitations(app, parts);
}

function addRemoval(app: App, parts: PeopleParts): void {
  const { people } = parts;
  app.delete(
    `${place}/members/:person`,
    {
      // Whoever leaves needs no more than to be there.
      config: { ...write, fresh: false, member: { role: "viewer", account: "path" } },
      schema: {
        operationId: "removeMember",
        summary: "Take a member out of an account, or leave it",
        tags: ["people"],
        params: MemberPath,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { params, member } = request;
      const by = member?.person?.id === params.person ? "owner" : roleOf(request);
      if (!suffices(by, "admin"))
        throw new ClavigerError("forbidden", `Your role in this account is ${by}; this needs admin.`);
      await changeMember(people.tables, { ...params, role: undefined, by });
      await note(parts, callerOf(request), params.project, "member.remove", params.account, {
        person: params.person,
      });
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${place}/members/:person/reset-link`,
    {
      config: { access: "people:write", fresh: true },
      schema: {
        operationId: "makeMemberResetLink",
        summary: "A link by which a member sets a new password, to be handed over",
        tags: ["people"],
        params: MemberPath,
        body: NoFields,
        response: { 200: OneTimeLink },
      },
    },
    async (request) => {
      const { params } = request;
      const project = portalProject(parts, params.project);
      const rows = await rowsOfAccount(people.tables, params);
      if (!rows.some(({ person }) => person === params.person))
        throw new ClavigerError("not_found", "There is no such member.");
      const pages = { url: `${people.urls.portal}/${project.name}`, title: project.title };
      const { link, expiresAt } = await issueResetLink(people.members, params.person, pages);
      await note(parts, callerOf(request), params.project, "member.reset-link", params.account, {
        person: params.person,
      });
      return { link, expiresAt: isoTime(expiresAt) };
    },
  );
}

const subjectOf = ({ project, account }: { project: string; account: string }) => `${project}/${account}`;

function addInvitations(app: App, parts: PeopleParts): void {
  const { people } = parts;
  app.get(
    `${place}/invitations`,
    {
      config: { ...read, member: { role: "admin", account: "path" } },
      schema: {
        operationId: "listInvitations",
        summary: "Invitations that have not been accepted",
        tags: ["people"],
        params: AccountPath,
        response: { 200: Invitations },
      },
    },
    ({ params }) => listInvitations<MemberRole>(people.members, subjectOf(params)),
  );
  app.post(
    `${place}/invitations`,
    {
      config: { ...write, problems: ["limit_reached"] },
      schema: {
        operationId: "inviteMember",
        summary: "Invite somebody to an account",
        description: "By mail; where none can be sent, the answer holds the link.",
        tags: ["people"],
        params: AccountPath,
        body: NewInvitation,
        response: { 201: Invitation },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      if (!suffices(roleOf(request), body.role))
        throw new ClavigerError("forbidden", `Only an owner invites as ${body.role}.`);
      const project = portalProject(parts, params.project);
      const account = await findAccount(parts, project.name, params.account);
      const pages = { url: `${people.urls.portal}/${project.name}`, title: project.title };
      const invitation = { ...body, project: project.name, account: account.id, title: account.name };
      const made = await invite(people.members, subjectOf(params), invitation, pages);
      await note(parts, callerOf(request), project.name, "member.invite", account.id, { role: body.role });
      reply.code(201);
      return made;
    },
  );
  app.delete(
    `${place}/invitations/:invitation`,
    {
      config: { ...write, fresh: false },
      schema: {
        operationId: "endInvitation",
        summary: "Take an invitation back",
        tags: ["people"],
        params: InvitationPath,
        response: { 204: Nothing },
      },
    },
    async ({ params }, reply) => {
      if (!(await people.tokens.end("member-invitation", subjectOf(params), params.invitation)))
        throw new ClavigerError("not_found", "There is no such invitation.");
      return reply.code(204).send(null);
    },
  );
}
