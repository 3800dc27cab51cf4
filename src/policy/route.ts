// Which route of a project a request takes: reads patterns, compiles them once, and matches in time linear in the path. It
// reads no regular expressions and never looks at a query; where two readings of a path disagree, it admits neither.
import { percentDecode, readTarget } from "./path.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export type RouteMethod = (typeof METHODS)[number];

type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string };

/** One pattern of a project file, such as `POST|PATCH /v1/voices/{voice}/**`. */
export interface RouteMatch {
  /** As written. */
  readonly pattern: string;
  readonly methods: readonly RouteMethod[] | "any";
  readonly segments: readonly Segment[];
  /** Ends in `/**`, which also admits the path before it. */
  readonly open: boolean;
}

/** A pattern or a table that cannot be meant as written; the message names what to write instead. */
export class RouteError extends Error {
  override readonly name = "RouteError";
}

/** Reads `METHOD|METHOD /path`, `* /path` or `/path` (the last two for any method). Throws RouteError. Source: CONTRACTS N5. */
export function parseMatch(text: string): RouteMatch {
  const space = text.indexOf(" ");
  const path = text.slice(space + 1);
  const fail = (problem: string) => new RouteError(`route "${text}": ${problem}`);
  const methods = space === -1 ? "any" : parseMethods(text.slice(0, space), fail);
  if (!path.startsWith("/")) throw fail("a path begins with /, and regular expressions are not read");
  const target = readTarget(path, undefined);
  if (!target.ok) throw fail(target.reason);
  if (path.includes("?")) throw fail("a query never takes part in routing");
  const open = path.endsWith("/**");
  const segments = (open ? path.slice(0, -3) : path).split("/").slice(1);
  const parsed = segments.map((segment) => parseSegment(segment, fail));
  const names = parsed.flatMap((segment) => (segment.kind === "parameter" ? [segment.name] : []));
  if (new Set(names).size < names.length) throw fail("a parameter name is used twice");
  return { pattern: text, methods, segments: parsed, open };
}

type Fail = (problem: string) => RouteError;

function parseMethods(text: string, fail: Fail): RouteMethod[] | "any" {
  if (text === "*") return "any";
  const methods = text.split("|").map((method) => {
    if (isMethod(method)) return method;
    if (method === "HEAD") throw fail("HEAD is judged as GET: write GET");
    throw fail(`"${method}" is not one of ${METHODS.join(" ")}`);
  });
  if (new Set(methods).size < methods.length) throw fail("a method is named twice");
  return methods;
}

function isMethod(method: string): method is RouteMethod {
  return (METHODS as readonly string[]).includes(method);
}

