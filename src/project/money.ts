// What requests cost and what pays for them, as a project file says it: allowances of plans, costs, pots and holds of routes.
import type { Cost, Hold } from "../policy/cost.ts";
import type { MessagePolicy } from "../policy/judge.ts";
import { type Allowance, POTS, type Pot } from "../policy/pot.ts";
import type { Note } from "./load.ts";
import type { ProjectFile } from "./schema.ts";
import type { Path } from "./shape.ts";

type FilePlan = NonNullable<ProjectFile["plans"]>[string];
type FileRoute = NonNullable<ProjectFile["routes"]>[number];

export function compileAllowance({ allowance }: Pick<FilePlan, "allowance">): Allowance | undefined {
  if (allowance === undefined) return undefined;
  const { units, overage, resetsOn = 1 } = typeof allowance === "object" ? allowance : { units: allowance };
  return {
    limit: units === "unlimited" ? null : units,
    overage: overage === undefined ? 0 : (overage.upTo ?? null),
    resetsOn,
  };
}

export interface RouteMoney {
  readonly cost?: Cost;
  readonly pots?: readonly Pot[];
  readonly hold?: Hold;
  readonly messages?: MessagePolicy;
}

/** `defaults` pay where the route names no pot. */
export function compileRouteMoney(route: FileRoute, defaults: readonly Pot[]): RouteMoney {
  const { cost, pot, hold, messages } = route;
  const pots = pot === undefined ? defaults : potsOf(pot);
  const ofMessages = messages && { messages: compileMessages(messages, pots) };
  // Beside messages a pot alone is theirs, and the upgrade costs nothing.
  if (cost === undefined && (pot === undefined || messages !== undefined)) return { ...ofMessages };
  return {
    cost: compileCost(cost ?? 1),
    pots,
    ...(hold !== undefined && { hold: hold === true ? {} : hold }),
    ...ofMessages,
  };
}

function compileMessages(
  { cost = 1, pot }: NonNullable<FileRoute["messages"]>,
  pots: readonly Pot[],
): MessagePolicy {
  return { cost: compileCost(cost), pots: pot === undefined ? pots : potsOf(pot) };
}

function compileCost(cost: NonNullable<FileRoute["cost"]>): Cost {
  if (typeof cost === "number") return { kind: "fixed", units: cost };
  if ("characters" in cost) return { kind: "characters", field: cost.characters.split(".") };
  if ("value" in cost) return { kind: "value", field: cost.value.split("."), minimum: cost.minimum ?? 0 };
  return { kind: "bytes" };
}

function potsOf(pot: NonNullable<FileRoute["pot"]>): readonly Pot[] {
  return typeof pot === "string" ? [pot] : pot;
}

/**
 * What pays a cost that comes without a pot: all that the routes draw on; where none names a pot, the allowance if a plan has
 * one, and then credits.
 */
export function defaultPots({ routes = [], plans = {} }: ProjectFile): readonly Pot[] {
  const named = new Set(
    routes
      .flatMap(({ pot, messages }) => [pot, messages?.pot])
      .flatMap((pot) => (pot === undefined ? [] : potsOf(pot))),
  );
  if (named.size > 0) return POTS.filter((pot) => named.has(pot));
  const granted = Object.values(plans).some(({ allowance }) => allowance !== undefined);
  return granted ? POTS : ["credits"];
}

/** A route that could never be paid by some account is told when the project is applied, not when the customer calls. */
export function checkMoney(file: ProjectFile, note: Note): void {
  for (const [index, route] of (file.routes ?? []).entries()) {
    const { cost, pots = [], hold, messages } = compileRouteMoney(route, defaultPots(file));
    if (route.hold !== undefined && cost === undefined)
      note(["routes", index, "hold"], "holds nothing: the route has neither cost nor pot");
    if (cost?.kind === "fixed" && hold?.max !== undefined && hold.max < cost.units)
      note(["routes", index, "hold", "max"], "is less than what is held");
    checkPots(file, pots, ["routes", index, "pot"], note);
    if (messages === undefined) continue;
    checkPots(file, messages.pots, ["routes", index, "messages"], note);
    if (![route.match].flat().some(admitsGet))
      note(["routes", index, "messages"], "are of a WebSocket, whose request is a GET: no pattern admits it");
    if (cost !== undefined && cost.kind !== "fixed")
      note(["routes", index, "cost"], "is measured from a body, and a WebSocket's request has none");
  }
}

function checkPots(file: ProjectFile, pots: readonly Pot[], path: Path, note: Note): void {
  const without = pots.includes("credits") ? undefined : planWithoutAllowance(file);
  if (pots.length > 0 && without !== undefined)
    note(path, `is the allowance alone, and ${without}: no request of it could be paid`);
}

/** A pattern that cannot be read is told elsewhere. */
function admitsGet(pattern: string): boolean {
  const methods = pattern.slice(0, Math.max(0, pattern.indexOf(" "))).split("|");
  return methods.some((method) => ["", "*", "GET"].includes(method));
}

function planWithoutAllowance({ plans = {}, defaultPlan }: ProjectFile): string | undefined {
  if (defaultPlan === undefined) return "an account without a plan has none (say defaultPlan)";
  const [name] = Object.entries(plans).find(([, { allowance }]) => allowance === undefined) ?? [];
  return name === undefined ? undefined : `the plan ${name} has none (0 and unlimited are values too)`;
}
