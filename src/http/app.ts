// The control plane: wires what holds for every request, and the operations. It listens nowhere; whoever starts it does.
import { type FastifyInstance, fastify } from "fastify";
import { addOperator } from "../people/operators.ts";
import type { OperatorRole } from "../people/tables.ts";
import { MAX_BODY_BYTES, readJsonBodies } from "./body.ts";
import { addConsolePages } from "./console.ts";
import { openApiText } from "./documents.ts";
import { createAnswerOnce } from "./idempotency.ts";
import { answerUnknownPaths } from "./not-found.ts";
import { describeRoutes } from "./openapi.ts";
import type { App, ControlPlaneParts, OperationParts } from "./operation.ts";
import type { PeopleDoor } from "./people-door.ts";
import { guardRoute } from "./principal.ts";
import { sendProblem } from "./problem.ts";
import { addAccounts } from "./routes/accounts.ts";
import { addApplyProject } from "./routes/apply-project.ts";
import { addAudit } from "./routes/audit.ts";
import { type AuthParts, addAuth } from "./routes/auth.ts";
import { addAuthCredentials } from "./routes/auth-credentials.ts";
import { addAuthOperator } from "./routes/auth-operator.ts";
import { addCredits } from "./routes/credits.ts";
import { addEndKeys } from "./routes/end-keys.ts";
import { addHealth } from "./routes/health.ts";
import { addHolds } from "./routes/holds.ts";
import { addInstance } from "./routes/instance.ts";
import { addIntrospect } from "./routes/introspect.ts";
import { addInvitationLinks } from "./routes/invitations.ts";
import { addKeys } from "./routes/keys.ts";
import { addMembers, type PeopleParts } from "./routes/members.ts";
import { addOperators } from "./routes/operators.ts";
import { addPolicy } from "./routes/policy.ts";
import { addPortal } from "./routes/portal.ts";
import { addPortalSessions } from "./routes/portal-sessions.ts";
import { addProjects } from "./routes/projects.ts";
import { addResetLinks } from "./routes/reset-links.ts";
import { addTestRequest } from "./routes/test-request.ts";
import { addTickets } from "./routes/tickets.ts";
import { addTraffic } from "./routes/traffic.ts";
import { addUsage } from "./routes/usage.ts";
import { addVerify } from "./routes/verify.ts";
import { guardTransport, SERVER_OPTIONS, setAnswerHeaders } from "./transport.ts";
import { compileValidator } from "./validation.ts";

/** Ready to be listened with: `app.listen(…)`, or `app.server.listen(…)`. */
export async function createControlPlane(parts: ControlPlaneParts): Promise<FastifyInstance> {
  const { instance, ready, endpoints = () => [], door, pages, log } = parts;
  const app: App = fastify({
    ...SERVER_OPTIONS,
    // A log line for each request costs 40 % of the throughput of verdicts.
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    // While draining, what still arrives on an open connection is served and the connection closed.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      setAnswerHeaders(request, reply);
      sendProblem(log, error, request, reply);
    },
  });
  app.decorateRequest("caller", null);
  app.decorateRequest("member", null);
  app.decorateRequest("rawBody", null);
  app.setValidatorCompiler(compileValidator);
  app.setErrorHandler((error, request, reply) => sendProblem(log, error, request, reply));
  guardTransport(app);
  readJsonBodies(app);
  answerUnknownPaths(app);
  app.addHook("onRoute", (route) => guardRoute(instance.verify, route, door));
  await describeRoutes(app);
  const operations: OperationParts = {
    ...instance,
    ready,
    endpoints,
    people: door?.people,
    answerOnce: createAnswerOnce(instance),
  };
  addHealth(app, operations);
  addProjects(app, operations);
  addApplyProject(app, operations);
  addAccounts(app, operations);
  addCredits(app, operations);
  addKeys(app, operations);
  addEndKeys(app, operations);
  addTickets(app, operations);
  addAudit(app, operations);
  addUsage(app, operations);
  addTraffic(app, operations);
  addPolicy(app, operations);
  addVerify(app, operations);
  addTestRequest(app, operations);
  addHolds(app, operations);
  addIntrospect(app, operations, log);
  if (door !== undefined) addPeople(app, { ...operations, people: door.people }, door);
  if (pages !== undefined) addConsolePages(app, pages);
  addOpenApi(app);
  await app.ready();
  return app;
}

function addPeople(app: App, operations: PeopleParts, door: PeopleDoor): void {
  const { people } = door;
  const pagesOf = () => ({ url: `${people.urls.console}/console`, title: "Claviger" });
  const auth: AuthParts = { door, side: people.operators, pagesOf };
  addAuth(app, auth);
  addAuthCredentials(app, auth);
  addAuthOperator(app, auth);
  addInvitationLinks(app, auth, (person, { role }) =>
    addOperator(people.operators, people.tables, person, role as OperatorRole),
  );
  addMembers(app, operations);
  addOperators(app, operations);
  addPortal(app, operations, people.mailer !== undefined);
  addPortalSessions(app, operations);
  addInstance(app, operations);
  addResetLinks(app, operations);
}

function addOpenApi(app: App): void {
  let text: string | undefined;
  app.get(
    "/openapi.json",
    {
      config: { access: "anyone" },
      schema: {
        operationId: "getOpenApi",
        summary: "This document",
        tags: ["health"],
        response: { 200: { description: "OpenAPI 3.1.", content: { "application/json": { schema: {} } } } },
      },
    },
    (_request, reply) => {
      text ??= openApiText(app);
      return reply.type("application/json; charset=utf-8").send(text);
    },
  );
}
