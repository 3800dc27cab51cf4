// Writes the generated part of the TypeScript SDK: the shapes as types, the operations as methods. It decides nothing about them.
import { type Api, allOf, nameOf, type Operation, type Schema, wrapped } from "./operations.ts";

const HEAD = "generated from openapi.json by `npm run generate`; may not be edited.";

export function typescriptShapes({ shapes }: Api): string {
  const written = [...shapes].map(([name, schema]) => `${comment(schema.description)}${shape(name, schema)}`);
  return `// The shapes of the control plane, ${HEAD}\n\n${written.join("\n")}`;
}

function shape(name: string, schema: Schema): string {
  return schema.properties === undefined
    ? `export type ${name} = ${typeOf(schema)};\n`
    : `export interface ${name} ${membersOf(schema)}\n`;
}

export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(" | ");
  if (Array.isArray(schema.type))
    return schema.type.map((type: string) => typeOf({ ...schema, type })).join(" | ");
  if (schema.type === "array") return `readonly ${atom(typeOf(schema.items ?? {}))}[]`;
  if (schema.type === "object") return objectOf(schema);
  return PLAIN[String(schema.type)] ?? "unknown";
}

const PLAIN: Readonly<Record<string, string>> = {
  boolean: "boolean",
  integer: "number",
  null: "null",
  number: "number",
  string: "string",
};

function atom(type: string): string {
  return /[ |]/.test(type) && !type.startsWith("{") ? `(${type})` : type;
}

function objectOf(schema: Schema): string {
  if (schema.properties !== undefined) return membersOf(schema);
  const { additionalProperties: more, patternProperties = {} } = schema;
  const values = Object.values(patternProperties).map(typeOf);
  if (typeof more === "object") values.push(typeOf(more));
  return `Readonly<Record<string, ${[...new Set(values)].join(" | ") || "unknown"}>>`;
}

function membersOf({ properties = {}, required = [] }: Schema): string {
  const members = Object.entries(properties).map(([name, schema]) => {
    const label = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${comment(schema.description)}readonly ${label}${required.includes(name) ? "" : "?"}: ${typeOf(schema)};\n`;
  });
  return `{\n${members.join("")}}`;
}

function comment(words: string | undefined): string {
  if (words === undefined) return "";
  const lines = commented(words);
  return lines.length === 1
    ? `/** ${lines[0]} */\n`
    : `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`;
}

export function typescriptOperations(api: Api): string {
  const methods = api.operations.flatMap((operation) => [
    method(operation),
    ...(operation.pageOf === undefined ? [] : [pages(operation, operation.pageOf)]),
  ]);
  // A comment may speak of a shape, and a text be called like one.
  const code = methods.join("").replaceAll(/\/\*\*.*?\*\/|"[^"]*"/gs, "");
  const used = (names: Iterable<string>): string[] =>
    [...names].filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const options = used(["CallOptions", "KeyedOptions"]).map((name) => `type ${name}, `);
  const [event] = used(["ServerSentEvent"]);
  return `// One method for each operation of the control plane, ${HEAD}
${event ? `import type { ${event} } from "@claviger/client";\n` : ""}import { ${options.join("")}Performer } from "./performer.ts";
import type { ${used(api.shapes.keys()).join(", ")} } from "./shapes.ts";

export abstract class Operations extends Performer {
${methods.join("\n")}}
`;
}

function method(operation: Operation): string {
  const { id, method: verb, result, repeats, body, alsoResults } = operation;
  const facts = [
    queryOf(operation),
    body?.kind === "json" && "body",
    body?.kind === "form" && "form: body",
    body?.kind === "file" && "file: body",
    repeats === "once" && "once: true",
    alsoResults.length > 0 && `alsoResults: ${JSON.stringify(alsoResults)}`,
  ].filter(Boolean);
  const how = isStream(operation) ? result.kind : "perform";
  const call = `return this.${how}("${verb}", ${segments(operation)}, { ${facts.join(", ")} }, options);`;
  return `${words(operation)}${id}(${argumentsOf(operation)}): ${returned(operation)} {\n${call}\n}\n`;
}

function queryOf({ query, always }: Operation): string | false {
  const given = query.length > 0;
  const fixed = Object.entries(always).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  if (fixed.length === 0) return given && "query";
  return `query: { ${[...(given ? ["...query"] : []), ...fixed].join(", ")} }`;
}

function pages(operation: Operation, item: Schema): string {
  const { id, method: verb } = operation;
  const text = `Like \`${id}\`, over all pages: each is asked for when it is needed.`;
  const call = `return this.pages("${verb}", ${segments(operation)}, query, options);`;
  return `${comment(text)}${allOf(id)}(${argumentsOf(operation)}): AsyncIterable<${typeOf(item)}> {\n${call}\n}\n`;
}

/** What would end the comment does not. */
function commented(text: string): string[] {
  return wrapped(text.replaceAll("*/", "*\\/"), 100);
}

function words({ words: text, method: verb, path, query }: Operation): string {
  const lines = commented(`${text} \`${verb} ${path}\``);
  const told = query.filter(({ description }) => description !== undefined);
  const parameters = told.flatMap(({ name, description }) => commented(`- ${name}: ${description}`));
  return `/**\n${[...lines, ...parameters].map((line) => ` * ${line}\n`).join("")} */\n`;
}

/** Path parameters, body, query, options; the latter two may be left out, and so may a body that is not required. */
function argumentsOf({ pathParameters, body, query, repeats }: Operation): string {
  const path = pathParameters.map((name) => `${name}: string`);
  const members = query.map(
    ({ name, required, schema }) => `readonly ${name}${required ? "" : "?"}: ${typeOf(schema)}`,
  );
  const isNeeded = query.some(({ required }) => required);
  return [
    ...path,
    ...(body
      ? [`body${body.required ? "" : "?"}: ${typeOf(body.schema)}${body.kind === "file" ? " | string" : ""}`]
      : []),
    ...(members.length > 0 ? [`query${isNeeded ? "" : "?"}: { ${members.join("; ")} }`] : []),
    `options?: ${repeats === "keyed" ? "KeyedOptions" : "CallOptions"}`,
  ].join(", ");
}

function isStream({ result }: Operation): boolean {
  return result.kind === "lines" || result.kind === "events";
}

const RETURNED = { bytes: "Promise<Uint8Array>", nothing: "Promise<void>", text: "Promise<string>" };

function returned({ result }: Operation): string {
  if (result.kind === "lines") return `AsyncIterable<${typeOf(result.schema)}>`;
  if (result.kind === "json") return `Promise<${typeOf(result.schema)}>`;
  return result.kind === "events" ? "AsyncIterable<ServerSentEvent>" : RETURNED[result.kind];
}

function segments({ path }: Operation): string {
  const parts = path
    .slice(1)
    .split("/")
    .map((part) => /^\{(\w+)\}$/.exec(part)?.[1] ?? JSON.stringify(part));
  return `[${parts.join(", ")}]`;
}
