// Makes names for Python and TypeScript out of what an operator wrote, and knows the names that are taken; it makes no other text.
import { PYTHON_MODULES } from "./python-modules.ts";

/** In lower case: `aio-metrics`, `aioMetrics` and `aio_metrics` are two words. Empty for a text without an ASCII letter or digit. */
export function wordsOf(text: string): string[] {
  const parted = text.replaceAll(/([a-z0-9])(?=[A-Z])/g, "$1 ");
  return parted.match(/[A-Za-z0-9]+/g)?.map((word) => word.toLowerCase()) ?? [];
}

export function snakeCase(text: string): string {
  return wordsOf(text).join("_");
}

export function pascalCase(text: string): string {
  return wordsOf(text)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

export function camelCase(text: string): string {
  const name = pascalCase(text);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const PYTHON_KEYWORDS = set(`
  and as assert async await break class continue def del elif else except finally for from global if import in is lambda
  nonlocal not or pass raise return try while with yield`);

const JAVASCRIPT_WORDS = set(`
  arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`);

/** What objects have in JavaScript; one with `then` would be awaited. */
const OBJECT_MEMBERS = set(`
  constructor has_own_property is_prototype_of property_is_enumerable then to_json to_locale_string to_string value_of`);

/** What the clients of both kits have. */
const CLIENT_MEMBERS = set(`
  base_url close aclose definition delete exchange get patch post put request usage websocket`);

/** What the bodies of generated methods call their own. */
const LOCALS = set(`
  below body client files headers idempotency_key max_retries options path protocols query segment self stream timeout_seconds under`);

/** What the packages export beside the client. */
const EXPORTS = set(`
  Answer ApiClient ApiError AsyncClient AsyncStream AuthenticationError Client ClientDefinition ClientError ClientOptions
  ConfigurationError ConflictError ConnectionError Definition KeyFormat KeyTemplate Limit NotFoundError PaymentRequiredError
  PermissionError Query RateLimitError Region RequestOptions ServerError ServerSentEvent Stream StreamItems StreamKind
  TimeoutError UpgradeInit Usage WebSocketOptions`);

/** What the packages and their tests take from their language. */
const GLOBALS = set("False Headers None Response String True TypeError");

const IS_NAME = /^[a-z][a-z0-9_]*$/;

/** Whether a snake-case name can be a member of the client: a group of methods. */
export function canBeGroup(name: string): boolean {
  return canBeMethod(name) && !CLIENT_MEMBERS.has(name);
}

/** Whether a snake-case name can be a method of a group, in both languages. */
export function canBeMethod(name: string): boolean {
  return IS_NAME.test(name) && !PYTHON_KEYWORDS.has(name) && !OBJECT_MEMBERS.has(name);
}

/** A name for a parameter of a path that no word of either language stands in the way of. */
export function parameterName(name: string): string {
  const snake = snakeCase(name);
  const isTaken = PYTHON_KEYWORDS.has(snake) || JAVASCRIPT_WORDS.has(snake) || LOCALS.has(snake);
  return isTaken ? `${snake}_value` : snake;
}

/** Whether both packages can export a class of this name. */
export function canBeClass(name: string): boolean {
  return (
    /^[A-Z][A-Za-z0-9]*$/.test(name) &&
    !EXPORTS.has(name) &&
    !GLOBALS.has(name) &&
    !EXPORTS.has(`Async${name}`)
  );
}

/** Whether Python finds a package of this name, and all that it needs beside it. */
export function canBeModule(name: string): boolean {
  return IS_NAME.test(name) && !PYTHON_KEYWORDS.has(name) && !PYTHON_MODULES.has(name);
}
