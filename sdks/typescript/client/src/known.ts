// Leaves out what is undefined or null, so that it neither shows nor replaces a default.

export type Known<T> = { [K in keyof T]?: NonNullable<T[K]> };

export function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Known<T>;
}
