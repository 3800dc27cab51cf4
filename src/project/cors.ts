// What pages of other origins may do, made ready for answers: the fixed fields of a preflight, and the names that a page may read. It
// judges no request.
import { DEFAULT_ANSWERS } from "../policy/answers.ts";
import type { CredentialRules } from "./delivery.ts";
import type { Note } from "./load.ts";
import type { ProjectFile } from "./schema.ts";

export interface CorsRules {
  /** Exact. */
  readonly origins: ReadonlySet<string> | "*";
  /** Of the answer to a preflight, beside the origin; names in lower case. */
  readonly preflight: Readonly<Record<string, string>>;
  /** Names of answer fields that a page may read, in one line. */
  readonly exposed: string;
}

/** What the gateway passes on; it grants nothing, a request is judged all the same. */
const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
/** Beside the places of a key: of what is no simple request (Fetch, section 2.2.2), and a header that APIs of many vendors have. */
const USUAL_HEADERS = ["Content-Type", "Idempotency-Key"];
const USUAL_EXPOSED = ["X-Request-Id", "Retry-After", "WWW-Authenticate"];
const DEFAULT_MAX_AGE_SECONDS = 600;

export function compileCors(
  file: ProjectFile,
  credentials: CredentialRules,
  note: Note,
): CorsRules | undefined {
  if (file.cors === undefined) return undefined;
  const { origins, headers = [], exposedHeaders = [], maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS } = file.cors;
  checkOrigins(origins, note);
  checkDialect(file, note);
  const carriers = [...(credentials.bearer ? ["Authorization"] : []), ...(file.credentials?.headers ?? [])];
  return {
    origins: origins.includes("*") ? "*" : new Set(origins),
    preflight: {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": distinct([...carriers, ...USUAL_HEADERS, ...headers]),
      "access-control-max-age": String(maxAgeSeconds),
    },
    exposed: distinct([...USUAL_EXPOSED, ...dialectHeaders(file), ...exposedHeaders]),
  };
}

function checkOrigins(origins: readonly string[], note: Note): void {
  for (const [index, origin] of origins.entries()) {
    const path = ["cors", "origins", index];
    if (origins.indexOf(origin) < index) note(path, `origin ${origin} is named twice`);
    if (origin === "*" && origins.length > 1) note(path, "stands for every origin: name no other beside it");
    if (!/^https?:/.test(origin)) continue;
    // A port that is the scheme's own, capitals or an address in another writing would never be met.
    const sent = URL.canParse(origin) ? new URL(origin).origin : undefined;
    if (sent !== origin) note(path, sent === undefined ? "is no origin" : `is sent by browsers as ${sent}`);
  }
}

/** One name is said by one place. */
function checkDialect({ dialect: { headers = {}, answers = {} } = {} }: ProjectFile, note: Note): void {
  const places = [
    { path: ["dialect", "headers"], names: Object.keys(headers) },
    ...Object.entries(answers).map(([code, rule]) => ({
      path: ["dialect", "answers", code, "headers"],
      names: Object.keys(rule?.headers ?? {}),
    })),
  ];
  for (const { path, names } of places)
    for (const name of names)
      if (name.toLowerCase().startsWith("access-control-"))
        note([...path, name], `${name} is written by cors`);
}

/** All that the dialect may say in a header. */
function dialectHeaders({ dialect = {} }: ProjectFile): string[] {
  const { headers = {}, answers = {}, rateLimitFields = false } = dialect;
  return [
    ...Object.keys(headers),
    ...(rateLimitFields ? ["RateLimit-Policy", "RateLimit"] : []),
    ...[...Object.values(DEFAULT_ANSWERS), ...Object.values(answers)].flatMap((rule) =>
      Object.keys(rule?.headers ?? {}),
    ),
  ];
}

/** Without those that are there in another spelling. */
function distinct(names: readonly string[]): string {
  const lower = names.map((name) => name.toLowerCase());
  return names.filter((_, index) => lower.indexOf(lower[index]!) === index).join(", ");
}
