// Scopes: what a key was granted, what the catalogue makes of it today, and the overlap that counts. Pure.

/** One named permission of the project file. `stands: "future"` also covers scopes that are added later. */
export interface ScopeDefinition {
  readonly name: string;
  readonly description: string;
  readonly implies: readonly string[];
  /** Set for a scope that stands for all others: those of the key's creation only, or those added later too. */
  readonly stands?: "frozen" | "future";
}

export type ScopeCatalogue = ReadonlyMap<string, ScopeDefinition>;

/** Every scope that `names` reach through declared implications; a scope that stands for all reaches the whole catalogue. */
export function closeScopes(catalogue: ScopeCatalogue, names: Iterable<string>): Set<string> {
  const reached = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const definition = catalogue.get(name);
    if (definition === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...(definition.stands === undefined ? definition.implies : catalogue.keys()));
  }
  return reached;
}

/**
 * The scopes a key may use now: what its names reach today, cut down to what they reached when they were granted
 * (`frozen`), so that neither a scope nor an implication added later reaches an old key, while one taken away is lost at
 * once. A `stands: "future"` scope lifts the cut.
 */
export function effectiveScopes(
  catalogue: ScopeCatalogue,
  names: readonly string[],
  frozen: readonly string[],
): ReadonlySet<string> {
  const today = closeScopes(catalogue, names);
  if (names.some((name) => catalogue.get(name)?.stands === "future")) return today;
  return today.intersection(new Set(frozen));
}

/** Of `required`, those not granted, in the order required. */
export function missingScopes(granted: ReadonlySet<string>, required: readonly string[]): string[] {
  return required.filter((name) => !granted.has(name));
}
