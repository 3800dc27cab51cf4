// Where the page is: the address under a base path and its query. No key's text may ever be put into an address.
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from "react";

const MOVED = "claviger:moved";

function subscribe(listener: () => void): () => void {
  for (const name of ["popstate", MOVED]) window.addEventListener(name, listener);
  return () => {
    for (const name of ["popstate", MOVED]) window.removeEventListener(name, listener);
  };
}

const here = (): string => window.location.pathname + window.location.search;

export interface MoveOptions {
  /** In place of this entry of the history, so that Back does not come here again. */
  readonly replace?: boolean;
}

/** Goes to an absolute path of this site. */
export function move(path: string, { replace = false }: MoveOptions = {}): void {
  if (path === here()) return;
  window.history[replace ? "replaceState" : "pushState"](null, "", path);
  window.dispatchEvent(new Event(MOVED));
}

/** The path that every address of this app begins with, without a slash at its end. */
export const BaseContext = createContext("");

export interface Place {
  /** Under the base; `/` at least. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Goes to a path under the base. */
  readonly go: (path: string, options?: MoveOptions) => void;
  /** The same address with some of its query changed; `undefined` removes. */
  readonly setQuery: (changes: Readonly<Record<string, string | undefined>>) => void;
}

export function usePlace(): Place {
  const base = useContext(BaseContext);
  const address = useSyncExternalStore(subscribe, here);
  const go = useCallback(
    (path: string, options?: MoveOptions) => move(base + (path === "/" && base !== "" ? "" : path), options),
    [base],
  );
  return useMemo(() => {
    const url = new URL(address, window.location.origin);
    const path = url.pathname.slice(base.length).replace(/\/+$/, "") || "/";
    const segments = path.split("/").filter(Boolean).map(decode);
    return { path, segments, query: url.searchParams, go, setQuery: queryChanger(url) };
  }, [address, base, go]);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function queryChanger(url: URL): Place["setQuery"] {
  return (changes) => {
    const query = new URLSearchParams(url.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === "") query.delete(name);
      else query.set(name, value);
    }
    const text = query.toString();
    move(url.pathname + (text === "" ? "" : `?${text}`), { replace: true });
  };
}
