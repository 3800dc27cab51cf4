// Portal sessions: the operator's own signed-in customers land in their keys without a second sign-in, by a code that works once.
import { isoTime } from "../../base/clock.ts";
import { findAccount } from "../../manage/accounts.ts";
import { note } from "../../manage/note.ts";
import type { App } from "../operation.ts";
import { callerOf } from "../principal.ts";
import { ProjectPath } from "../shapes/json.ts";
import { NewPortalSession, PortalSession } from "../shapes/members.ts";
import type { PeopleParts } from "./members.ts";
import { portalProject } from "./portal.ts";

const CODE_MS = 15 * 60_000;

export function addPortalSessions(app: App, parts: PeopleParts): void {
  const { people } = parts;
  app.post(
    "/v1/projects/:project/portal-sessions",
    {
      config: { access: "accounts:write" },
      schema: {
        operationId: "createPortalSession",
        summary: "Let a customer whom you know into the portal",
        description: "The code works once, within 15 minutes, and stands for the one account.",
        tags: ["portal"],
        params: ProjectPath,
        body: NewPortalSession,
        response: { 201: PortalSession },
      },
    },
    async (request, reply) => {
      const { account: id, role = "developer" } = request.body;
      const project = portalProject(parts, request.params.project);
      const account = await findAccount(parts, project.name, id);
      const data = { project: project.name, account: account.id, role };
      const {
        id: launch,
        text,
        expiresAt,
      } = await people.tokens.issue("member-launch", `${project.name}/${account.id}`, data, CODE_MS);
      await note(parts, callerOf(request), project.name, "portal-session.create", account.id, {
        launch,
        role,
      });
      const { portal } = people.urls;
      reply.code(201);
      return {
        url: `${portal}/${project.name}/#launch=${text}`,
        embedUrl: `${portal}/embed/${project.name}`,
        code: text,
        expiresAt: isoTime(expiresAt),
      };
    },
  );
}
