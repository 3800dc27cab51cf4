// Names of the keys that the page has read, for tables that know ids only.
import { useKeys } from "./keys.ts";

/** The id itself for a key that is not on the first page. */
export function useKeyNames(): (id: string) => string {
  const list = useKeys("");
  const names = new Map(list.data?.pages.flatMap(({ items }) => items.map(({ id, name }) => [id, name])));
  return (id) => names.get(id) ?? (id === "" ? "No proven key" : id);
}
