// The section about how fast and how many at once, of the project and of each plan that differs.
import type { Limit } from "../../policy/limit.ts";
import type { Project } from "../compile.ts";
import { code, prose, section, table } from "./markdown.ts";

export function limitSection(project: Project): string | undefined {
  const rows = limitSets(project).flatMap(({ title, limits }) =>
    limits.map((limit) => [title, code(limit.name), prose(inWords(limit)), limit.per]),
  );
  if (rows.length === 0) return undefined;
  return section(
    "Limits",
    "A request takes all the limits that hold for it or none, and one that is refused takes nothing. The keys of one rotation share them.",
    table(["Plan", "Limit", "Admits", "Per"], rows),
    allLimits(project).some(({ per }) => per === "address")
      ? "An address is one IPv4 address, or the /64 of an IPv6 address."
      : undefined,
  );
}

/** Every limit that the project or one of its plans sets. */
export function allLimits(project: Project): Limit[] {
  return limitSets(project).flatMap(({ limits }) => limits);
}

function limitSets(project: Project): { readonly title: string; readonly limits: readonly Limit[] }[] {
  const common = [...project.limits.values()];
  const own = [...project.plans].map(([name, { limits }]) => ({
    title: code(name),
    limits: [...limits.values()].filter((limit) => !common.includes(limit)),
  }));
  return [{ title: "every", limits: common }, ...own];
}

function inWords(limit: Limit): string {
  if (limit.kind === "concurrency") return `${limit.limit} requests at once`;
  const rate = `${limit.limit} in ${limit.windowMs / 1000} seconds`;
  return limit.burst === limit.limit ? rate : `${rate}, at most ${limit.burst} at one moment`;
}
