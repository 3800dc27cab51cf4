// Reads the OpenAPI document as the operator SDKs see it: named shapes, and operations with their arguments and results. Pure; it
// knows no language.

/** JSON Schema as far as the control plane writes it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly title?: string;
}

export interface QueryParameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
  readonly description: string | undefined;
}

export interface Operation {
  /** As the document names it: `createKey`. */
  readonly id: string;
  readonly method: string;
  /** With names in braces. */
  readonly path: string;
  readonly words: string;
  readonly pathParameters: readonly string[];
  readonly query: readonly QueryParameter[];
  /** What every call asks for in its query, beside what it is given. */
  readonly always: Readonly<Record<string, string>>;
  /** `file` is JSON, or YAML as a text. */
  readonly body:
    | { readonly kind: "json" | "form" | "file"; readonly schema: Schema; readonly required: boolean }
    | undefined;
  readonly result:
    | { readonly kind: "json" | "lines"; readonly schema: Schema }
    | { readonly kind: "bytes" | "events" | "nothing" | "text" };
  /** Of what, where the result is one page of several. */
  readonly pageOf: Schema | undefined;
  /** Refusing statuses whose body is a result nevertheless, such as a readiness that is not. */
  readonly alsoResults: readonly number[];
  /**
   * `once`: a second arrival would do it again, so it is not repeated after an answer that was lost. `keyed`: the server makes sure,
   * by the Idempotency-Key. `freely`: a repetition changes nothing.
   */
  readonly repeats: "once" | "keyed" | "freely";
}

export interface Api {
  /** Of the operations; by name, in the document's order. What has no name there is named after its operation. */
  readonly shapes: ReadonlyMap<string, Schema>;
  readonly operations: readonly Operation[];
}

interface Media {
  readonly schema?: Schema;
}

interface RawOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Record<string, Media>; readonly required?: boolean };
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
  /** Where it is served, if not by the control plane. */
  readonly servers?: readonly { readonly description?: string }[];
}

export interface OpenApi {
  readonly paths: Record<string, Record<string, RawOperation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

/** POSTs without an Idempotency-Key of which a second arrival changes nothing; their descriptions say so. */
const REPEATABLE: ReadonlySet<string> = new Set([
  "findKeys",
  "introspectKey",
  "releaseHold",
  "settleHold",
  "testRequest",
]);

/**
 * Whether a program with a root key calls what stands at this path. What is under `/auth/` is for pages: it begins, shows and ends
 * sessions, which live in cookies, and a root key has none; some of it is for people of whom nobody knows anything yet.
 */
export function isForRootKeys(path: string): boolean {
  return !path.startsWith("/auth/");
}

/** Leaves out what is not for root keys, and the shapes that nothing else speaks of. */
export function readApi({ paths, components }: OpenApi): Api {
  const offered = Object.entries(paths).filter(([path]) => isForRootKeys(path));
  const shapes = spokenOf(offered, components.schemas);
  const operations = offered.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => readOperation(method, path, raw, shapes)),
  );
  return { shapes, operations };
}

/** Whatever is referred to, by shapes that are referred to as well. */
function spokenOf(value: unknown, shapes: Readonly<Record<string, Schema>>): Map<string, Schema> {
  const found = new Set<string>();
  const follow = (inner: unknown): void => {
    for (const [, name = ""] of JSON.stringify(inner).matchAll(
      /"\$ref":"#\/components\/schemas\/([^"]+)"/g,
    )) {
      if (found.has(name)) continue;
      found.add(name);
      follow(shapes[name] ?? {});
    }
  };
  follow(value);
  return new Map(Object.entries(shapes).filter(([name]) => found.has(name)));
}

function readOperation(
  method: string,
  path: string,
  raw: RawOperation,
  shapes: Map<string, Schema>,
): Operation {
  const id = raw.operationId;
  const parameters = raw.parameters ?? [];
  const { success, always } = successOf(raw);
  const json = success["application/json"]?.schema;
  const item = parameters.some(({ name }) => name === "cursor") ? itemsOf(json) : undefined;
  return {
    id,
    method: method.toUpperCase(),
    path,
    words: wordsOf(raw),
    pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
    query: parameters
      .filter((one) => one.in === "query" && !(one.name in always))
      .map(({ name, required = false, schema = {}, description }) => ({
        name,
        required,
        schema,
        description,
      })),
    always,
    body: bodyOf(id, raw, shapes),
    result: resultOf(id, success, shapes),
    pageOf: item && named(`${pascal(id)}Item`, item, shapes),
    alsoResults: json === undefined ? [] : alsoResults(raw, json),
    repeats: repeatsOf(id, method, parameters),
  };
}

