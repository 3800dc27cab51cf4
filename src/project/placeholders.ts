// Finds placeholders of the dialect that could never have a value: a name that nothing fills, a limit that is not declared, a format
// that does not fit. It fills none itself.
import { PLACEHOLDER } from "../policy/dialect.ts";
import { declaredLimits } from "./limits.ts";
import type { Note } from "./load.ts";
import type { ProjectFile } from "./schema.ts";
import type { Path } from "./shape.ts";

const words = (text: string): readonly string[] => text.split(" ");

const TIME_FORMATS = words("epoch iso delta");
const LIST_FORMATS = words("list spaces");
const LISTS = words("scopes requiredScopes");

/** What is known of a valid key, and so in every answer to one. */
const USAGE = words(
  "scopes tier plan environment keyId account credits cost allowance.limit allowance.used allowance.remaining allowance.over allowance.reset",
);
/** What only a refusal knows. */
const REFUSAL = words("hint requiredScopes retryAfter");
/** What an answer knows of itself. */
const ANSWER = words("code status verdict requestId");

/** Notes every placeholder of `dialect` that stays without a value whatever happens. */
export function checkPlaceholders(file: ProjectFile, note: Note): void {
  const { headers = {}, body, answers = {} } = file.dialect ?? {};
  const ofLimits = [...declaredLimits(file)].flatMap((name) =>
    words("limit remaining reset").map((member) => `limit.${name}.${member}`),
  );
  const inHeaders = new Set([...USAGE, ...REFUSAL, ...ofLimits]);
  const inMessages = new Set([...inHeaders, ...ANSWER]);
  const inAnswers = new Set([...inMessages, "message"]);
  check(headers, ["dialect", "headers"], inHeaders, note);
  check(body, ["dialect", "body"], inAnswers, note);
  for (const [code, rule] of Object.entries(answers)) {
    const path = ["dialect", "answers", code];
    check(rule?.message, [...path, "message"], inMessages, note);
    check(rule?.body, [...path, "body"], inAnswers, note);
    check(rule?.headers, [...path, "headers"], inAnswers, note);
  }
}

/** All texts of a template; names of members are not filled. */
function check(template: unknown, path: Path, known: ReadonlySet<string>, note: Note): void {
  if (typeof template === "string") {
    for (const [, name = "", format] of template.matchAll(PLACEHOLDER)) {
      const problem = problemOf(name, format, known);
      if (problem !== undefined) note(path, problem);
    }
  } else if (template !== null && typeof template === "object") {
    const members = Array.isArray(template) ? template.entries() : Object.entries(template);
    for (const [name, member] of members) check(member, [...path, name], known, note);
  }
}

function problemOf(name: string, format: string | undefined, known: ReadonlySet<string>): string | undefined {
  if (!known.has(name)) {
    const limit = /^limit\.(.+)\.(?:limit|remaining|reset)$/.exec(name)?.[1];
    return limit === undefined
      ? `{${name}} is no placeholder that has a value here; known: ${hint(known)}`
      : `{${name}} speaks of a limit that neither the project nor a plan declares`;
  }
  if (format === undefined) return undefined;
  const formats = name.endsWith(".reset") ? TIME_FORMATS : LISTS.includes(name) ? LIST_FORMATS : [];
  if (formats.includes(format)) return undefined;
  const fitting = formats.length === 0 ? "takes no format" : `takes ${formats.join(", ")}`;
  return `{${name}:${format}}: ${name} ${fitting}`;
}

/** Limits in one word: a file may have many. */
function hint(known: ReadonlySet<string>): string {
  const plain = [...known].filter((name) => !name.startsWith("limit."));
  return [...plain, "limit.NAME.limit", "limit.NAME.remaining", "limit.NAME.reset"].join(", ");
}
