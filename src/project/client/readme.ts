// Writes the README of a package: how to install it, how to give it a key, what its methods send.
import { code, fence, prose, table } from "../page/markdown.ts";
import type { ClientDescription, Language } from "./description.ts";
import { camelCase } from "./identifiers.ts";
import { hasBody, type Operation } from "./operations.ts";

export function readme(client: ClientDescription, language: Language): string {
  const { title, summary, packageName, regions, keyParameter } = client;
  const install = language === "python" ? `pip install ${packageName}` : `npm install ${packageName}`;
  const parts = [
    `# ${prose(title)}`,
    prose(summary),
    fence("sh", install),
    fence(language === "python" ? "python" : "ts", usage(client, language)),
    `Keep the key in ${code(client.environmentVariable)}, and on servers: in a browser the client refuses to start. ${code(client.baseUrlVariable)}, if set, says where the API is; else it is ${code(client.baseUrl)}.`,
    ...regions.map(
      ({ prefix, name, baseUrl }) =>
        `A key behind ${code(prefix)} goes to the region ${code(name)}, ${code(baseUrl)}, without the prefix.`,
    ),
    ...(keyParameter === undefined || language === "python"
      ? []
      : [
          `Where a runtime's WebSocket sends no headers, the key stands in the parameter ${code(keyParameter)}.`,
        ]),
    "## Methods",
    `${code("client.get")}, ${code("post")}, ${code("put")}, ${code("patch")}, ${code("delete")} and ${code("request")} take any path. ${client.groups.size === 0 ? "" : "These know theirs:"}`.trim(),
    methodTable(client, language),
    "## Errors",
    `A refusal is an ${code("ApiError")} with ${code("status")}, ${code("code")} and ${language === "python" ? code("request_id") : code("requestId")}, or one of its kinds, such as ${code("AuthenticationError")} and ${code("RateLimitError")}. What may be repeated is repeated, as long as the API says to wait. The rest is written in the documentation of ${language === "python" ? code("claviger-client") : code("@claviger/client")}, which this package is made of.`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function usage(client: ClientDescription, language: Language): string {
  const { className, moduleName, packageName } = client;
  return language === "python"
    ? `from ${moduleName} import ${className}\n\nclient = ${className}()  # or ${className}(api_key="…"); for asyncio, Async${className}`
    : `import { ${className} } from "${packageName}";\n\nconst client = new ${className}(); // or new ${className}({ apiKey: "…" })`;
}

function methodTable({ groups }: ClientDescription, language: Language): string {
  const operations = [...groups.values()].flat();
  if (operations.length === 0) return "";
  const rows = operations.map((operation) => {
    const { method, kind, pattern } = operation;
    const path = pattern.slice(pattern.indexOf("/"));
    return [
      code(language === "python" ? pythonCall(operation) : scriptCall(operation)),
      `${kind === "webSocket" ? "WebSocket" : method} ${code(path)}`,
    ];
  });
  return table(["Method", "Request"], rows);
}

function pythonCall(operation: Operation): string {
  const { group, name, pieces, isOpen } = operation;
  const placed = pieces.flatMap((piece) => (typeof piece === "string" ? [] : [piece.parameter]));
  const body = hasBody(operation) ? [isOpen ? "body=…" : "body"] : [];
  return `${group}.${name}(${[...placed, ...(isOpen ? ["*below"] : []), ...body].join(", ")})`;
}

function scriptCall(operation: Operation): string {
  const { group, name, pieces, isOpen } = operation;
  const placed = pieces.flatMap((piece) => (typeof piece === "string" ? [] : [camelCase(piece.parameter)]));
  const body = hasBody(operation) ? ["body"] : [];
  const parameters = [...placed, ...(isOpen ? ["below"] : []), ...body].join(", ");
  return `${camelCase(group)}.${camelCase(name)}(${parameters})`;
}
