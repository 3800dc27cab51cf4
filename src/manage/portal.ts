// What a project's portal page shows before anybody has signed in. Public: nothing of an account or a key is in it.

import type { Project } from "../project/compile.ts";
import { baseUrlOf, environmentVariable, exampleRequest } from "../project/page/example.ts";
import { snippets } from "../project/page/snippets.ts";

export interface PortalSurroundings {
  /** Where this server serves the project, for a project whose hosts no name server knows. */
  readonly endpoint: string | undefined;
  readonly mail: boolean;
}

export function describePortal(project: Project, { endpoint, mail }: PortalSurroundings) {
  const { portal, keyBounds, file } = project;
  const baseUrl = publicBaseUrl(project, endpoint);
  return {
    project: project.name,
    title: project.title,
    description: file.description ?? null,
    labels: portal.labels,
    accent: portal.accent,
    logo: portal.logo ?? null,
    signUp: portal.signUp,
    mail,
    environments: project.environments,
    scopes: describeScopes(project),
    defaultScopes: project.defaultScopes ?? [],
    tiers: [...project.tiers].map(([name, { title, scopes }]) => ({ name, title, scopes })),
    keys: {
      looksLike: project.formats[0].template,
      maxPerAccount: keyBounds.maxPerAccount ?? null,
      defaultExpiryDays: keyBounds.defaultExpiryDays ?? null,
      maxExpiryDays: keyBounds.maxExpiryDays ?? null,
    },
    client: {
      environmentVariable: environmentVariable(project),
      baseUrl: baseUrl ?? null,
      snippets: baseUrl === undefined ? [] : snippets(project, exampleRequest(project, baseUrl)),
    },
  };
}

/** RFC 6761: names under localhost are for this machine, where Python and Node do not resolve them. */
function publicBaseUrl(project: Project, endpoint: string | undefined): string | undefined {
  const isLocal = project.hosts.every(({ host }) => /(?:^|\.)localhost$/.test(host));
  return project.file.client?.baseUrl === undefined && isLocal
    ? (endpoint ?? baseUrlOf(project))
    : baseUrlOf(project);
}

function describeScopes({ scopes, file }: Project) {
  return [...scopes.values()].map(({ name, description, implies, stands }) => {
    const declared = file.scopes?.[name];
    const group = typeof declared === "object" ? declared.group : undefined;
    return { name, description, group: group ?? null, implies, standsForAll: stands !== undefined };
  });
}
