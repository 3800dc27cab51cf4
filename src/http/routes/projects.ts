// Reads projects and the pages that are generated from their files.
import { Type } from "typebox";
import type { ProjectDescription } from "../../manage/describe.ts";
import { getProject, listProjects } from "../../manage/projects.ts";
import { findProject } from "../../manage/save.ts";
import { authenticationPage, llmsText } from "../../project/pages.ts";
import type { App, Endpoint, OperationParts } from "../operation.ts";
import { ProjectPath, pageOf } from "../shapes/json.ts";
import { Project } from "../shapes/projects.ts";

export function addProjects(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects",
    {
      config: { access: "projects:read" },
      schema: {
        operationId: "listProjects",
        summary: "List the projects",
        description: "All of them, by name: there is one page.",
        tags: ["projects"],
        response: { 200: pageOf(Project) },
      },
    },
    async () => ({
      items: (await listProjects(parts)).map((project) => withEndpoints(parts, project)),
    }),
  );
  app.get(
    "/v1/projects/:project",
    {
      config: { access: "projects:read" },
      schema: {
        operationId: "getProject",
        summary: "Read a project and its file",
        tags: ["projects"],
        params: ProjectPath,
        response: { 200: Project },
      },
    },
    async ({ params }) => withEndpoints(parts, await getProject(parts, params.project)),
  );
  addPages(app, parts);
}

function addPages(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects/:project/docs.md",
    {
      config: { access: "projects:read" },
      schema: {
        operationId: "getProjectDocs",
        summary: "The project's Authentication page, in Markdown",
        tags: ["projects"],
        params: ProjectPath,
        response: { 200: textAnswer("text/markdown") },
      },
    },
    async ({ params }, reply) => {
      const project = findProject(parts, params.project);
      const baseUrl = endpointsOf(parts, project.name)[0]?.url;
      reply.type("text/markdown; charset=utf-8");
      return authenticationPage(project, baseUrl === undefined ? {} : { baseUrl });
    },
  );
  app.get(
    "/v1/projects/:project/llms.txt",
    {
      config: { access: "projects:read" },
      schema: {
        operationId: "getProjectLlms",
        summary: "The project's llms.txt",
        tags: ["projects"],
        params: ProjectPath,
        response: { 200: textAnswer("text/plain") },
      },
    },
    async ({ params }, reply) => {
      reply.type("text/plain; charset=utf-8");
      return llmsText(findProject(parts, params.project));
    },
  );
}

function textAnswer(type: string) {
  return { description: "The page.", content: { [type]: { schema: Type.String() } } };
}

/** The project as it is answered: with the addresses at which this server serves it. */
export function withEndpoints(parts: OperationParts, project: ProjectDescription) {
  return { ...project, endpoints: endpointsOf(parts, project.name) };
}

function endpointsOf({ endpoints }: OperationParts, name: string): Pick<Endpoint, "host" | "url">[] {
  return endpoints()
    .filter(({ project }) => project === name)
    .map(({ host, url }) => ({ host, url }));
}
