// What a selection of scopes means: groups for the picker, what is implied, what the presets choose. Pure.
import type { ScopeFacts } from "../api/shapes.ts";

export interface ScopeGroup {
  readonly title: string;
  readonly scopes: readonly ScopeFacts[];
}

export const isAll = (scope: ScopeFacts): boolean =>
  scope.standsForAll !== undefined && scope.standsForAll !== null && scope.standsForAll !== false;

/** Without those that stand for all: they are offered apart. */
export function groupScopes(scopes: readonly ScopeFacts[]): ScopeGroup[] {
  const groups = new Map<string, ScopeFacts[]>();
  for (const scope of scopes.filter((each) => !isAll(each))) {
    const title = scope.group ?? "Scopes";
    groups.set(title, [...(groups.get(title) ?? []), scope]);
  }
  return [...groups].map(([title, members]) => ({ title, scopes: members }));
}

/** Those that the chosen ones bring along, and the chosen one that does. */
export function impliedBy(
  scopes: readonly ScopeFacts[],
  chosen: readonly string[],
): ReadonlyMap<string, string> {
  const implied = new Map<string, string>();
  const follow = (name: string, root: string): void => {
    for (const next of scopes.find((scope) => scope.name === name)?.implies ?? []) {
      if (implied.has(next)) continue;
      implied.set(next, root);
      follow(next, root);
    }
  };
  for (const name of chosen) follow(name, name);
  return implied;
}

/** Names that say that nothing is changed: `voices:read`, `read:analytics`, `models.list`. */
const READS = /(^|[:._-])(read|list|get|view)([:._-]|$)/i;

export function readOnly(scopes: readonly ScopeFacts[]): string[] {
  return scopes.filter((scope) => !isAll(scope) && READS.test(scope.name)).map(({ name }) => name);
}

export function everything(scopes: readonly ScopeFacts[]): string[] {
  return scopes.filter((scope) => !isAll(scope)).map(({ name }) => name);
}

/** What a new key is offered: what the project gives by default, else nothing, so that somebody chooses. */
export function startingScopes(defaults: readonly string[]): string[] {
  return [...defaults];
}
