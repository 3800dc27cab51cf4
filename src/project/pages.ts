// Generates a vendor's Authentication page and llms.txt from its compiled project, so that neither can drift from what the
// gateway does. Text in, text out: it reads and writes no file.
import type { Project } from "./compile.ts";
import { planSection, scopeSection, tierSection } from "./page/access.ts";
import { errorSection } from "./page/answers.ts";
import { adviceSection, allowlistSection, revocationSection, rotationSection } from "./page/conduct.ts";
import { costSection } from "./page/costs.ts";
import { denialRows, nameOf } from "./page/denials.ts";
import { baseUrlOf, environmentVariable, exampleRequest } from "./page/example.ts";
import {
  formatSection,
  hostFacts,
  hostSection,
  places,
  regexList,
  regionSection,
  sendSection,
} from "./page/keys.ts";
import { limitSection } from "./page/limits.ts";
import { alternatives, code, codeList, list, prose } from "./page/markdown.ts";
import { paidRoutes, routeSection } from "./page/routes.ts";
import { usageSection } from "./page/usage.ts";

export interface PageOptions {
  /** Where the examples go, such as `http://localhost:4001`. Default: the project's own, else its first host. */
  readonly baseUrl?: string;
}

/** For a project that is served under no host. */
const NO_HOST = "http://localhost";

/** The whole page in Markdown, with one newline at its end. Source: CONTRACTS S4. */
export function authenticationPage(project: Project, options: PageOptions = {}): string {
  const baseUrl = options.baseUrl ?? baseUrlOf(project) ?? NO_HOST;
  const { description } = project.file;
  const parts = [
    `# ${prose(project.title)}: authentication`,
    description === undefined ? undefined : prose(description),
    `The API is at ${code(baseUrl)}. This page says how to call it with an API key, what a key may do, and what comes back when it may not.`,
    sendSection(project, exampleRequest(project, baseUrl)),
    formatSection(project),
    hostSection(project),
    regionSection(project),
    scopeSection(project),
    tierSection(project),
    planSection(project),
    routeSection(project),
    costSection(project),
    limitSection(project),
    usageSection(project),
    errorSection(project),
    allowlistSection(project),
    rotationSection(project),
    revocationSection(project),
    adviceSection(project),
  ];
  return `${parts.filter((part) => part !== undefined).join("\n\n")}\n`;
}

/** What a language model needs to call the API, with links to `docs.md` beside it. Layout: https://llmstxt.org. */
export function llmsText(project: Project): string {
  const summary = `${project.file.description ?? ""} Every request carries an API key.`.trim();
  return `${[
    `# ${prose(project.title)}`,
    `> ${prose(summary)}`,
    list(facts(project)),
    "## Documentation",
    list(links(project)),
  ].join("\n\n")}\n`;
}

function facts(project: Project): string[] {
  const { environments, scopes, tiers, plans, regionPrefixes } = project;
  const named = (title: string, names: Iterable<string>) => {
    const text = codeList(names);
    return text === "" ? [] : [`${title}: ${text}`];
  };
  return [
    `Base URL: ${code(baseUrlOf(project) ?? NO_HOST)}`,
    ...(project.hosts.length > 1 ? [`Hosts: ${hostFacts(project)}`] : []),
    `Send the key as ${alternatives(places(project))}; once, and never from a browser`,
    `Key as a regular expression: ${regexList(project)}`,
    `Environment variable: ${code(environmentVariable(project))}`,
    ...named("Environments of keys", environments),
    ...named("Prefixes before a key that ask for a region", regionPrefixes.keys()),
    ...named("Scopes", scopes.keys()),
    ...named("Tiers", tiers.keys()),
    ...named("Plans", plans.keys()),
    `Errors: ${[...new Set(denialRows(project).map(nameOf))].join(", ")}`,
  ];
}

function links(project: Project): string[] {
  const { scopes } = project;
  return [
    "[Authentication](docs.md): how to send a key, with examples in curl, Python and TypeScript",
    "[Key format](docs.md#key-format): the parts of a key and how to find one in a text",
    ...(scopes.size > 0 ? ["[Scopes](docs.md#scopes): what a key may do"] : []),
    "[Endpoints](docs.md#endpoints): what each method and path needs",
    ...(paidRoutes(project).length > 0
      ? ["[Costs](docs.md#costs): what a request costs, and what pays"]
      : []),
    "[Errors](docs.md#errors): every refusal with its status, code, message and cause",
  ];
}
