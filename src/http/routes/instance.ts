// What the console shows of the instance itself.
import { Type } from "typebox";
import type { App } from "../operation.ts";
import type { PeopleParts } from "./members.ts";

const Instance = Type.Object(
  {
    mail: Type.Boolean({ description: "Whether mail can be sent; without it links are handed over." }),
    portalUrl: Type.String(),
    consoleUrl: Type.String(),
  },
  { title: "Instance" },
);

export function addInstance(app: App, { people }: PeopleParts): void {
  app.get(
    "/v1/instance",
    {
      config: { access: "projects:read" },
      schema: {
        operationId: "getInstance",
        summary: "Where portal and console are, and whether mail can be sent",
        tags: ["health"],
        response: { 200: Instance },
      },
    },
    async () => ({
      mail: people.mailer !== undefined,
      portalUrl: people.urls.portal,
      consoleUrl: `${people.urls.console}/console`,
    }),
  );
}
