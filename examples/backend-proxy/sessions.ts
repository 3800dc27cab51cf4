// Who may call the backend, and how often; an app of yours has its own sign-in in this place. It knows nothing of keys.
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

const COOKIE = "session";
const CALLS_PER_MINUTE = 30;
const LIFETIME_MS = 3_600_000;
const MOST_SESSIONS = 10_000;

interface Session {
  readonly endsAt: number;
  minute: number;
  calls: number;
}

export type Admission = "ok" | "no_session" | "too_many";

export interface Sessions {
  /** A `Set-Cookie` for a visitor who has none, else undefined. */
  begin(request: IncomingMessage): string | undefined;
  /** Counts the call. One from another site's page is none of ours. */
  admit(request: IncomingMessage): Admission;
}

/** `now` is milliseconds since 1970. */
export function createSessions(now: () => number): Sessions {
  const sessions = new Map<string, Session>();
  const find = (request: IncomingMessage): Session | undefined => {
    const session = sessions.get(cookieOf(request));
    return session && session.endsAt > now() ? session : undefined;
  };
  return {
    begin(request) {
      if (find(request)) return undefined;
      const [oldest] = sessions.keys();
      if (sessions.size >= MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      const id = randomBytes(18).toString("base64url");
      sessions.set(id, { endsAt: now() + LIFETIME_MS, minute: 0, calls: 0 });
      return `${COOKIE}=${id}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${LIFETIME_MS / 1000}`;
    },
    admit(request) {
      const session = find(request);
      const site = request.headers["sec-fetch-site"] ?? "same-origin";
      if (session === undefined || site !== "same-origin") return "no_session";
      const minute = Math.floor(now() / 60_000);
      if (session.minute !== minute) Object.assign(session, { minute, calls: 0 });
      return ++session.calls > CALLS_PER_MINUTE ? "too_many" : "ok";
    },
  };
}

function cookieOf({ headers: { cookie = "" } }: IncomingMessage): string {
  const pairs = cookie.split(/;\s*/).map((pair) => pair.split("="));
  return pairs.find(([name]) => name === COOKIE)?.[1] ?? "";
}
