// The part of a project file that says who may do what: scopes, tiers, plans and routes, with their references checked.
import { isAtLeastAsStrict, type RoutePolicy } from "../policy/judge.ts";
import type { Allowance, Pot } from "../policy/pot.ts";
import { compileRoutes, parseMatch, RouteError, type RouteMatch, type RouteTable } from "../policy/route.ts";
import type { ScopeCatalogue, ScopeDefinition } from "../policy/scope.ts";
import { checkForwardAuth, compileForwardAuth } from "./forward-auth.ts";
import { checkRouteLimits, compileLimits, type Limits } from "./limits.ts";
import type { Note } from "./load.ts";
import { checkMoney, compileAllowance, compileRouteMoney, defaultPots } from "./money.ts";
import type { ProjectFile } from "./schema.ts";

export interface Tier {
  readonly title: string;
  readonly scopes: readonly string[];
}

export interface Plan {
  readonly title: string;
  readonly features: ReadonlySet<string> | "all";
  /** The project's, with the plan's own in their place. */
  readonly limits: Limits;
  readonly allowance?: Allowance;
  readonly price?: { readonly amount: number; readonly currency: string; readonly per: string };
}

export interface Access {
  /** Of an account without a plan. */
  readonly limits: Limits;
  readonly scopes: ScopeCatalogue;
  readonly defaultScopes: readonly string[] | undefined;
  readonly tiers: ReadonlyMap<string, Tier>;
  readonly plans: ReadonlyMap<string, Plan>;
  readonly defaultPlan: string | undefined;
  readonly routes: RouteTable<RoutePolicy> | undefined;
  /** What pays a cost that comes without a pot. */
  readonly pots: readonly Pot[];
  /** Whether anything of the project is paid for: a route has a cost or a plan an allowance. */
  readonly isMetered: boolean;
}

export function compileAccess(file: ProjectFile, note: Note): Access {
  const scopes = compileScopes(file, note);
  const known = (names: readonly string[], path: readonly (string | number)[]) => {
    for (const [index, name] of names.entries()) {
      if (!scopes.has(name))
        note([...path, index], `scope ${JSON.stringify(name)} is not declared under scopes`);
    }
  };
  known(file.keys?.defaultScopes ?? [], ["keys", "defaultScopes"]);
  const limits = compileLimits(file.limits);
  const plans = compilePlans(file, limits);
  checkRouteLimits(file, note);
  checkMoney(file, note);
  checkForwardAuth(file, note);
  if (file.defaultPlan !== undefined && !plans.has(file.defaultPlan)) {
    note(["defaultPlan"], `plan ${JSON.stringify(file.defaultPlan)} is not declared under plans`);
  }
  return {
    scopes,
    limits,
    defaultScopes: file.keys?.defaultScopes,
    tiers: compileTiers(file, known),
    plans,
    defaultPlan: file.defaultPlan,
    routes: file.routes === undefined ? undefined : compileRouteTable(file, known, note),
    pots: defaultPots(file),
    isMetered: isMetered(file),
  };
}

function isMetered({ routes = [], plans = {} }: ProjectFile): boolean {
  return (
    routes.some(({ cost, pot, messages }) => (cost ?? pot ?? messages) !== undefined) ||
    Object.values(plans).some(({ allowance }) => allowance !== undefined)
  );
}

type CheckKnown = (names: readonly string[], path: readonly (string | number)[]) => void;

function compileScopes(file: ProjectFile, note: Note): ScopeCatalogue {
  const scopes = new Map<string, ScopeDefinition>();
  for (const [name, entry] of Object.entries(file.scopes ?? {})) {
    const {
      description = name,
      implies = [],
      standsForAll,
    } = typeof entry === "string" ? { description: entry } : entry;
    scopes.set(name, {
      name,
      description,
      implies,
      ...(standsForAll !== undefined && { stands: standsForAll }),
    });
  }
  for (const { name, implies } of scopes.values()) {
    for (const [index, implied] of implies.entries()) {
      if (!scopes.has(implied))
        note(["scopes", name, "implies", index], `scope ${JSON.stringify(implied)} is not declared`);
    }
  }
  return scopes;
}

