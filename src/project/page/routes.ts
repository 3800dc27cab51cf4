// The section about endpoints, and which of them cost something.
import type { Cost } from "../../policy/cost.ts";
import { parseMatch } from "../../policy/route.ts";
import type { Project } from "../compile.ts";
import { compileRouteMoney, type RouteMoney } from "../money.ts";
import { code, codeList, section, table } from "./markdown.ts";

export function routeSection(project: Project): string | undefined {
  const { routes = undefined, scopes } = project.file;
  if (routes === undefined) {
    return section("Endpoints", "A valid key may be used on every method and path.");
  }
  const rows = routes.flatMap(({ match, scopes: needed = [], feature, ownAccount }) =>
    [match]
      .flat()
      .map((pattern) => [
        ...routeCells(pattern),
        codeList(needed),
        feature === undefined ? "" : code(feature),
        ownAccount === undefined ? "" : `${code(`{${ownAccount}}`)} must be the key's own account`,
      ]),
  );
  return section(
    "Endpoints",
    `A key may be used on these and on nothing else. ${code("/**")} stands for the path before it and all below it, and ${code("{name}")} for one part of a path. Where several fit, the most specific one counts; HEAD is treated as GET.${scopes === undefined ? "" : " All scopes named are needed."}`,
    table(["Method", "Path", "Scopes", "Feature", "Account"], rows),
  );
}

/** Methods and path. */
export function routeCells(pattern: string): [methods: string, path: string] {
  const { methods } = parseMatch(pattern);
  return [methods === "any" ? "any" : methods.join(", "), code(pattern.slice(pattern.indexOf("/")))];
}

export type PaidRoute = Required<Pick<RouteMoney, "cost" | "pots">> &
  Pick<RouteMoney, "hold"> & {
    readonly pattern: string;
    /** What it is that costs: a request, or each message over a WebSocket. */
    readonly per: "request" | "message";
  };

/** Every pattern that has a cost, even if it is nothing at times. */
export function paidRoutes({ file, pots: defaults }: Project): PaidRoute[] {
  return (file.routes ?? []).flatMap((route) => {
    const { cost, pots = [], hold, messages } = compileRouteMoney(route, defaults);
    return [route.match]
      .flat()
      .flatMap((pattern): PaidRoute[] => [
        ...(cost === undefined
          ? []
          : [{ pattern, cost, pots, per: "request" as const, ...(hold && { hold }) }]),
        ...(messages === undefined ? [] : [{ pattern, ...messages, per: "message" as const }]),
      ]);
  });
}

/** Whether the request's body says it. */
export const isMeasured = ({ kind }: Cost): boolean => kind !== "fixed";
