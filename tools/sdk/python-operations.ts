// Writes the operations of the control plane as methods of Python's two clients, which differ in what is awaited and in nothing else.
import { type Api, allOf, type Operation, type Schema, snake } from "./operations.ts";
import { docstring, pythonType } from "./python-shapes.ts";

/** What the two clients write differently. */
interface Manner {
  readonly className: string;
  readonly base: string;
  readonly def: string;
  readonly wait: string;
  readonly iterator: string;
}

const SYNC: Manner = {
  className: "Operations",
  base: "Performer",
  def: "def",
  wait: "",
  iterator: "Iterator",
};

const ASYNC: Manner = {
  className: "AsyncOperations",
  base: "AsyncPerformer",
  def: "async def",
  wait: "await ",
  iterator: "AsyncIterator",
};

export function pythonOperations(api: Api): string {
  const classes = [SYNC, ASYNC].map((manner) => classOf(api, manner)).join("\n");
  // A docstring may speak of a shape, and a text be called like one.
  const code = classes.replaceAll(/""".*?"""|"[^"]*"/gs, "");
  const used = (names: readonly string[]): string[] =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(code)).sort();
  const kit = used(["ServerSentEvent"]).map((name) => `from claviger_client import ${name}\n\n`);
  return `"""One method for each operation of the control plane, generated from openapi.json by \`npm run generate\`; may not be edited."""

from __future__ import annotations

from collections.abc import ${used(["AsyncIterator", "Iterator", "Mapping", "Sequence"]).join(", ")}
from typing import ${used(["Any", "Literal", "Optional", "Union"]).join(", ")}

${kit.join("")}from ._performer import AsyncPerformer, Performer
from .shapes import (
${used([...api.shapes.keys()])
  .map((name) => `    ${name},\n`)
  .join("")})

${classes}`;
}

function classOf({ operations }: Api, manner: Manner): string {
  const methods = operations.flatMap((operation) => [
    method(operation, manner),
    ...(operation.pageOf === undefined ? [] : [pages(operation, operation.pageOf, manner)]),
  ]);
  return `\nclass ${manner.className}(${manner.base}):\n${methods.join("\n")}`;
}

function method(operation: Operation, manner: Manner): string {
  const { id, method: verb, path, words, query, always, body, result, repeats, alsoResults } = operation;
  const isStream = result.kind === "lines" || result.kind === "events";
  const type = returned(operation);
  const facts = [
    `"${verb}"`,
    segments(operation),
    (query.length > 0 || Object.keys(always).length > 0) && `query=${queryDict(operation)}`,
    body && `${{ json: "body", form: "form", file: "file" }[body.kind]}=body`,
    repeats === "once" && 'idempotency_key=""',
    repeats === "keyed" && "idempotency_key=idempotency_key",
    alsoResults.length > 0 && `also_results=(${alsoResults.map((status) => `${status},`).join(" ")})`,
    "timeout_seconds=timeout_seconds",
    "max_retries=max_retries",
  ].filter((fact) => typeof fact === "string");
  const told = query.filter(({ description }) => description !== undefined);
  const text = [
    `${words} \`\`${verb} ${path}\`\``,
    ...told.map((one) => `\`\`${argument(one.name)}\`\`: ${one.description}`),
  ];
  const head = isStream
    ? signature("def", snake(id), operation, `${manner.iterator}[${type}]`)
    : signature(manner.def, snake(id), operation, type);
  const called = call(`self._${isStream ? result.kind : "perform"}`, facts);
  const rest = isStream
    ? `        return ${called}\n`
    : type === "None"
      ? `        ${manner.wait}${called}\n`
      : `        answer: ${type} = ${manner.wait}${called}\n        return answer\n`;
  return `${head}${docstring(text.join(" "), "        ")}${rest}`;
}

function pages(operation: Operation, item: Schema, { iterator }: Manner): string {
  const facts = [
    `"${operation.method}"`,
    segments(operation),
    `query=${queryDict(operation)}`,
    "timeout_seconds=timeout_seconds",
    "max_retries=max_retries",
  ];
  const name = snake(operation.id);
  const head = signature(
    "def",
    snake(allOf(operation.id)),
    operation,
    `${iterator}[${pythonType(item, "", [])}]`,
  );
  const words = `Like \`\`${name}\`\`, over all pages: each is asked for when it is needed.`;
  return `${head}${docstring(words, "        ")}        return ${call("self._pages", facts)}\n`;
}

function call(name: string, facts: readonly string[]): string {
  return `${name}(\n${facts.map((fact) => `            ${fact},\n`).join("")}        )`;
}

function signature(def: string, name: string, operation: Operation, type: string): string {
  const { pathParameters, body, query, repeats } = operation;
  const bodyType = body && pythonType(body.schema, "", []);
  const accepted = body?.kind === "file" ? `Union[${bodyType}, str]` : bodyType;
  const positional = [
    "self",
    ...pathParameters.map((one) => `${argument(one)}: str`),
    ...(body ? [body.required ? `body: ${accepted}` : `body: Optional[${accepted}] = None`] : []),
  ];
  const named = [
    ...query.map((one) => {
      const plain = pythonType(one.schema, "", []);
      return one.required
        ? `${argument(one.name)}: ${plain}`
        : `${argument(one.name)}: Optional[${plain}] = None`;
    }),
    ...(repeats === "keyed" ? ["idempotency_key: Optional[str] = None"] : []),
    "timeout_seconds: Optional[float] = None",
    "max_retries: Optional[int] = None",
  ];
  const lines = [...positional, "*", ...named].map((one) => `        ${one},\n`);
  return `    ${def} ${name}(\n${lines.join("")}    ) -> ${type}:\n`;
}

/** `from` is a word of the language. */
function argument(name: string): string {
  const plain = snake(name);
  return /^(from|class|in|is|global|import)$/.test(plain) ? `${plain}_` : plain;
}

function queryDict({ query, always }: Operation): string {
  const given = query.map(({ name }) => `"${name}": ${argument(name)}`);
  const fixed = Object.entries(always).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  return `{${[...given, ...fixed].join(", ")}}`;
}

function segments({ path }: Operation): string {
  const parts = path
    .slice(1)
    .split("/")
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      return name === undefined ? JSON.stringify(part) : argument(name);
    });
  return `[${parts.join(", ")}]`;
}

const RETURNED = { bytes: "bytes", events: "ServerSentEvent", nothing: "None", text: "str" };

function returned({ result }: Operation): string {
  return "schema" in result ? pythonType(result.schema, "", []) : RETURNED[result.kind];
}