function wordsOf({ summary, description, servers }: RawOperation): string {
  const place = servers?.[0]?.description;
  const elsewhere =
    place && `Not served by the control plane: the client's URL has to be that of ${uncapitalised(place)}.`;
  return [summary && `${summary}.`, description, elsewhere].filter(Boolean).join(" ");
}

const LINES = "application/x-ndjson";

/** Of an answer that may have several forms a method asks for JSON Lines: they have a type, and nobody has to hold them all. */
function successOf({ operationId, responses, parameters = [] }: RawOperation): {
  readonly success: Record<string, Media>;
  readonly always: Readonly<Record<string, string>>;
} {
  const [success = {}] = Object.keys(responses)
    .filter((status) => status.startsWith("2"))
    .map((status) => responses[status]!.content ?? {});
  if (Object.keys(success).length < 2) return { success, always: {} };
  const lines = success[LINES];
  const isAsked = parameters.some(
    ({ name, schema }) => name === "format" && schema?.enum?.includes("ndjson"),
  );
  if (lines === undefined || !isAsked)
    throw new Error(`${operationId}: of several forms the SDKs ask for format=ndjson; teach them this one`);
  return { success: { [LINES]: lines }, always: { format: "ndjson" } };
}

function bodyOf(id: string, { requestBody }: RawOperation, shapes: Map<string, Schema>): Operation["body"] {
  if (requestBody === undefined) return undefined;
  const { content, required = false } = requestBody;
  const form = content["application/x-www-form-urlencoded"];
  const schema = (form ?? content["application/json"])?.schema;
  if (schema === undefined) throw new Error(`${id}: the SDKs send JSON, forms and YAML; teach them this one`);
  // One that may hold nothing needs no argument.
  if (schema.properties && Object.keys(schema.properties).length === 0) return undefined;
  const kind = form ? "form" : "application/yaml" in content ? "file" : "json";
  return {
    kind,
    schema: named(`${pascal(id)}Body`, schema, shapes),
    required,
  };
}

function resultOf(
  id: string,
  success: Record<string, Media>,
  shapes: Map<string, Schema>,
): Operation["result"] {
  const [[type, { schema = {} }] = ["", {} as Media]] = Object.entries(success);
  if (type === "application/json") {
    const item = itemsOf(schema);
    const name = item?.$ref === undefined ? `${pascal(id)}Result` : `${nameOf(item.$ref)}Page`;
    return { kind: "json", schema: named(name, schema, shapes) };
  }
  if (type === LINES) return { kind: "lines", schema: named(`${pascal(id)}Line`, schema, shapes) };
  if (type === "text/event-stream") return { kind: "events" };
  if (type === "") return { kind: "nothing" };
  return { kind: type.startsWith("text/") ? "text" : "bytes" };
}

/** Of `{ items, nextCursor? }`. */
function itemsOf(schema: Schema | undefined): Schema | undefined {
  const { items, nextCursor } = schema?.properties ?? {};
  return nextCursor && items?.items;
}

function alsoResults({ responses }: RawOperation, schema: Schema): number[] {
  return Object.entries(responses)
    .filter(([status, { content }]) => {
      const other = content?.["application/json"]?.schema;
      return status >= "3" && other !== undefined && JSON.stringify(other) === JSON.stringify(schema);
    })
    .map(([status]) => Number(status));
}

function repeatsOf(
  id: string,
  method: string,
  parameters: NonNullable<RawOperation["parameters"]>,
): Operation["repeats"] {
  if (!/^(post|patch)$/.test(method) || REPEATABLE.has(id)) return "freely";
  return parameters.some(({ name }) => name === "Idempotency-Key") ? "keyed" : "once";
}

/** What holds an object without a name gets one, so that every language can say it. */
function named(name: string, schema: Schema, shapes: Map<string, Schema>): Schema {
  if (!JSON.stringify(schema).includes('"properties":')) return schema;
  shapes.set(name, schema);
  return { $ref: `#/components/schemas/${name}` };
}

export function nameOf(ref: string): string {
  return ref.split("/").at(-1)!;
}

export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function uncapitalised(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** `createdBefore` to `created_before`. */
export function snake(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])([A-Z])/g, (_, letter: string) => `_${letter.toLowerCase()}`);
}

/** `listKeys` to `allKeys`: the method that goes through all pages. */
export function allOf(id: string): string {
  return id.replace(/^list/, "all");
}

/** Words in lines of at most this many characters. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
