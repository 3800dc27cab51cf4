// Checks of what operators send that a schema cannot make: names, times, metadata, address lists, scopes and tiers. Every
// refusal is `validation_failed` and names the field.
import { parseIsoTime } from "../base/clock.ts";
import { ClavigerError, invalidField } from "../base/errors.ts";
import { parseAllowlist } from "../policy/network.ts";
import { closeScopes } from "../policy/scope.ts";
import type { Project } from "../project/compile.ts";
import type { Metadata } from "../store/records.ts";

export function checkName(field: string, name: string): string {
  return checkText(field, name, 100);
}

/** 1 to `longest` characters without control characters, stored as sent (hostile G14). */
export function checkText(field: string, text: string, longest: number): string {
  const length = [...text].length;
  if (length === 0 || length > longest) throw invalidField(field, `must have 1 to ${longest} characters`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text) || !text.isWellFormed()) {
    throw invalidField(field, "must not hold control characters");
  }
  return text;
}

/** ISO 8601 with a zone, later than `now`; `null` for never (hostile B11). */
export function checkExpiry(field: string, value: string | null | undefined, now: number): number | null {
  const at = checkTime(field, value);
  if (at !== null && at <= now) throw invalidField(field, "must lie in the future");
  return at;
}

export function checkTime(field: string, value: string | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const at = parseIsoTime(value);
  if (at === undefined) throw invalidField(field, "must be a time such as 2027-01-31T12:00:00Z, or null");
  return at;
}

const MAX_METADATA_BYTES = 8_192;
const FORBIDDEN_NAMES = new Set(["__proto__", "constructor", "prototype"]);

/** A JSON object of at most 8 KiB whose member names cannot reach a prototype (hostile G11). */
export function checkMetadata(field: string, metadata: Metadata | undefined): Metadata {
  if (metadata === undefined) return {};
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES) {
    throw invalidField(field, `must be at most ${MAX_METADATA_BYTES} bytes of JSON`);
  }
  refuseUnkeepable(field, metadata);
  return metadata;
}

/** Numbers that JSON would give back as others (hostile G17): `1e400` as null, 2^53 + 1 as 2^53. */
function refuseUnkeepable(field: string, value: unknown): void {
  if (typeof value === "number" && !(Number.isSafeInteger(value) || isPlainFraction(value)))
    throw invalidField(field, "must hold numbers beyond 2^53 as text");
  if (value === null || typeof value !== "object") return;
  for (const [name, item] of Object.entries(value)) {
    if (FORBIDDEN_NAMES.has(name)) throw invalidField(field, `must not have a member named ${name}`);
    refuseUnkeepable(field, item);
  }
}

function isPlainFraction(value: number): boolean {
  return Number.isFinite(value) && !Number.isInteger(value);
}

/** Canonical entries; the whole list is refused for one bad entry (hostile D09). */
export function checkAllowedIps(
  field: string,
  entries: readonly string[] | undefined,
  confirmAny: boolean,
): string[] {
  if (entries === undefined || entries.length === 0) return [];
  const parsed = parseAllowlist(entries, { confirmAny });
  if (parsed.ok) return parsed.entries;
  const fields = parsed.problems.map(({ index, message }) => ({ field: `${field}[${index}]`, message }));
  throw new ClavigerError(
    "validation_failed",
    fields.map((one) => `${one.field}: ${one.message}`).join("; "),
    { fields },
  );
}

export interface Grant {
  readonly scopes: readonly string[];
  readonly frozenScopes: readonly string[];
  readonly tier: string | null;
}

/**
 * The scopes and tier of a key. A tier alone gives its scopes; scopes alone get the first tier that holds them all; of both,
 * the tier must hold the scopes. Neither: the first tier, else the project's default scopes, else a refusal (CONTRACTS N3).
 */
export function grantScopes(
  project: Project,
  scopes: readonly string[] | undefined,
  tier: string | undefined,
): Grant {
  const chosen = chooseTier(project, scopes, tier);
  const names = scopes ?? (chosen && project.tiers.get(chosen)?.scopes) ?? project.defaultScopes;
  if (
    names === undefined ||
    (names.length === 0 && project.defaultScopes === undefined && project.scopes.size > 0)
  ) {
    if (project.scopes.size > 0) {
      throw invalidField("scopes", `must name at least one of: ${[...project.scopes.keys()].join(", ")}`);
    }
  }
  const unique = [...new Set(names ?? [])];
  for (const [index, name] of unique.entries()) {
    if (!project.scopes.has(name)) throw invalidField(`scopes[${index}]`, "is not a scope of the project");
  }
  return {
    scopes: unique,
    frozenScopes: [...closeScopes(project.scopes, unique)].sort(),
    tier: chosen ?? null,
  };
}

function chooseTier(
  project: Project,
  scopes: readonly string[] | undefined,
  tier: string | undefined,
): string | undefined {
  if (tier !== undefined) {
    const known = project.tiers.get(tier);
    if (known === undefined)
      throw invalidField(
        "tier",
        `must be one of: ${[...project.tiers.keys()].join(", ") || "(the project has none)"}`,
      );
    const beyond = scopes?.find((name) => !known.scopes.includes(name));
    if (beyond !== undefined)
      throw invalidField("scopes", `the tier ${tier} does not hold all of these scopes`);
    return tier;
  }
  const tiers = [...project.tiers.entries()];
  if (scopes === undefined) return tiers[0]?.[0];
  const holding = tiers.find(([, { scopes: held }]) => scopes.every((name) => held.includes(name)));
  return holding?.[0];
}

export function checkEnvironment(project: Project, environment: string | undefined): string {
  const chosen = environment ?? project.environments[0]!;
  if (!project.environments.includes(chosen)) {
    throw invalidField("environment", `must be one of: ${project.environments.join(", ")}`);
  }
  return chosen;
}

export function checkPlan(project: Project, plan: string | null | undefined): string | null {
  if (plan === null || plan === undefined) return null;
  if (!project.plans.has(plan)) {
    throw invalidField(
      "plan",
      `must be one of: ${[...project.plans.keys()].join(", ") || "(the project has none)"}`,
    );
  }
  return plan;
}
