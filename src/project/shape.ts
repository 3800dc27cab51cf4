// Tells in words where a value has not the shape of the schema; it checks nothing itself and knows no line of any text.

/** A place in a value: member names and array indexes. */
export type Path = readonly (string | number)[];

export interface ShapeProblem {
  readonly path: Path;
  readonly message: string;
}

/** As the validator tells it. `schemaPath` and `instancePath` are JSON pointers (RFC 6901), the first with a leading `#`. */
export interface ShapeError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** The members of a JSON Schema that are told in words. */
interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: object;
  readonly patternErrorMessage?: string;
}

/** One sentence per mistake, in the validator's order. */
export function shapeProblems(
  schema: object,
  value: unknown,
  errors: readonly ShapeError[],
): readonly ShapeProblem[] {
  const speaking = errors.filter(speakingErrors(errors));
  const problems = speaking.flatMap((error) => describe(error, schema, value));
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => {
    const id = `${path.join("/")} ${message}`;
    return !seen.has(id) && seen.add(id) !== undefined;
  });
}

/**
 * Of a union's branches only those speak that the value was meant as: the ones whose type or constant it has. The union itself
 * speaks where there is none.
 */
function speakingErrors(errors: readonly ShapeError[]): (error: ShapeError) => boolean {
  const unions = errors.filter(({ keyword }) => keyword === "anyOf");
  const missed = new Set(
    errors.filter(({ keyword }) => keyword === "type" || keyword === "const").map(placeOf),
  );
  const branchesAround = ({ schemaPath, instancePath }: ShapeError) =>
    unions.flatMap((union) => {
      const isInside =
        schemaPath.startsWith(`${union.schemaPath}/anyOf/`) &&
        `${instancePath}/`.startsWith(`${union.instancePath}/`);
      const branch = isInside ? schemaPath.slice(union.schemaPath.length).split("/")[2] : undefined;
      return branch === undefined ? [] : [{ ...union, schemaPath: `${union.schemaPath}/anyOf/${branch}` }];
    });
  const isMeant = (error: ShapeError) =>
    branchesAround(error).every((branch) => !missed.has(placeOf(branch)));
  const meantUnions = new Set(
    errors.filter(isMeant).flatMap((error) => {
      return branchesAround(error).map(({ schemaPath, instancePath }) =>
        placeOf({ schemaPath: schemaPath.replace(/\/anyOf\/\d+$/, ""), instancePath }),
      );
    }),
  );
  return (error) => isMeant(error) && !(error.keyword === "anyOf" && meantUnions.has(placeOf(error)));
}

function placeOf({ instancePath, schemaPath }: Pick<ShapeError, "instancePath" | "schemaPath">): string {
  return `${instancePath}\n${schemaPath}`;
}

function describe(error: ShapeError, schema: object, value: unknown): ShapeProblem[] {
  const path = pathOf(value, error.instancePath);
  const node = at(schema, pointerParts(error.schemaPath)) as SchemaNode | undefined;
  const params = error.params as {
    additionalProperties?: readonly string[];
    requiredProperties?: readonly string[];
  };
  switch (error.keyword) {
    case "additionalProperties": {
      const known = Object.keys(node?.properties ?? {}).join(", ");
      return (params.additionalProperties ?? []).map((name) => ({
        path: [...path, name],
        message: `unknown field; known here: ${known}`,
      }));
    }
    case "required":
      return (params.requiredProperties ?? []).map((name) => ({
        path: [...path, name],
        message: "is missing",
      }));
    // The member that is not known, and the name that does not fit, speak for themselves.
    case "boolean":
    case "propertyNames":
      return [];
    case "pattern": {
      const words = node?.patternErrorMessage ?? error.message;
      return [{ path, message: error.schemaPath.endsWith("/propertyNames") ? `the name ${words}` : words }];
    }
    case "type":
    case "const":
    case "anyOf":
      return [{ path, message: `must be ${wanted(node)}${instead(node, at(value, path))}` }];
    default:
      return [{ path, message: error.message }];
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  object: "a group of fields",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
};

function wanted(node: SchemaNode | undefined): string {
  if (node?.anyOf !== undefined) return node.anyOf.map(wanted).join(" or ");
  if (node?.const !== undefined) return JSON.stringify(node.const);
  return TYPE_WORDS[node?.type ?? ""] ?? "something else";
}

/** What stands there. Text is not repeated: somebody may have pasted a key into the wrong field. */
function instead(node: SchemaNode | undefined, value: unknown): string {
  if (value === null || value === undefined) return ", and is empty";
  if (typeof value === "object") return Array.isArray(value) ? ", not a list" : ", not a group of fields";
  const words = wanted(node);
  if (typeof value === "string") return words.includes('"') ? "" : ", not text";
  return `, not the value ${String(value)}${words.startsWith("text") ? ": put it in quotes" : ""}`;
}

function pointerParts(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A part is an index where the value has a list there: `5` may also be the name of a scope. */
function pathOf(value: unknown, pointer: string): Path {
  const path: (string | number)[] = [];
  for (const part of pointerParts(pointer)) path.push(Array.isArray(at(value, path)) ? Number(part) : part);
  return path;
}

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    if (found === null || typeof found !== "object" || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string | number, unknown>)[part];
  }
  return found;
}
