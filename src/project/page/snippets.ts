// Example requests in curl, Python and TypeScript that read the key from the environment. They are text: nothing here runs them,
// and every value of the project file is quoted for the language it stands in.
import type { Project } from "../compile.ts";
import { type ExampleRequest, environmentVariable } from "./example.ts";

export interface Snippet {
  readonly title: string;
  readonly language: string;
  readonly code: string;
}

/** In the recommended place: the Authorization header, else the first header, else the query of a WebSocket upgrade. */
export function snippets(project: Project, request: ExampleRequest): readonly Snippet[] {
  const { bearer, query } = project.credentials;
  const variable = environmentVariable(project);
  const header = bearer ? "Authorization" : project.file.credentials?.headers?.[0];
  if (header === undefined) {
    return [
      { title: "TypeScript", language: "ts", code: webSocketSnippet(request.url, query.name, variable) },
    ];
  }
  const carrier = { header, scheme: bearer ? "Bearer " : "", variable };
  return [
    { title: "curl", language: "sh", code: curlSnippet(request, carrier) },
    { title: "Python", language: "python", code: pythonSnippet(request, carrier) },
    { title: "TypeScript", language: "ts", code: typescriptSnippet(request, carrier) },
  ];
}

interface Carrier {
  readonly header: string;
  /** With its space, or empty. */
  readonly scheme: string;
  readonly variable: string;
}

function curlSnippet({ method, url, body }: ExampleRequest, { header, scheme, variable }: Carrier): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${GLOB.test(url) ? "-g " : ""}${shellWord(url)}`,
    `-H "${header}: ${scheme}$${variable}"`,
  ];
  if (body !== undefined) {
    lines.push(`-H 'Content-Type: application/json'`, `-d ${shellWord(JSON.stringify(body))}`);
  }
  return lines.join(" \\\n  ");
}

/** What curl would take for a pattern of several URLs. */
const GLOB = /[{}[\]]/;

/** POSIX: nothing is special between single quotes but the quote itself. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function pythonSnippet({ method, url, body }: ExampleRequest, { header, scheme, variable }: Carrier): string {
  const key = `os.environ["${variable}"]`;
  return [
    "import os",
    "",
    "import requests",
    "",
    `response = requests.${method.toLowerCase()}(`,
    `    ${JSON.stringify(url)},`,
    `    headers={"${header}": ${scheme === "" ? key : `"${scheme}" + ${key}`}},`,
    ...(body === undefined ? [] : [`    json=${pythonLiteral(body)},`]),
    "    timeout=30,",
    ")",
    "response.raise_for_status()",
    `print(response.status_code, response.headers.get("content-type"))`,
  ].join("\n");
}

/** A JSON string is also a Python string. */
function pythonLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).map(
      ([name, item]) => `${JSON.stringify(name)}: ${pythonLiteral(item)}`,
    );
    return `{${members.join(", ")}}`;
  }
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

function typescriptSnippet(
  { method, url, body }: ExampleRequest,
  { header, scheme, variable }: Carrier,
): string {
  const key = scheme === "" ? "key" : `\`${scheme}\${key}\``;
  const name = /^\w+$/.test(header) ? header : JSON.stringify(header);
  const headers = [`${name}: ${key}`, ...(body === undefined ? [] : [`"Content-Type": "application/json"`])];
  return [
    ...keyFromEnvironment(variable),
    `const response = await fetch(${JSON.stringify(url)}, {`,
    ...(method === "GET" ? [] : [`  method: "${method}",`]),
    `  headers: { ${headers.join(", ")} },`,
    ...(body === undefined ? [] : [`  body: JSON.stringify(${JSON.stringify(body)}),`]),
    "});",
    `if (!response.ok) throw new Error(\`\${response.status} \${await response.text()}\`);`,
    `console.log(response.status, response.headers.get("content-type"));`,
  ].join("\n");
}

function webSocketSnippet(url: string, parameter: string, variable: string): string {
  const socketUrl = JSON.stringify(url.replace(/^http/, "ws"));
  return [
    ...keyFromEnvironment(variable),
    `const url = new URL(${socketUrl});`,
    `url.searchParams.set("${parameter}", key);`,
    "const socket = new WebSocket(url);",
    `socket.addEventListener("message", ({ data }) => console.log(data));`,
  ].join("\n");
}

function keyFromEnvironment(variable: string): string[] {
  return [`const key = process.env.${variable};`, `if (!key) throw new Error("${variable} is not set");`, ""];
}
