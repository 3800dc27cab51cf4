// The sections about what a key may do and an account has: scopes, tiers and plans.
import { closeScopes, type ScopeDefinition } from "../../policy/scope.ts";
import type { Plan } from "../access.ts";
import type { Project } from "../compile.ts";
import { allowanceWords, money, overageWords, periodWords } from "./costs.ts";
import { code, codeList, prose, section, table } from "./markdown.ts";

export function scopeSection(project: Project): string | undefined {
  const { scopes } = project;
  if (scopes.size === 0) {
    return section("Scopes", "There are none: a key has full access to its own account's resources.");
  }
  const groups = Map.groupBy(scopes.values(), ({ name }) => groupOf(project, name));
  const rows = [...groups].flatMap(([group, members]) =>
    members.map((scope) => [code(scope.name), prose(group), prose(scope.description), reach(project, scope)]),
  );
  return section(
    "Scopes",
    `${withoutScopes(project)} A scope includes another only where this table says so, and a scope or inclusion that is added later does not reach a key made before${standsForFuture(project)}.`,
    table(["Scope", "Product", "Allows", "Includes"], rows),
  );
}

function groupOf({ file }: Project, name: string): string {
  const entry = file.scopes?.[name];
  return typeof entry === "object" ? (entry.group ?? "") : "";
}

function reach({ scopes }: Project, { name, stands }: ScopeDefinition): string {
  if (stands === "future") return "every scope, those added later too";
  if (stands === "frozen") return "every scope that there was when the key was made";
  return codeList([...closeScopes(scopes, [name])].filter((reached) => reached !== name));
}

/** What the key room's callers do when a key is made without naming scopes: the first tier, else the default, else a refusal. */
function withoutScopes({ tiers, defaultScopes }: Project): string {
  const [tier] = tiers.keys();
  const every = "A key has the scopes it was made with.";
  if (tier !== undefined) return `${every} One made without naming any gets those of the tier ${code(tier)}.`;
  if (defaultScopes === undefined) return `${every} They must be named when it is made.`;
  const names = defaultScopes.length === 0 ? "none" : codeList(defaultScopes);
  return `${every} One made without naming any gets ${names}.`;
}

function standsForFuture({ scopes }: Project): string {
  const names = [...scopes.values()].filter(({ stands }) => stands === "future").map(({ name }) => name);
  return names.length === 0 ? "" : `, unless it has ${codeList(names)}`;
}

export function tierSection({ tiers }: Project): string | undefined {
  if (tiers.size === 0) return undefined;
  const rows = [...tiers].map(([id, { title, scopes }]) => [prose(title), code(id), codeList(scopes)]);
  return section("Tiers", "A tier is a set of scopes with a name.", table(["Tier", "Id", "Scopes"], rows));
}

export function planSection(project: Project): string | undefined {
  const { plans, defaultPlan } = project;
  if (plans.size === 0) return undefined;
  const rows = [...plans].map(([id, plan]) => [
    prose(plan.title),
    code(id),
    priceWords(plan),
    allowanceWords(project, plan),
    overageWords(project, id, plan),
    plan.features === "all" ? "all" : codeList(plan.features),
  ]);
  return section(
    "Plans",
    `An account is on one plan, which counts for all of its keys.${defaultPlan === undefined ? "" : ` Unless another was chosen it is ${code(defaultPlan)}.`}`,
    table(["Plan", "Id", "Price", "Allowance", "Overage", "Features"], rows),
    periodWords(project),
  );
}

/** Such as `$10 a month`. */
export function priceWords({ price }: Plan): string {
  return price === undefined ? "" : prose(`${money(price.amount, price.currency)} a ${price.per}`);
}