function parseSegment(segment: string, fail: Fail): Segment {
  if (segment === "**") throw fail("** stands at the end only");
  if (segment.includes("*"))
    throw fail("* does not stand in a path: write {name} for one segment, /** at the end for all below");
  if (segment.startsWith(":")) throw fail(`a parameter is written {${segment.slice(1)}}`);
  if (!/[{}]/.test(segment)) {
    // RFC 3986 also allows `( ) +` and a final `$`; a pattern with them was meant as a regular expression.
    if (/[()[\]+^|"<>`]|\$$/.test(segment)) throw fail("regular expressions are not read");
    return { kind: "literal", text: segment };
  }
  const [, name] = /^\{([a-z]\w*)\}$/i.exec(segment) ?? [];
  if (name === undefined)
    throw fail("a parameter is a whole segment: {name}, of letters, digits and _, a letter first");
  return { kind: "parameter", name };
}

interface Route<T> {
  readonly match: RouteMatch;
  readonly policy: T;
  /** The segments as look-alikes of the path are compared with them. */
  readonly folded: readonly Segment[];
}

/** All routes of one path. */
interface Place<T> {
  any?: Route<T>;
  readonly explicit: Partial<Record<RouteMethod, Route<T>>>;
}

interface TrieNode<T> {
  readonly literals: Map<string, TrieNode<T>>;
  parameter?: TrieNode<T>;
  /** Paths that end here. More than one only where paths look alike. */
  readonly exact: Place<T>[];
  /** Paths that end in `/**` here. */
  readonly below: Place<T>[];
}

export interface RouteTable<T> {
  readonly direct: TrieNode<T>;
  /** The same places under their folded paths. */
  readonly shadow: TrieNode<T>;
  readonly compare: (shadow: T, direct: T) => boolean;
}

/**
 * The most that one walk may have to visit, in nodes and places. A walk turns back where a literal led nowhere but a
 * parameter may not; tables in which that could multiply are refused, so that no path is slow (hostile C18).
 */
const MAX_VISITS = 512;

/**
 * Compiles routes for matchRoute. `compare` says whether `direct` is at least as strict as `shadow`. Throws RouteError when two
 * routes have the same path and share a method, parameters of other names included, or when a match could be slow.
 */
export function compileRoutes<T>(
  routes: readonly { readonly match: RouteMatch; readonly policy: T }[],
  compare: (shadow: T, direct: T) => boolean,
): RouteTable<T> {
  const table: RouteTable<T> = { direct: newNode(), shadow: newNode(), compare };
  for (const { match, policy } of routes) {
    const route = { match, policy, folded: foldPattern(match.segments) };
    const end = descend(table.direct, match.segments);
    const places = match.open ? end.below : end.exact;
    const place: Place<T> = places[0] ?? { explicit: {} };
    addRoute(place, route);
    if (places.length > 0) continue;
    places.push(place);
    const look = descend(table.shadow, route.folded);
    (match.open ? look.below : look.exact).push(place);
  }
  if (Math.max(mostVisits(table.direct), mostVisits(table.shadow)) > MAX_VISITS) {
    throw new RouteError(
      "too many routes mix literals and parameters in the same positions, or differ in letter case only",
    );
  }
  return table;
}

function newNode<T>(): TrieNode<T> {
  return { literals: new Map(), exact: [], below: [] };
}

function descend<T>(root: TrieNode<T>, segments: readonly Segment[]): TrieNode<T> {
  let node = root;
  for (const segment of segments) {
    let child = segment.kind === "literal" ? node.literals.get(segment.text) : node.parameter;
    if (child === undefined) {
      child = newNode<T>();
      if (segment.kind === "literal") node.literals.set(segment.text, child);
      else node.parameter = child;
    }
    node = child;
  }
  return node;
}

function addRoute<T>(place: Place<T>, route: Route<T>): void {
  const { methods } = route.match;
  const taken = methods === "any" ? place.any : methods.map((method) => place.explicit[method]).find(Boolean);
  if (taken !== undefined) {
    throw new RouteError(
      `routes "${taken.match.pattern}" and "${route.match.pattern}" claim the same method of the same path`,
    );
  }
  if (methods === "any") place.any = route;
  else for (const method of methods) place.explicit[method] = route;
}

function mostVisits<T>(node: TrieNode<T>): number {
  let literal = 0;
  for (const child of node.literals.values()) literal = Math.max(literal, mostVisits(child));
  const parameter = node.parameter === undefined ? 0 : mostVisits(node.parameter);
  return 1 + node.exact.length + node.below.length + literal + parameter;
}

export interface RouteFound<T> {
  readonly policy: T;
  /** Percent-decoded. */
  readonly parameters: Record<string, string>;
  readonly pattern: string;
}

/**
 * The most specific route that admits the method, compared segment by segment: literal, then parameter, then `/**`; a named
 * method before any method. HEAD counts as GET (hostile C14) and other methods match nothing (C17). `undefined`, which the
 * caller answers with 403, when there is none or when a look-alike of the path is guarded better (C11). Expects a path that
 * readTarget accepted and never throws.
 */
export function matchRoute<T>(table: RouteTable<T>, method: string, path: string): RouteFound<T> | undefined {
  const judged = method === "HEAD" ? "GET" : method;
  if (!isMethod(judged) || !path.startsWith("/")) return undefined;
  const segments = path.slice(1).split("/");
  const [route] = search(table.direct, segments, 0, judged);
  if (route === undefined) return undefined;
  const decoded = percentDecode(path);
  if (decoded === undefined || isGuardedBetter(table, judged, decoded, route)) return undefined;
  const parameters = route.match.segments.flatMap((segment, index) =>
    segment.kind === "parameter" ? [[segment.name, percentDecode(segments[index] ?? "") ?? ""] as const] : [],
  );
  return { policy: route.policy, parameters: Object.fromEntries(parameters), pattern: route.match.pattern };
}

/** The routes of the most specific node that admits the method: one in the direct trie, perhaps several in the shadow. */
function search<T>(
  node: TrieNode<T>,
  segments: readonly string[],
  index: number,
  method: RouteMethod,
): Route<T>[] {
  const segment = segments[index];
  let found: Route<T>[] = [];
  if (segment === undefined) found = admitting(node.exact, method);
  else {
    const literal = node.literals.get(segment);
    if (literal !== undefined) found = search(literal, segments, index + 1, method);
    if (found.length === 0 && node.parameter !== undefined && segment !== "") {
      found = search(node.parameter, segments, index + 1, method);
    }
  }
  return found.length > 0 ? found : admitting(node.below, method);
}

function admitting<T>(places: readonly Place<T>[], method: RouteMethod): Route<T>[] {
  return places.flatMap((place) => place.explicit[method] ?? place.any ?? []);
}

function isGuardedBetter<T>(
  table: RouteTable<T>,
  method: RouteMethod,
  decoded: string,
  direct: Route<T>,
): boolean {
  const better = (shadow: Route<T>) => shadow !== direct && !table.compare(shadow.policy, direct.policy);
  const whole = foldPath(decoded);
  if (search(table.shadow, whole, 0, method).some(better)) return true;
  // A route that also admits the uncut path already lost to a more specific one there: `/**` does not shut `/openapi.json`.
  return cutExtensions(whole).some((cut) =>
    search(table.shadow, cut, 0, method).some((shadow) => better(shadow) && !admits(shadow, whole)),
  );
}

/** For a route that was found at a cut of `segments`: there are as many of them, so only what they hold can differ. */
function admits<T>(route: Route<T>, segments: readonly string[]): boolean {
  return route.folded.every(
    (wanted, index) => wanted.kind === "parameter" || wanted.text === segments[index],
  );
}

/** What a lenient router or file system makes of a path: case, compatibility forms, final dots, spaces and slashes ignored. */
function foldPath(decoded: string): string[] {
  const folded = decoded.normalize("NFKC").toUpperCase().toLowerCase();
  return folded
    .split("/")
    .map(trimEnd)
    .filter((segment) => segment !== "");
}

function foldPattern(segments: readonly Segment[]): Segment[] {
  return segments.flatMap((segment): Segment[] =>
    segment.kind === "parameter"
      ? [segment]
      : foldPath(percentDecode(segment.text) ?? segment.text).map((text) => ({ kind: "literal", text })),
  );
}

/** `a.tar.gz` as `a` and as `a.tar`; a name that begins with a dot has no extension there. */
function cutExtensions(segments: readonly string[]): string[][] {
  const last = segments.at(-1) ?? "";
  const dots = [last.indexOf("."), last.lastIndexOf(".")];
  const names = new Set(dots.map((dot) => trimEnd(last.slice(0, Math.max(dot, 0)))));
  return [...names].filter((name) => name !== "").map((name) => [...segments.slice(0, -1), name]);
}

/** By hand, because `/[ .]+$/` takes quadratic time on a run that does not end the text. */
function trimEnd(segment: string): string {
  let end = segment.length;
  while (end > 0 && (segment[end - 1] === "." || segment[end - 1] === " ")) end -= 1;
  return segment.slice(0, end);
}
