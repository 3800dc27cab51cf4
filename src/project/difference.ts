// What would change if one project file took the place of another, field by field, so that it can be shown before it is made.

export interface Difference {
  /** Dotted path of the field. */
  readonly field: string;
  readonly change: "added" | "removed" | "changed";
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Compares JSON values; lists are compared as wholes unless they hold objects, which are compared place by place. */
export function differences(before: unknown, after: unknown, field = ""): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before === undefined) return [{ field, change: "added", after }];
  if (after === undefined) return [{ field, change: "removed", before }];
  if (!isComposite(before) || !isComposite(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ field, change: "changed", before, after }];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) =>
    differences(
      own(before, name),
      own(after, name),
      Array.isArray(before) ? `${field}[${name}]` : field === "" ? name : `${field}.${name}`,
    ),
  );
}

/** A scope may be named `constructor`, which every object seems to have. */
function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function isComposite(value: unknown): value is object {
  if (Array.isArray(value)) return value.some((item) => item !== null && typeof item === "object");
  return value !== null && typeof value === "object";
}
