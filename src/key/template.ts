/** Reads the text of a key format template into pieces; knows nothing of environments, checksums or keys. */

export type TemplatePiece =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "env" }
  | { readonly kind: "id" | "secret"; readonly length: number };

/** Told in words what is wrong; throws. */
export type Fail = (problem: string) => never;

const ID_LENGTH = { min: 6, max: 32 };

/** Fewer would collide with ordinary words in a secret scanner and say nothing of whose key it is. */
const MIN_LITERAL_PREFIX_LENGTH = 2;

/**
 * The pieces of a template such as `acme_{env}_{id:8}_{secret:32}`, in order: at most one `{env}`, at most
 * one `{id:N}`, exactly one `{secret:N}` and that last. Anything else goes to `fail`.
 */
export function readTemplate(template: string, fail: Fail): TemplatePiece[] {
  const pieces = (template.match(/\{[^{}]*\}|[^{}]+|[{}]/g) ?? []).map((part) => readPiece(part, fail));
  for (const kind of ["env", "id", "secret"] as const) {
    if (pieces.filter((piece) => piece.kind === kind).length > 1) fail(`{${kind}} may stand only once`);
  }
  if (!pieces.some((piece) => piece.kind === "secret")) fail("{secret:N} is missing");
  if (pieces.at(-1)?.kind !== "secret") fail("{secret:N} must be the last part");
  const [first] = pieces;
  if (first?.kind !== "literal" || first.text.length < MIN_LITERAL_PREFIX_LENGTH) {
    fail(`it must begin with at least ${MIN_LITERAL_PREFIX_LENGTH} literal characters`);
  }
  return pieces;
}

function readPiece(part: string, fail: Fail): TemplatePiece {
  if (part === "{" || part === "}") return fail(`a "${part}" stands alone`);
  if (part.startsWith("{")) return readPlaceholder(part, fail);
  // What a header, a shell variable and a URL all carry unquoted: RFC 3986 section 2.3, unreserved.
  const illegal = part.match(/[^A-Za-z0-9_.~-]/u);
  if (illegal)
    fail(`illegal literal character ${JSON.stringify(illegal[0])}; allowed are A-Z a-z 0-9 _ - . ~`);
  return { kind: "literal", text: part };
}

function readPlaceholder(part: string, fail: Fail): TemplatePiece {
  const [, name, digits] = part.match(/^\{(env|id|secret)(?::([0-9]+))?\}$/) ?? [];
  if (name === undefined) return fail(`unknown placeholder ${part}; known are {env} {id:N} {secret:N}`);
  if (name === "env") return digits === undefined ? { kind: "env" } : fail("{env} takes no length");
  if (digits === undefined) return fail(`{${name}} needs a length, such as {${name}:32}`);
  const length = Number(digits);
  if (name === "secret") return { kind: "secret", length };
  if (length < ID_LENGTH.min || length > ID_LENGTH.max) {
    fail(`{id:${length}} is out of range; an id has ${ID_LENGTH.min} to ${ID_LENGTH.max} characters`);
  }
  return { kind: "id", length };
}
