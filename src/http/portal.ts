// The portal: a listener for the customers of all projects, which has their pages, their sign-in, and of the operations those that
// declare themselves for members. The rest of the control plane is not registered here and cannot be reached.
import { type FastifyInstance, fastify } from "fastify";
import type { Logger } from "../base/log.ts";
import { addMembership } from "../people/memberships.ts";
import type { MemberRole } from "../people/tables.ts";
import { MAX_BODY_BYTES, readJsonBodies } from "./body.ts";
import { createAnswerOnce } from "./idempotency.ts";
import { guardMemberRoute } from "./member.ts";
import { answerUnknownPaths } from "./not-found.ts";
import { describeRoutes } from "./openapi.ts";
import type { App, ControlledInstance, Endpoint, OperationParts } from "./operation.ts";
import { documentHeaders, type Pages, sendDocument, sendFile } from "./pages.ts";
import type { PeopleDoor } from "./people-door.ts";
import { sendProblem } from "./problem.ts";
import { addAccounts } from "./routes/accounts.ts";
import { type AuthParts, addAuth } from "./routes/auth.ts";
import { addAuthCredentials } from "./routes/auth-credentials.ts";
import { addAuthMember } from "./routes/auth-member.ts";
import { addCredits } from "./routes/credits.ts";
import { addEndKeys } from "./routes/end-keys.ts";
import { addInvitationLinks } from "./routes/invitations.ts";
import { addKeys } from "./routes/keys.ts";
import { addMembers } from "./routes/members.ts";
import { addPortal, portalProject } from "./routes/portal.ts";
import { addTraffic } from "./routes/traffic.ts";
import { addUsage } from "./routes/usage.ts";
import { guardTransport, SERVER_OPTIONS, setAnswerHeaders } from "./transport.ts";
import { compileValidator } from "./validation.ts";

export interface PortalParts {
  readonly instance: ControlledInstance;
  readonly door: PeopleDoor;
  readonly pages: Pages;
  readonly endpoints?: () => readonly Endpoint[];
  readonly log: Logger;
}

/** Ready to be listened with. */
export async function createPortal(parts: PortalParts): Promise<FastifyInstance> {
  const { instance, door, pages, endpoints = () => [], log } = parts;
  const app: App = fastify({
    ...SERVER_OPTIONS,
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      setAnswerHeaders(request, reply);
      reply.headers(FRAMED_BY_NOBODY);
      sendProblem(log, error, request, reply);
    },
  });
  app.decorateRequest("caller", null);
  app.decorateRequest("member", null);
  app.decorateRequest("rawBody", null);
  app.setValidatorCompiler(compileValidator);
  app.setErrorHandler((error, request, reply) => sendProblem(log, error, request, reply));
  guardTransport(app);
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers(FRAMED_BY_NOBODY);
  });
  readJsonBodies(app);
  answerUnknownPaths(app);
  app.addHook("onRoute", (route) => guardMemberRoute(door, instance.store, route));
  await describeRoutes(app);
  const operations: OperationParts = {
    ...instance,
    ready: async () => ({ ready: true, checks: {} }),
    endpoints,
    people: door.people,
    answerOnce: createAnswerOnce(instance),
  };
  addOperations(membersOnly(app), operations);
  addMembers(membersOnly(app), { ...operations, people: door.people });
  addPeople(app, operations, door);
  addPages(app, operations, pages);
  await app.ready();
  return app;
}

/** Documents say more, see pages.ts. */
const FRAMED_BY_NOBODY = {
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

function addOperations(app: App, operations: OperationParts): void {
  addAccounts(app, operations);
  addCredits(app, operations);
  addKeys(app, operations);
  addEndKeys(app, operations);
  addUsage(app, operations);
  addTraffic(app, operations);
}

function addPeople(app: App, operations: OperationParts, door: PeopleDoor): void {
  const { people } = door;
  const auth: AuthParts = {
    door,
    side: people.members,
    pagesOf: (name) => {
      if (name === undefined) return { url: people.urls.portal, title: "your account" };
      const project = portalProject(operations, name);
      return { url: `${people.urls.portal}/${project.name}`, title: project.title };
    },
  };
  addAuth(app, auth);
  addAuthCredentials(app, auth);
  addAuthMember(app, operations, auth);
  addInvitationLinks(app, auth, async (person, { project = "", account = "", role }) =>
    addMembership(people.tables, people.clock, person, { project, account, role: role as MemberRole }),
  );
  addPortal(app, operations, people.mailer !== undefined);
}

const METHODS = new Set(["get", "post", "put", "patch", "delete"]);

type Register = (url: string, options: { config?: { member?: unknown } }, handler: unknown) => unknown;

/** The same application, which takes the routes for members and lets all others fall. */
function membersOnly(app: App): App {
  return new Proxy(app, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (!METHODS.has(String(name))) return value.bind(target);
      const register: Register = (url, options, handler) =>
        options.config?.member === undefined
          ? target
          : (value as Register).call(target, url, options, handler);
      return register;
    },
  });
}

const LOADER = "claviger-keys.js";
const hidden = { hide: true } as const;
const anyone = { config: { access: "anyone" }, schema: hidden } as const;

function addPages(app: App, operations: OperationParts, pages: Pages): void {
  for (const path of pages.files.keys()) {
    if (path === "index.html") continue;
    app.get(`/${path}`, anyone, (_request, reply) => {
      // The vendor's own page loads it, and it holds nothing of anybody.
      if (path === LOADER)
        reply.headers({ "cross-origin-resource-policy": "cross-origin", "access-control-allow-origin": "*" });
      return sendFile(reply, pages, path);
    });
  }
  app.get("/embed/:project", anyone, (request, reply) => {
    const { project } = request.params as { project: string };
    const known = operations.directory.project(project);
    // A page that is not there is framed by nobody either.
    if (known === undefined) return notHere(reply);
    return sendDocument(reply, pages, known.portal.embedOrigins);
  });
  for (const url of ["/:project", "/:project/*"])
    app.get(url, anyone, (request, reply) => {
      const { project } = request.params as { project: string };
      if (operations.directory.project(project) === undefined || project === "claviger")
        return notHere(reply);
      return sendDocument(reply, pages);
    });
}

/** As every path that nobody knows: it may be one of an operation, under another method. */
function notHere(reply: Parameters<typeof sendDocument>[0]) {
  reply.headers(documentHeaders("", []));
  return reply.callNotFound();
}
