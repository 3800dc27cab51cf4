// Writes the source of a client for Python, synchronous and asynchronous: its definition, its classes, and a class for each group of
// methods. What differs between the two is what is awaited.
import type { ClientDescription } from "./description.ts";
import { pascalCase } from "./identifiers.ts";
import { pythonText } from "./literals.ts";
import { MARK, userAgent } from "./metadata.ts";
import { hasBody, type Operation } from "./operations.ts";

interface Manner {
  readonly isAsync: boolean;
  /** The kit's class. */
  readonly client: "Client" | "AsyncClient";
  readonly module: "_groups" | "_async_groups";
}

const MANNERS: readonly Manner[] = [
  { isAsync: false, client: "Client", module: "_groups" },
  { isAsync: true, client: "AsyncClient", module: "_async_groups" },
];

export function pythonSources(client: ClientDescription): [path: string, text: string][] {
  const folder = `src/${client.moduleName}`;
  const hasGroups = client.groups.size > 0;
  const groups = hasGroups
    ? MANNERS.map((manner): [string, string] => [
        `${folder}/${manner.module}.py`,
        groupsSource(client, manner),
      ])
    : [];
  return [
    [`${folder}/__init__.py`, initSource(client)],
    [`${folder}/_client.py`, clientSource(client)],
    ...groups,
    ...(hasGroups ? [[`${folder}/_path.py`, PATH_SOURCE] as [string, string]] : []),
    [`${folder}/py.typed`, ""],
  ];
}

const EXPORTED = [
  "Answer",
  "ApiError",
  "AsyncStream",
  "AuthenticationError",
  "ClientError",
  "ConfigurationError",
  "ConflictError",
  "ConnectionError",
  "Limit",
  "NotFoundError",
  "PaymentRequiredError",
  "PermissionError",
  "RateLimitError",
  "ServerError",
  "ServerSentEvent",
  "Stream",
  "TimeoutError",
  "Usage",
];

function initSource({ className }: ClientDescription): string {
  const names = [className, `Async${className}`];
  return `# ${MARK}
from claviger_client import (
${EXPORTED.map((name) => `    ${name},`).join("\n")}
)

from ._client import ${names.toSorted().join(", ")}

__all__ = [
${[...names, ...EXPORTED].map((name) => `    "${name}",`).join("\n")}
]
`;
}

function clientSource(client: ClientDescription): string {
  const { className, groups, environmentVariable } = client;
  const classes = MANNERS.map(({ isAsync, client: base, module }) => {
    const members = [...groups.keys()].map(
      (group) => `
    @_builtins.property
    def ${group}(self) -> ${module}.${groupClass(group)}:
        return ${module}.${groupClass(group)}(self)
`,
    );
    return `
class ${isAsync ? "Async" : ""}${className}(_Kit${base}):
    "Reads ${environmentVariable} unless it is given api_key."

    definition = _DEFINITION
${members.join("")}`;
  });
  const formats = client.formats.map(
    ({ template, checksum }) => `_KeyTemplate(${pythonText(template)}, ${pythonText(checksum)})`,
  );
  const regions = client.regions.map(
    ({ prefix, baseUrl }) => `${pythonText(prefix)}: _Region(${pythonText(baseUrl)})`,
  );
  const definition = [
    `name=${pythonText(client.title)}`,
    `environment_variable=${pythonText(environmentVariable)}`,
    `base_url=${pythonText(client.baseUrl)}`,
    `base_url_environment_variable=${pythonText(client.baseUrlVariable)}`,
    ...(regions.length === 0 ? [] : [`regions={${regions.join(", ")}}`]),
    `key_format=[${formats.join(", ")}]`,
    ...(client.keyHeader === undefined ? [] : [`key_header=${pythonText(client.keyHeader)}`]),
    `headers={"User-Agent": ${pythonText(userAgent(client, "python"))}}`,
  ];
  return `# ${MARK}
from __future__ import annotations

${groups.size === 0 ? "" : "import builtins as _builtins\n\n"}from claviger_client import AsyncClient as _KitAsyncClient
from claviger_client import Client as _KitClient
from claviger_client import Definition as _Definition
from claviger_client import KeyTemplate as _KeyTemplate
${regions.length === 0 ? "" : "from claviger_client import Region as _Region\n"}${groups.size === 0 ? "" : "\nfrom . import _async_groups, _groups\n"}
_DEFINITION = _Definition(
${definition.map((line) => `    ${line},`).join("\n")}
)

${classes.join("\n")}`;
}

function groupClass(group: string): string {
  return `${pascalCase(group)}Group`;
}

