// What requests cost and what pays for them, as a project file says it: allowances of plans, costs, pots and holds of routes.
import type { Cost, Hold } from "../policy/cost.ts";
import { type Allowance, POTS, type Pot } from "../policy/pot.ts";
import type { Note } from "./load.ts";
import type { ProjectFile } from "./schema.ts";

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
}

/** `defaults` pay where the route names no pot. */
export function compileRouteMoney(route: FileRoute, defaults: readonly Pot[]): RouteMoney {
  const { cost, pot, hold } = route;
  if (cost === undefined && pot === undefined) return {};
  return {
    cost: compileCost(cost ?? 1),
    pots: pot === undefined ? defaults : potsOf(pot),
    ...(hold !== undefined && { hold: hold === true ? {} : hold }),
  };
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
  const named = new Set(routes.flatMap(({ pot }) => (pot === undefined ? [] : potsOf(pot))));
  if (named.size > 0) return POTS.filter((pot) => named.has(pot));
  const granted = Object.values(plans).some(({ allowance }) => allowance !== undefined);
  return granted ? POTS : ["credits"];
}

/** A route that could never be paid by some account is told when the project is applied, not when the customer calls. */
export function checkMoney(file: ProjectFile, note: Note): void {
  for (const [index, route] of (file.routes ?? []).entries()) {
    const { cost, pots = [], hold } = compileRouteMoney(route, defaultPots(file));
    if (route.hold !== undefined && cost === undefined)
      note(["routes", index, "hold"], "holds nothing: the route has neither cost nor pot");
    if (cost?.kind === "fixed" && hold?.max !== undefined && hold.max < cost.units)
      note(["routes", index, "hold", "max"], "is less than what is held");
    const without = pots.includes("credits") ? undefined : planWithoutAllowance(file);
    if (pots.length > 0 && without !== undefined)
      note(
        ["routes", index, "pot"],
        `is the allowance alone, and ${without}: no request of it could be paid`,
      );
  }
}

function planWithoutAllowance({ plans = {}, defaultPlan }: ProjectFile): string | undefined {
  if (defaultPlan === undefined) return "an account without a plan has none (say defaultPlan)";
  const [name] = Object.entries(plans).find(([, { allowance }]) => allowance === undefined) ?? [];
  return name === undefined ? undefined : `the plan ${name} has none (0 and unlimited are values too)`;
}
