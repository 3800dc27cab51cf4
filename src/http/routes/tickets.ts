// One-time tickets: what an operator's own server hands to a browser, so that the browser can open a WebSocket and never holds a key.
import { issueTicket } from "../../manage/tickets.ts";
import type { App, OperationParts } from "../operation.ts";
import { ProjectPath } from "../shapes/json.ts";
import { IssuedTicket, NewTicket } from "../shapes/tickets.ts";

export function addTickets(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/tickets",
    {
      config: { access: "keys:write", problems: ["conflict"] },
      schema: {
        operationId: "issueTicket",
        summary: "Make a one-time ticket for a WebSocket",
        description:
          "It opens one socket with the rights of the key, within a minute, and is spent by the first request that brings it. A repetition makes another one; Idempotency-Key is not looked at.",
        tags: ["keys"],
        params: ProjectPath,
        body: NewTicket,
        response: { 201: IssuedTicket },
      },
    },
    async (request, reply) => {
      const issued = await issueTicket(parts, request.params.project, request.body);
      return reply.code(201).send(issued);
    },
  );
}
