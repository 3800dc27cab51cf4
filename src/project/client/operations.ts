// Which methods a client has, from the routes of a project: `POST /v1/tts/generate` is the method `generate` of the group `tts`. A
// name follows from the path alone, so that a new route changes no other method; two that come out the same are refused.
import { parseMatch, type RouteMatch } from "../../policy/route.ts";
import type { Note } from "../load.ts";
import type { ProjectFile } from "../schema.ts";
import { camelCase, canBeGroup, canBeMethod, parameterName, snakeCase } from "./identifiers.ts";

/** A piece of a path: as it is sent, with its slashes, or a parameter in snake case. */
export type Piece = string | { readonly parameter: string };

export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly kind: "call" | "webSocket";
  /** As the project file has it. */
  readonly pattern: string;
  /** Snake case. */
  readonly group: string;
  /** Snake case. */
  readonly name: string;
  readonly pieces: readonly Piece[];
  /** Whether what lies below the path is reached through it. */
  readonly isOpen: boolean;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Whether the method takes a body of its own, beside the options. */
export const hasBody = ({ method, kind }: Operation): boolean =>
  kind === "call" && (method === "POST" || method === "PUT" || method === "PATCH");

type FileRoute = NonNullable<ProjectFile["routes"]>[number];

/** By group, in the order of the file. A path of nothing but versions and parameters has no methods of its own. */
export function operationsOf(file: ProjectFile, note: Note): ReadonlyMap<string, readonly Operation[]> {
  const named = new Map<string, Operation>();
  for (const [index, route] of (file.routes ?? []).entries()) {
    const found = operationsOfRoute(route);
    checkName(route, found, (message) => note(["routes", index, "name"], message));
    for (const operation of found) {
      const problem = problemOf(operation) ?? add(named, operation);
      if (problem !== undefined) note(["routes", index, "match"], problem);
    }
  }
  return Map.groupBy(named.values(), ({ group }) => group);
}

function operationsOfRoute(route: FileRoute): Operation[] {
  return [route.match].flat().flatMap((pattern) => {
    const match = parseMatch(pattern);
    const group = route.name?.split(".")[0] ?? groupOf(match);
    if (group === undefined) return [];
    return methodsOf(match, route).map((method) => {
      const kind = route.webSocket === true ? "webSocket" : "call";
      const name = route.name?.split(".")[1] ?? nameOf(match, kind === "call" ? method : "CONNECT");
      const pieces = piecesOf(match);
      return { method, kind, pattern, group, name, pieces, isOpen: match.open };
    });
  });
}

function methodsOf({ methods }: RouteMatch, { webSocket }: FileRoute): Operation["method"][] {
  if (webSocket === true) return ["GET"];
  return METHODS.filter((method) => methods === "any" || methods.includes(method));
}

/** What is before it says which interface of the API it is, and not what the path is about. */
const PREAMBLE = /^(?:api|v\d+(?:[._-]?\d+)*(?:(?:alpha|beta)\d*)?)$/i;

function groupOf({ segments }: RouteMatch): string | undefined {
  const first = subject(segments)[0];
  return first?.kind === "literal" ? snakeCase(first.text) : undefined;
}

/** The segments from the first that names something. */
function subject(segments: RouteMatch["segments"]): RouteMatch["segments"] {
  const start = segments.findIndex(
    (one) => one.kind === "literal" && one.text !== "" && !PREAMBLE.test(one.text),
  );
  return start === -1 ? [] : segments.slice(start);
}

/** The verb, the literals after the group, and the parameter if the path ends in one; an action that is posted has no verb. */
function nameOf({ segments, open }: RouteMatch, verb: string): string {
  const after = subject(segments).slice(1);
  const last = after.at(-1);
  const words = after.flatMap((one) => {
    if (one.kind === "literal") return [one.text];
    return one === last ? [one.name] : [];
  });
  const action = snakeCase(words.join(" "));
  if (verb === "POST" && !open && last?.kind === "literal" && canBeMethod(action)) return action;
  return snakeCase([verb.toLowerCase(), ...words].join(" "));
}

function piecesOf({ segments }: RouteMatch): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  for (const segment of segments) {
    if (segment.kind === "literal") text += `/${segment.text}`;
    else {
      pieces.push(`${text}/`, { parameter: parameterName(segment.name) });
      text = "";
    }
  }
  return text === "" ? pieces : [...pieces, text];
}

/** A name that says a method means one request. */
function checkName(route: FileRoute, found: readonly Operation[], tell: (message: string) => void): void {
  if (route.name?.includes(".") === true && found.length > 1)
    tell(
      `names one method, and this route is ${found.length}: name the group alone, or write an entry for each`,
    );
}

function problemOf({ group, name, pattern, pieces }: Operation): string | undefined {
  const advice = "give the route a name";
  if (!canBeGroup(group))
    return `${pattern}: ${JSON.stringify(group)} cannot be a group of the client's methods: ${advice}`;
  if (!canBeMethod(name)) return `${pattern}: ${JSON.stringify(name)} cannot be a method: ${advice}`;
  const parameters = pieces.flatMap((piece) =>
    typeof piece === "string" ? [] : [camelCase(piece.parameter)],
  );
  return new Set(parameters).size < parameters.length
    ? `${pattern}: two of its parameters have one name in the client`
    : undefined;
}

/** What else has its name, unless it is the same request once more. */
function add(named: Map<string, Operation>, operation: Operation): string | undefined {
  // TypeScript writes both as one word.
  const place = `${camelCase(operation.group)}.${camelCase(operation.name)}`;
  const twin = [...named.values()].find(({ group }) => camelCase(group) === camelCase(operation.group));
  if (twin !== undefined && twin.group !== operation.group)
    return `${operation.pattern}: the groups ${operation.group} and ${twin.group} are one word in TypeScript: name one of them otherwise`;
  const earlier = named.get(place);
  if (earlier !== undefined && !isSame(earlier, operation))
    return `${operation.pattern} is the method ${operation.group}.${operation.name}, as ${earlier.pattern} is: give one of them a name`;
  named.set(place, { ...operation, ...earlier, isOpen: operation.isOpen || earlier?.isOpen === true });
  return undefined;
}

function isSame(one: Operation, other: Operation): boolean {
  const text = ({ method, kind, pieces, group, name }: Operation) =>
    JSON.stringify([method, kind, pieces, group, name]);
  return text(one) === text(other);
}
