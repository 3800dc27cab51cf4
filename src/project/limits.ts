// The limits of a project file: those of the project with a plan's in their place, and which of them a route asks for.
import type { Limit } from "../policy/limit.ts";
import type { Note } from "./load.ts";
import type { ProjectFile } from "./schema.ts";

export type Limits = ReadonlyMap<string, Limit>;

type FileLimits = NonNullable<ProjectFile["limits"]>;

/** Seconds that a refused request is told to wait where nothing is known about how long others will run. */
const DEFAULT_RETRY_AFTER_SECONDS = 1;

export function compileLimits(declared: FileLimits | undefined, inherited: Limits = new Map()): Limits {
  const limits = new Map(inherited);
  for (const [name, limit] of Object.entries(declared ?? {})) limits.set(name, compileLimit(name, limit));
  return limits;
}

function compileLimit(name: string, limit: FileLimits[string]): Limit {
  const { per = "key" } = limit;
  if ("concurrency" in limit) {
    const { concurrency, retryAfterSeconds = DEFAULT_RETRY_AFTER_SECONDS } = limit;
    return { kind: "concurrency", name, per, limit: concurrency, retryAfterSeconds };
  }
  const { rate, windowSeconds, burst = rate } = limit;
  return { kind: "rate", name, per, limit: rate, windowMs: windowSeconds * 1000, burst };
}

/** Names of all limits of the project and its plans. */
export function declaredLimits({ limits = {}, plans = {} }: ProjectFile): Set<string> {
  const ofPlans = Object.values(plans).flatMap((plan) => Object.keys(plan.limits ?? {}));
  return new Set([...Object.keys(limits), ...ofPlans]);
}

/** Every limit that a route names is declared by the project or by some plan, and none of the project shuts a route for good. */
export function checkRouteLimits(file: ProjectFile, note: Note): void {
  const known = declaredLimits(file);
  for (const [index, route] of (file.routes ?? []).entries()) {
    for (const [place, name] of (route.limits ?? []).entries()) {
      if (!known.has(name))
        note(["routes", index, "limits", place], "is not declared under limits of the project or of a plan");
    }
    const narrow = tooNarrow(file, route);
    if (narrow !== undefined)
      note(["routes", index, "weight"], `is more than the limit ${narrow} ever admits at one moment`);
  }
}

type FileRoute = NonNullable<ProjectFile["routes"]>[number];

/** The project's limit under which no request of the route could pass. A plan may well be too small for a route. */
function tooNarrow(file: ProjectFile, { weight = 1, limits: named }: FileRoute): string | undefined {
  for (const limit of compileLimits(file.limits).values()) {
    const holds = named === undefined || named.includes(limit.name);
    if (holds && limit.kind === "rate" && limit.limit > 0 && limit.burst < weight) return limit.name;
  }
  return undefined;
}
