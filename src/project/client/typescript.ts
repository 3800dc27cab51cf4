// Writes the source of a client for TypeScript and JavaScript: its definition, its class, and a class for each group of methods.

import type { ClientDescription } from "./description.ts";
import { camelCase, pascalCase } from "./identifiers.ts";
import { scriptComment, scriptText } from "./literals.ts";
import { MARK, userAgent } from "./metadata.ts";
import { hasBody, type Operation } from "./operations.ts";

/** A module of the package, as it is imported there. */
const moduleText = (name: string): string => scriptText(`./${name}.js`);

export function typescriptSources(client: ClientDescription): [path: string, text: string][] {
  const hasGroups = client.groups.size > 0;
  return [
    ["src/index.ts", indexSource(client)],
    ["src/client.ts", clientSource(client)],
    ...(hasGroups ? [["src/groups.ts", groupsSource(client)] as [string, string]] : []),
    ...(hasGroups ? [["src/path.ts", PATH_SOURCE] as [string, string]] : []),
  ];
}

function indexSource({ className }: ClientDescription): string {
  return `// ${MARK}
export type {
  Answer,
  ClientOptions,
  Limit,
  Query,
  RequestOptions,
  ServerSentEvent,
  Stream,
  StreamKind,
  Usage,
  WebSocketOptions,
} from "@claviger/client";
export {
  ApiError,
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  NotFoundError,
  PaymentRequiredError,
  PermissionError,
  RateLimitError,
  ServerError,
  TimeoutError,
} from "@claviger/client";
export { ${className} } from ${moduleText("client")};
`;
}

function clientSource(client: ClientDescription): string {
  const { className, groups } = client;
  const members = [...groups.keys()].map((group) => {
    const type = `groups.${groupClass(group)}`;
    return `  readonly ${camelCase(group)}: ${type} = new ${type}(this);`;
  });
  return `// ${MARK}
import { type ClientDefinition, defineClient } from "@claviger/client";
${groups.size === 0 ? "" : `import * as groups from ${moduleText("groups")};\n`}
const definition: ClientDefinition = {
${definitionLines(client)
  .map((line) => `  ${line},`)
  .join("\n")}
};

${scriptComment(`Reads ${client.environmentVariable} unless it is given apiKey.`)}
export class ${className} extends defineClient(definition) {${members.length === 0 ? "" : `\n${members.join("\n")}\n`}}
`;
}

function definitionLines(client: ClientDescription): string[] {
  const { formats, regions, keyHeader, keyParameter } = client;
  const optional = (name: string, text: string | undefined) =>
    text === undefined ? [] : [`${name}: ${text}`];
  const keyFormats = formats.map(
    ({ template, checksum }) => `{ template: ${scriptText(template)}, checksum: ${scriptText(checksum)} }`,
  );
  const regionMembers = regions.map(
    ({ prefix, baseUrl }) => `${scriptText(prefix)}: { baseUrl: ${scriptText(baseUrl)} }`,
  );
  return [
    `name: ${scriptText(client.title)}`,
    `environmentVariable: ${scriptText(client.environmentVariable)}`,
    `baseUrl: ${scriptText(client.baseUrl)}`,
    `baseUrlEnvironmentVariable: ${scriptText(client.baseUrlVariable)}`,
    ...optional("regions", regions.length === 0 ? undefined : `{ ${regionMembers.join(", ")} }`),
    `keyFormat: [${keyFormats.join(", ")}]`,
    ...optional("keyHeader", keyHeader && scriptText(keyHeader)),
    ...optional("webSocket", keyParameter && `{ keyParameter: ${scriptText(keyParameter)} }`),
    `headers: { "User-Agent": ${scriptText(userAgent(client, "typescript"))} }`,
  ];
}

function groupClass(group: string): string {
  return `${pascalCase(group)}Group`;
}

