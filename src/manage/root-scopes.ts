// What a root key may do to root keys: nothing to one that may do more than itself. Keys of every other project rank alike, and whoever
// owns the store is bound by none of it.
import { ClavigerError } from "../base/errors.ts";
import { closeScopes, effectiveScopes } from "../policy/scope.ts";
import { BUILTIN_NAME } from "../project/builtin.ts";
import type { Project } from "../project/compile.ts";
import type { KeyRecord } from "../store/records.ts";
import type { Caller } from "./save.ts";

function holds(project: Project, { scopes }: Caller, wanted: Iterable<string>): boolean {
  if (project.name !== BUILTIN_NAME || scopes === "all") return true;
  const held = closeScopes(project.scopes, scopes);
  return [...wanted].every((scope) => held.has(scope));
}

/** It hands on no more than it holds. Throws `forbidden`. */
export function refuseEscalation(project: Project, caller: Caller, wanted: readonly string[]): void {
  if (!holds(project, caller, wanted))
    throw new ClavigerError(
      "forbidden",
      "A root key cannot create a root key with scopes that it does not hold.",
    );
}

/** It changes and ends nothing that may do more. Throws `forbidden`. */
export function refuseStronger(project: Project, caller: Caller, keys: readonly KeyRecord[]): void {
  // A scope that is no longer declared opens nothing, and must not keep anybody from ending the key.
  const reach = (key: KeyRecord) => effectiveScopes(project.scopes, key.scopes, key.frozenScopes);
  if (!keys.every((key) => holds(project, caller, reach(key))))
    throw new ClavigerError(
      "forbidden",
      "A root key cannot change a root key with scopes that it does not hold.",
    );
}

/** Whoever suspends or erases their account, or ends many at once, reaches all of them. Throws `forbidden`. */
export function refuseUnlessFull(project: Project, caller: Caller): void {
  if (!holds(project, caller, ["*"]))
    throw new ClavigerError(
      "forbidden",
      "Only a root key with the scope * can change the account of root keys, or end many of them.",
    );
}
