// Whether a request target can be read in one way only: refuses what a proxy, a router or a file system might read otherwise,
// and never repairs it, so that the path that was judged is the path that is served.

export type Target =
  | {
      readonly ok: true;
      /** As sent, still percent-encoded, with its leading slash. */
      readonly path: string;
      /** As sent, without the question mark; `""` for none. It never takes part in routing (hostile C12). */
      readonly query: string;
    }
  | { readonly ok: false; readonly reason: string };

const MAX_TARGET_LENGTH = 8_192;

/**
 * Splits a request target (RFC 9112 section 3.2) into path and query, or says why it is refused (hostile C07 to C13). `host`
 * is the Host header: the absolute form is accepted for that authority only, to the letter but for case.
 */
export function readTarget(rawTarget: string, host: string | undefined): Target {
  if (rawTarget.length > MAX_TARGET_LENGTH)
    return refuse(`the target is longer than ${MAX_TARGET_LENGTH} bytes`);
  if (/[^\x21-\x7e]/.test(rawTarget)) return refuse("the target holds a byte that is not printable ASCII");
  if (rawTarget.includes("#")) return refuse("the target holds a fragment");
  const target = rawTarget.startsWith("/") ? rawTarget : stripAuthority(rawTarget, host);
  if (target === undefined) return refuse("the target is neither a path nor an absolute URL of this host");
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark + 1);
  // Some frameworks take `/?/path` for `/path`.
  if (/^(?:\/|%2f)/i.test(query)) return refuse("the query looks like a path");
  const reason = ambiguity(path);
  return reason === undefined ? { ok: true, path, query } : refuse(reason);
}

function refuse(reason: string): Target {
  return { ok: false, reason };
}

/** An absolute form without a path, `*` and the authority form of CONNECT give `undefined`. */
function stripAuthority(target: string, host: string | undefined): string | undefined {
  const [, authority, rest] = /^https?:\/\/([^/?@]+)(\/.*)$/i.exec(target) ?? [];
  return authority?.toLowerCase() === host?.toLowerCase() ? rest : undefined;
}

function ambiguity(path: string): string | undefined {
  if (path.includes("//")) return "the path holds an empty segment";
  if (/%2f/i.test(path)) return "the path holds an encoded slash";
  const decoded = percentDecode(path);
  if (decoded === undefined) return "the path holds a broken percent escape or is not UTF-8";
  if (/\p{Cc}/u.test(decoded)) return "the path holds a control character";
  for (const segment of decoded.slice(1).split("/")) {
    // Compatibility forms (UAX #15) count too: a full-width slash or dot becomes the plain one in whoever normalises.
    const folded = segment.normalize("NFKC");
    if (folded === "." || folded === "..") return "the path holds a dot segment";
    // A percent sign that is still there was encoded twice.
    if (/[/\\;%]/.test(folded))
      return "the path holds a backslash, a semicolon, an encoded percent sign or a look-alike";
  }
  return undefined;
}

/** `undefined` for a broken escape or bytes that are not UTF-8. */
export function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
