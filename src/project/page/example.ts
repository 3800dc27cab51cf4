// Chooses the request that a page shows: where it goes, what it sends and which variable holds its key.
import { parseMatch } from "../../policy/route.ts";
import type { Project } from "../compile.ts";

export interface ExampleRequest {
  readonly method: string;
  readonly url: string;
  /** JSON; absent for a request without a body. */
  readonly body?: unknown;
}

/** Without a slash at the end: the declared one, else the first host. `undefined` for a project that is served under none. */
export function baseUrlOf(project: Project): string | undefined {
  const declared = project.file.client?.baseUrl;
  if (declared !== undefined) return declared.replace(/\/+$/, "");
  const host = project.hosts[0]?.host;
  if (host === undefined) return undefined;
  // RFC 6761 section 6.3: names under localhost stay on this machine, where there is no certificate for them.
  return `${/(?:^|\.)localhost$/.test(host) ? "http" : "https"}://${host}`;
}

/** The variable that the project's clients read: as declared, or after the project's name. */
export function environmentVariable(project: Project): string {
  const declared = project.file.client?.environmentVariable;
  if (declared !== undefined) return declared;
  const name = project.name.replaceAll("-", "_").toUpperCase();
  // A shell takes no name that begins with a digit.
  return `${/^\d/.test(name) ? "API_" : ""}${name}_API_KEY`;
}

/** The declared example, else the first route that needs no path parameter, else the root. */
export function exampleRequest(project: Project, baseUrl: string): ExampleRequest {
  const declared = project.file.client?.example;
  const [method, path] =
    declared === undefined ? firstRoute(project) : [declared.method ?? "GET", declared.path];
  const hasBody = declared !== undefined && declared.body !== undefined && method !== "GET";
  return {
    method,
    url: `${baseUrl.replace(/\/+$/, "")}${path}`,
    ...(hasBody && { body: declared.body }),
  };
}

function firstRoute(project: Project): [method: string, path: string] {
  const patterns = (project.file.routes ?? []).flatMap(({ match }) => match);
  const plain = patterns.find((pattern) => !pattern.includes("{")) ?? patterns[0];
  if (plain === undefined) return ["GET", "/"];
  const { methods } = parseMatch(plain);
  const method = methods === "any" || methods.includes("GET") ? "GET" : methods[0]!;
  const path = plain.slice(plain.indexOf("/")).replace(/\/\*\*$/, "");
  return [method, path.replaceAll(/[{}]/g, "") || "/"];
}
