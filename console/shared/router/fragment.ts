// One-time tokens that came in an address's fragment: read once, and out of the address bar and the history at once.

/** The value of `name` in the fragment, if there is one; the address no longer holds it afterwards. */
export function takeFragment(name: string): string | undefined {
  const { hash, pathname, search } = window.location;
  const value = new URLSearchParams(hash.replace(/^#/, "")).get(name);
  if (value === null || value === "") return undefined;
  window.history.replaceState(null, "", pathname + search);
  return value;
}
