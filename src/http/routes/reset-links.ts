// A link to set a new password, by the person's address: for whoever answers the telephone where no mail can be sent.
import { Type } from "typebox";
import { isoTime } from "../../base/clock.ts";
import { ClavigerError } from "../../base/errors.ts";
import { note } from "../../manage/note.ts";
import { issueResetLink } from "../../people/credentials.ts";
import { BUILTIN_NAME } from "../../project/builtin.ts";
import type { App } from "../operation.ts";
import { callerOf } from "../principal.ts";
import { oneOf, strict } from "../shapes/json.ts";
import { OneTimeLink } from "../shapes/members.ts";
import type { PeopleParts } from "./members.ts";
import { portalProject } from "./portal.ts";

const NewResetLink = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254 }),
    kind: Type.Optional(oneOf(["member", "operator"], "Default member.")),
    project: Type.Optional(Type.String({ description: "Whose portal the link of a member leads to." })),
  },
  { ...strict, title: "NewResetLink" },
);

export function addResetLinks(app: App, parts: PeopleParts): void {
  const { people } = parts;
  app.post(
    "/v1/reset-links",
    {
      config: { access: "people:write", fresh: true, problems: ["not_found"] },
      schema: {
        operationId: "makeResetLink",
        summary: "A link by which a person sets a new password, to be handed over",
        description: "Be sure of whom you hand it to. Good once, for ten minutes.",
        tags: ["people"],
        body: NewResetLink,
        response: { 200: OneTimeLink },
      },
    },
    async (request) => {
      const { email, kind = "member", project } = request.body;
      const side = kind === "member" ? people.members : people.operators;
      const known = await side.context.internalAdapter.findUserByEmail(email.trim().toLowerCase());
      if (known === null) throw new ClavigerError("not_found", `There is no ${kind} with this address.`);
      const { link, expiresAt } = await issueResetLink(side, known.user.id, pagesFor(parts, kind, project));
      await note(parts, callerOf(request), BUILTIN_NAME, `${kind}.reset-link`, known.user.id);
      return { link, expiresAt: isoTime(expiresAt) };
    },
  );
}

function pagesFor(parts: PeopleParts, kind: "member" | "operator", name: string | undefined) {
  const { portal, console } = parts.people.urls;
  if (kind === "operator") return { url: `${console}/console`, title: "Claviger" };
  // Any project's page sets a member's password: members are the same persons at all of them.
  const project = portalProject(
    parts,
    name ?? parts.directory.projects().find(({ hosts }) => hosts.length > 0)?.name ?? "",
  );
  return { url: `${portal}/${project.name}`, title: project.title };
}