function groupsSource({ groups }: ClientDescription, manner: Manner): string {
  const operations = [...groups.values()].flat();
  const paths = [
    ...(operations.some(({ isOpen }) => isOpen) ? ["under"] : []),
    ...(operations.some(({ pieces }) => pieces.some((piece) => typeof piece !== "string"))
      ? ["segment"]
      : []),
  ];
  const sockets = operations.some(({ kind }) => kind === "webSocket");
  const library = manner.isAsync ? "asyncio" : "sync";
  const typing = sockets ? "TYPE_CHECKING, Any, Mapping, Optional, Sequence" : "Any, Mapping, Optional";
  return `# ${MARK}
from __future__ import annotations

from typing import ${typing}

from claviger_client import ${manner.client}, Query, StreamKind
${paths.length === 0 ? "" : `\nfrom ._path import ${paths.toSorted().join(", ")}\n`}${sockets ? `\nif TYPE_CHECKING:\n    from websockets.${library}.client import ClientConnection\n` : ""}
# A method may be called as a type is.
Text = str
Seconds = float
Count = int


${[...groups].map(([group, its]) => groupSource(group, its, manner)).join("\n\n")}`;
}

function groupSource(group: string, operations: readonly Operation[], manner: Manner): string {
  return `class ${groupClass(group)}:
    def __init__(self, client: ${manner.client}) -> None:
        self._client = client
${operations.map((operation) => `\n${methodSource(operation, manner)}`).join("")}`;
}

const OPTIONS = [
  ["query", "Optional[Query]"],
  ["headers", "Optional[Mapping[Text, Text]]"],
  ["stream", "Optional[StreamKind]"],
  ["idempotency_key", "Optional[Text]"],
  ["timeout_seconds", "Optional[Seconds]"],
  ["max_retries", "Optional[Count]"],
] as const;

function optionsOf(operation: Operation): (readonly [name: string, type: string, fallback: string])[] {
  if (operation.kind === "webSocket") {
    return [
      ["query", "Optional[Query]", "None"],
      ["headers", "Optional[Mapping[Text, Text]]", "None"],
      ["protocols", "Sequence[Text]", "()"],
      ["timeout_seconds", "Optional[Seconds]", "None"],
    ];
  }
  const options = OPTIONS.map(([name, type]) => [name, type, "None"] as const);
  return hasBody(operation) ? [["files", "Any", "None"], ...options] : options;
}

function methodSource(operation: Operation, { isAsync }: Manner): string {
  const { method, pattern, name, pieces, isOpen, kind } = operation;
  const placed = pieces.flatMap((piece) => (typeof piece === "string" ? [] : [`${piece.parameter}: Text`]));
  const body = hasBody(operation) ? ["body: Any = None"] : [];
  // What lies below takes any number of arguments, and then the body has to be named.
  const before = isOpen ? [...placed, "*below: Text", ...body] : [...placed, ...body, "*"];
  const options = optionsOf(operation);
  const parameters = [
    "self",
    ...before,
    ...options.map(([option, type, fallback]) => `${option}: ${type} = ${fallback}`),
  ];
  const passed = [...(body.length === 0 ? [] : ["body"]), ...options.map(([option]) => option)];
  const verb = kind === "webSocket" ? "websocket" : "request";
  const first = kind === "webSocket" ? [] : [`"${method}"`];
  return `    ${isAsync ? "async " : ""}def ${name}(
${parameters.map((one) => `        ${one},`).join("\n")}
    ) -> ${kind === "webSocket" ? "ClientConnection" : "Any"}:
        ${pythonText(`${method} ${pattern.slice(pattern.indexOf("/"))}`)}
        return ${isAsync ? "await " : ""}self._client.${verb}(
${[...first, pathExpression(operation), ...passed.map((one) => `${one}=${one}`)].map((one) => `            ${one},`).join("\n")}
        )
`;
}

function pathExpression({ pieces, isOpen }: Operation): string {
  const parts = pieces.map((piece) =>
    typeof piece === "string" ? pythonText(piece) : `segment(${piece.parameter})`,
  );
  return [...parts, ...(isOpen ? ["under(below)"] : [])].join(" + ") || '""';
}

const PATH_SOURCE = `# ${MARK}
from __future__ import annotations

from typing import Sequence
from urllib.parse import quote


def segment(text: str) -> str:
    "One segment, encoded. Raises TypeError for an empty one, which would reach another path."
    if text == "":
        raise TypeError("A part of a path is empty.")
    return quote(text, safe="")


def under(parts: Sequence[str]) -> str:
    return "".join("/" + segment(part) for part in parts)
`;
