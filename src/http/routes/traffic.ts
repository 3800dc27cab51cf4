// What goes on: the newest requests of an account and of a project, and a stream of those that come.
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { Type } from "typebox";
import { ClavigerError } from "../../base/errors.ts";
import { findProject } from "../../manage/save.ts";
import type { Seen } from "../../verify/traffic.ts";
import type { App, OperationParts } from "../operation.ts";
import { AccountPath, ProjectPath } from "../shapes/json.ts";
import { AccountRequestsQuery, RequestsQuery, SeenRequests, TrafficQuery } from "../shapes/traffic.ts";
import { fits, type TrafficFilter, trafficLine } from "../traffic-lines.ts";

export function addTraffic(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects/:project/accounts/:account/requests",
    {
      config: { access: "accounts:read", member: { role: "viewer", account: "path" } },
      schema: {
        operationId: "listAccountRequests",
        summary: "The newest requests of an account, with the reason in words",
        description: "At most 200, out of the memory of the node that answers.",
        tags: ["usage"],
        params: AccountPath,
        querystring: AccountRequestsQuery,
        response: { 200: SeenRequests },
      },
    },
    async ({ params, query }) => {
      const project = findProject(parts, params.project);
      return newest(parts.traffic.recent(project.name, params.account), query);
    },
  );
  app.get(
    "/v1/projects/:project/requests",
    {
      config: { access: "accounts:read" },
      schema: {
        operationId: "listRequests",
        summary: "The newest requests of a project, with the reason in words",
        description: "At most 1,000, out of the memory of the node that answers.",
        tags: ["usage"],
        params: ProjectPath,
        querystring: RequestsQuery,
        response: { 200: SeenRequests },
      },
    },
    async ({ params, query }) => {
      const project = findProject(parts, params.project);
      const { account } = query;
      return newest(parts.traffic.recent(project.name, account), query);
    },
  );
  addStream(app, parts);
}

function newest(seen: Iterable<Seen>, { limit = 100, ...filter }: TrafficFilter & { limit?: number }) {
  const items = [];
  for (const one of seen) {
    if (!fits(one, filter)) continue;
    items.push(trafficLine(one));
    if (items.length === limit) break;
  }
  return { items };
}

const EVENT_STREAM = "text/event-stream";
/** More a second than anybody reads. */
const MOST_IN_SECOND = 50;
const BEAT_MS = 1_000;
/** So many look on at once; each costs its part of every verdict. */
const MOST_STREAMS = 20;

function addStream(app: App, parts: OperationParts): void {
  const open = new Set<Readable>();
  app.addHook("preClose", async () => {
    for (const stream of open) stream.destroy();
  });
  app.get(
    "/v1/projects/:project/traffic",
    {
      config: { access: "accounts:read", problems: ["limit_reached"] },
      schema: {
        operationId: "watchTraffic",
        summary: "Requests as they come",
        description:
          "Events `request` with a SeenRequest, and `skipped` with a count where more came than are told. Of the node that answers.",
        tags: ["usage"],
        params: ProjectPath,
        querystring: TrafficQuery,
        response: {
          200: {
            description: "Events.",
            content: { [EVENT_STREAM]: { schema: Type.Unsafe<Readable>({ type: "string" }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const project = findProject(parts, request.params.project);
      if (open.size >= MOST_STREAMS)
        throw new ClavigerError("limit_reached", `At most ${MOST_STREAMS} may look on at once.`);
      const events = Readable.from(eventsOf(parts, project.name, request.query));
      open.add(events);
      events.once("close", () => open.delete(events));
      reply.header("x-accel-buffering", "no").type(EVENT_STREAM);
      return reply.send(events);
    },
  );
}

/** A line at least once a second, so that a connection that has died is noticed. Ends when whoever reads it goes. */
async function* eventsOf(
  { traffic }: OperationParts,
  project: string,
  filter: TrafficFilter,
): AsyncGenerator<string> {
  let waiting: Seen[] = [];
  let skipped = 0;
  const stop = traffic.listen(project, (seen) => {
    if (!fits(seen, filter)) return;
    if (waiting.length < MOST_IN_SECOND) waiting.push(seen);
    else skipped += 1;
  });
  try {
    yield "retry: 2000\n\n";
    for (;;) {
      await wait(BEAT_MS, undefined, { ref: false });
      const [told, lost] = [waiting, skipped];
      [waiting, skipped] = [[], 0];
      const lines = told.map((seen) => `event: request\ndata: ${JSON.stringify(trafficLine(seen))}\n\n`);
      if (lost > 0) lines.push(`event: skipped\ndata: ${JSON.stringify({ count: lost })}\n\n`);
      yield lines.length === 0 ? ": \n\n" : lines.join("");
    }
  } finally {
    stop();
  }
}