function compileTiers(file: ProjectFile, known: CheckKnown): Map<string, Tier> {
  const tiers = new Map<string, Tier>();
  for (const [name, { title = name, scopes }] of Object.entries(file.tiers ?? {})) {
    known(scopes, ["tiers", name, "scopes"]);
    tiers.set(name, { title, scopes });
  }
  return tiers;
}

function compilePlans(file: ProjectFile, inherited: Limits): Map<string, Plan> {
  const plans = new Map<string, Plan>();
  for (const [name, plan] of Object.entries(file.plans ?? {})) {
    const { title = name, features = "all", limits, price } = plan;
    const allowance = compileAllowance(plan);
    plans.set(name, {
      title,
      features: features === "all" ? "all" : new Set(features),
      limits: compileLimits(limits, inherited),
      ...(allowance && { allowance }),
      ...(price && {
        price: { amount: price.amount, currency: price.currency ?? "USD", per: price.per ?? "month" },
      }),
    });
  }
  return plans;
}

type FileRoute = NonNullable<ProjectFile["routes"]>[number];

interface CompiledRoute {
  /** Of the entry under `routes`. */
  readonly index: number;
  readonly match: RouteMatch;
  readonly policy: RoutePolicy;
}

function compileRouteTable(
  file: ProjectFile,
  known: CheckKnown,
  note: Note,
): RouteTable<RoutePolicy> | undefined {
  const compiled: CompiledRoute[] = [];
  const pots = defaultPots(file);
  for (const [index, route] of (file.routes ?? []).entries()) {
    known(route.scopes ?? [], ["routes", index, "scopes"]);
    compiled.push(...compileRoute(route, index, pots, note));
  }
  try {
    return compileRoutes(compiled, isAtLeastAsStrict);
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    note(["routes", firstUnfitting(compiled)], error.message);
    return undefined;
  }
}

/** The entry that the table cannot take beside those before it. A table that is refused stays refused when routes are added. */
function firstUnfitting(compiled: readonly CompiledRoute[]): number {
  let fitting = 0;
  let refused = compiled.length;
  while (refused - fitting > 1) {
    const middle = Math.floor((fitting + refused) / 2);
    if (fits(compiled.slice(0, middle))) fitting = middle;
    else refused = middle;
  }
  return compiled[refused - 1]?.index ?? 0;
}

function fits(routes: readonly CompiledRoute[]): boolean {
  try {
    compileRoutes(routes, isAtLeastAsStrict);
    return true;
  } catch {
    return false;
  }
}

function compileRoute(route: FileRoute, index: number, pots: readonly Pot[], note: Note): CompiledRoute[] {
  const { scopes = [], feature, ownAccount, limits, weight } = route;
  const compiled: CompiledRoute[] = [];
  for (const pattern of typeof route.match === "string" ? [route.match] : route.match) {
    try {
      const match = parseMatch(pattern);
      if (ownAccount !== undefined && !pattern.includes(`{${ownAccount}}`)) {
        note(["routes", index, "ownAccount"], `${pattern} has no parameter {${ownAccount}}`);
      }
      const policy = {
        pattern,
        scopes,
        ...(feature !== undefined && { feature }),
        ...(ownAccount !== undefined && { accountParameter: ownAccount }),
        ...(limits !== undefined && { limits: new Set(limits) }),
        ...(weight !== undefined && { weight }),
        ...compileRouteMoney(route, pots),
        ...compileForwardAuth(route),
      };
      compiled.push({ index, match, policy });
    } catch (error) {
      if (!(error instanceof RouteError)) throw error;
      note(["routes", index, "match"], error.message);
    }
  }
  return compiled;
}
