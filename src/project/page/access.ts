// The sections about what a key may do: scopes, tiers, plans and endpoints.
import { parseMatch } from "../../policy/route.ts";
import { closeScopes, type ScopeDefinition } from "../../policy/scope.ts";
import type { Plan } from "../access.ts";
import type { Project } from "../compile.ts";
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

export function planSection({ plans, defaultPlan }: Project): string | undefined {
  if (plans.size === 0) return undefined;
  const rows = [...plans].map(([id, plan]) => [
    prose(plan.title),
    code(id),
    priceWords(plan),
    plan.features === "all" ? "all" : codeList(plan.features),
  ]);
  return section(
    "Plans",
    `An account is on one plan, which counts for all of its keys.${defaultPlan === undefined ? "" : ` Unless another was chosen it is ${code(defaultPlan)}.`}`,
    table(["Plan", "Id", "Price", "Features"], rows),
  );
}

/** Such as `$10 a month`. */
export function priceWords({ price }: Plan): string {
  if (price === undefined) return "";
  const amount = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: price.currency,
    trailingZeroDisplay: "stripIfInteger",
  }).format(price.amount);
  return prose(`${amount} a ${price.per}`);
}

export function routeSection(project: Project): string | undefined {
  const { routes = undefined, scopes } = project.file;
  if (routes === undefined) {
    return section("Endpoints", "A valid key may be used on every method and path.");
  }
  const rows = routes.flatMap(({ match, scopes: needed = [], feature, ownAccount }) =>
    [match].flat().map((pattern) => {
      const { methods } = parseMatch(pattern);
      return [
        methods === "any" ? "any" : methods.join(", "),
        code(pattern.slice(pattern.indexOf("/"))),
        codeList(needed),
        feature === undefined ? "" : code(feature),
        ownAccount === undefined ? "" : `${code(`{${ownAccount}}`)} must be the key's own account`,
      ];
    }),
  );
  return section(
    "Endpoints",
    `A key may be used on these and on nothing else. ${code("/**")} stands for the path before it and all below it, and ${code("{name}")} for one part of a path. Where several fit, the most specific one counts; HEAD is treated as GET.${scopes === undefined ? "" : " All scopes named are needed."}`,
    table(["Method", "Path", "Scopes", "Feature", "Account"], rows),
  );
}