function groupsSource({ groups }: ClientDescription): string {
  const operations = [...groups.values()].flat();
  const sockets = operations.some(({ kind }) => kind === "webSocket");
  const calls = operations.some(({ kind }) => kind === "call");
  const opened = operations.some(({ isOpen }) => isOpen);
  const placed = operations.some(({ pieces }) => pieces.some((piece) => typeof piece !== "string"));
  const imported = [
    "ApiClient",
    ...(calls ? ["RequestOptions", "Stream", "StreamItems", "StreamKind"] : []),
    ...(sockets ? ["WebSocketOptions"] : []),
  ];
  const paths = [...(opened ? ["type Below", "below as under"] : []), ...(placed ? ["segment"] : [])];
  return `// ${MARK}
import type { ${imported.join(", ")} } from "@claviger/client";
${paths.length === 0 ? "" : `import { ${paths.join(", ")} } from ${moduleText("path")};\n`}${calls ? TYPES : ""}
${[...groups].map(([group, its]) => groupSource(group, its)).join("\n")}`;
}

const TYPES = `
/** All but the body, which stands beside them. */
type Options = Omit<RequestOptions, "body">;
type Whole = Options & { readonly stream?: never };
type Streamed<K extends StreamKind> = Options & { readonly stream: K };
`;

function groupSource(group: string, operations: readonly Operation[]): string {
  return `export class ${groupClass(group)} {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }
${operations.map((operation) => `\n${methodSource(operation)}`).join("")}}
`;
}

/** In the order in which they are passed. */
function parametersOf({ pieces, isOpen }: Operation): string[] {
  const named = pieces.flatMap((piece) =>
    typeof piece === "string" ? [] : [`${camelCase(piece.parameter)}: string`],
  );
  return isOpen ? [...named, "below: Below = []"] : named;
}

function pathExpression({ pieces, isOpen }: Operation): string {
  const parts = pieces.map((piece) =>
    typeof piece === "string" ? scriptText(piece) : `segment(${camelCase(piece.parameter)})`,
  );
  return [...parts, ...(isOpen ? ["under(below)"] : [])].join(" + ") || '""';
}

function methodSource(operation: Operation): string {
  const name = camelCase(operation.name);
  const comment = `  ${scriptComment(`${operation.method} ${operation.pattern.slice(operation.pattern.indexOf("/"))}`)}`;
  const path = pathExpression(operation);
  const before = parametersOf(operation);
  if (operation.kind === "webSocket") {
    return `${comment}
  ${name}(${[...before, "options: WebSocketOptions = {}"].join(", ")}): Promise<WebSocket> {
    return this.#client.websocket(${path}, options);
  }
`;
  }
  const body = hasBody(operation);
  // An overload has no defaults, and a required parameter cannot follow an optional one.
  const declared = before.map((one) => one.replace("below: Below = []", "below: Below"));
  const optional = before.map((one) => one.replace("below: Below = []", "below?: Below"));
  const streamed = [...declared, ...(body ? ["body: unknown"] : []), "options: Streamed<K>"];
  const whole = [...optional, ...(body ? ["body?: unknown"] : []), "options?: Whole"];
  const real = [...before, ...(body ? ["body?: unknown"] : []), "options: Options = {}"];
  return `${comment}
  ${name}<K extends StreamKind>(${streamed.join(", ")}): Promise<Stream<StreamItems[K]>>;
  ${name}<T = unknown>(${whole.join(", ")}): Promise<T>;
  ${name}(${real.join(", ")}): Promise<unknown> {
    return this.#client.request("${operation.method}", ${path}, ${body ? "{ ...options, body } as Options as Whole" : "options as Whole"});
  }
`;
}

const PATH_SOURCE = `// ${MARK}

/** A segment of a path below another, or several. */
export type Below = string | readonly string[];

/** One segment, encoded. Throws a TypeError for an empty one, which would reach another path. */
export function segment(text: string): string {
  if (text === "") throw new TypeError("A part of a path is empty.");
  return encodeURIComponent(text);
}

export function below(parts: Below): string {
  return [parts]
    .flat()
    .map((part) => \`/\${segment(part)}\`)
    .join("");
}
`;
