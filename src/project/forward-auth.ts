// Which routes a proxy can ask for: it shows neither the body nor the end of the answer, so what needs them has to be declared.
import type { ForwardAuthPolicy } from "../policy/judge.ts";
import { declaredLimits } from "./limits.ts";
import type { Note } from "./load.ts";
import { compileRouteMoney } from "./money.ts";
import type { ProjectFile } from "./schema.ts";

type FileRoute = NonNullable<ProjectFile["routes"]>[number];

export function compileForwardAuth({ forwardAuth }: FileRoute): { forwardAuth?: ForwardAuthPolicy | false } {
  if (forwardAuth === undefined || forwardAuth === false)
    return forwardAuth === undefined ? {} : { forwardAuth };
  const { cost, concurrencySeconds } = forwardAuth;
  return {
    forwardAuth: {
      ...(cost !== undefined && { cost }),
      ...(concurrencySeconds !== undefined && { concurrencyMs: concurrencySeconds * 1000 }),
    },
  };
}

/** With `network.forwardAuth` every route fits, says how it is judged there, or says that it is not. */
export function checkForwardAuth(file: ProjectFile, note: Note): void {
  const routes = file.routes ?? [];
  for (const [index, route] of routes.entries()) checkDeclared(file, route, index, note);
  if (file.network?.forwardAuth !== true) return;
  for (const [index, route] of routes.entries()) {
    if (route.forwardAuth === false) continue;
    const reasons = [wantsCost(route), wantsEnd(file, route)].filter((reason) => reason !== undefined);
    for (const reason of reasons) note(["routes", index], `${reason}, or forwardAuth: false`);
  }
  const [place] = file.routes === undefined ? placesOf(file, undefined) : [];
  if (place !== undefined)
    note(
      ["network", "forwardAuth"],
      `does not see when a request ends, which the limit ${place} needs: declare routes`,
    );
}

/** Why the cost cannot be told from what a proxy shows, and what to write. */
function wantsCost(route: FileRoute): string | undefined {
  const { cost, hold, messages } = compileRouteMoney(route, []);
  if (messages !== undefined)
    return "is paid by the message, and a proxy that asks passes messages on itself: say cost in place of messages";
  if (typeof route.forwardAuth === "object" && route.forwardAuth.cost !== undefined) return undefined;
  if (cost !== undefined && cost.kind !== "fixed")
    return "takes its cost from the body, which a proxy that asks does not show: say forwardAuth: { cost: … }";
  return hold === undefined
    ? undefined
    : "waits for the upstream's answer to settle its cost, which a proxy that asks does not show: say forwardAuth: { cost: … }";
}

function wantsEnd(file: ProjectFile, route: FileRoute): string | undefined {
  const [place] = placesOf(file, route.limits);
  if (place === undefined) return undefined;
  if (typeof route.forwardAuth === "object" && route.forwardAuth.concurrencySeconds !== undefined)
    return undefined;
  return `counts under the limit ${place} until its answer ends, which a proxy that asks does not show: say forwardAuth: { concurrencySeconds: … }`;
}

/** Names of the concurrency limits, of the project or of a plan, that hold where these are named; all of them where none is. */
function placesOf(file: ProjectFile, named: readonly string[] | undefined): string[] {
  const isPlace = (name: string): boolean =>
    [file, ...Object.values(file.plans ?? {})].some(({ limits = {} }) => {
      const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
      return limit !== undefined && "concurrency" in limit;
    });
  return [...declaredLimits(file)].filter((name) => (named?.includes(name) ?? true) && isPlace(name));
}

/** What is said in vain was meant to say something else. */
function checkDeclared(file: ProjectFile, route: FileRoute, index: number, note: Note): void {
  if (typeof route.forwardAuth !== "object") return;
  const { cost, concurrencySeconds } = route.forwardAuth;
  if (cost !== undefined && compileRouteMoney(route, []).cost === undefined)
    note(
      ["routes", index, "forwardAuth", "cost"],
      "costs nothing elsewhere: the route has neither cost nor pot",
    );
  if (concurrencySeconds !== undefined && placesOf(file, route.limits).length === 0)
    note(
      ["routes", index, "forwardAuth", "concurrencySeconds"],
      "no limit that holds here is of concurrency",
    );
}
