// The two response fields of draft-ietf-httpapi-ratelimit-headers-10, as Structured Fields (RFC 9651): what each limit and the
// allowance grant, and what is left of them. Pure; it may not decide anything.
import { type LimitState, secondsUntilMore } from "./limit.ts";
import type { UsageFacts, Verdict } from "./verdict.ts";

/** The policy of the allowance; limits have the names that the project file gives them. */
export const ALLOWANCE_POLICY = "allowance";

/** Of a List member: a policy, or what is left of it. Parameters in the order of the draft's examples. */
interface Item {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: number | string | undefined])[];
}

/**
 * `ratelimit-policy` and `ratelimit`, each only where it has a member. What is without bound has no quota to tell and is left out.
 * No `t` is later than the Retry-After of the same answer (section 6; hostile E07).
 */
export function rateLimitFields(
  verdict: UsageFacts & Pick<Extract<Verdict, { allowed: false }>, "retryAfterSeconds">,
  now: number,
): Record<string, string> {
  const { limits = [], retryAfterSeconds: wait } = verdict;
  const policies = [...limits.map(policyOf), ...allowancePolicy(verdict)];
  const left = [...limits.map((state) => leftOf(state, now, wait)), ...allowanceLeft(verdict, now, wait)];
  return {
    ...(policies.length > 0 && { "ratelimit-policy": serialise(policies) }),
    ...(left.length > 0 && { ratelimit: serialise(left) }),
  };
}

/** Section 3.1. The default unit is requests. */
function policyOf({ name, kind, limit, windowSeconds }: LimitState): Item {
  const unit = kind === "concurrency" ? "concurrent-requests" : undefined;
  return {
    name,
    parameters: [
      ["q", limit],
      ["qu", unit],
      ["w", windowSeconds],
    ],
  };
}

/** Section 4.1. */
function leftOf(state: LimitState, now: number, wait: number | undefined): Item {
  const { name, remaining } = state;
  return {
    name,
    parameters: [
      ["r", remaining],
      ["t", notBeyond(wait, secondsUntilMore(state, now))],
    ],
  };
}

/** Without `w`: months have different lengths. */
function allowancePolicy({ allowance }: UsageFacts): Item[] {
  if (allowance === undefined || allowance.limit === null) return [];
  return [{ name: ALLOWANCE_POLICY, parameters: [["q", allowance.limit]] }];
}

function allowanceLeft({ allowance }: UsageFacts, now: number, wait: number | undefined): Item[] {
  if (allowance === undefined || allowance.remaining === null) return [];
  const seconds = Math.max(0, Math.ceil((allowance.resetsAt - now) / 1000));
  return [
    {
      name: ALLOWANCE_POLICY,
      parameters: [
        ["r", allowance.remaining],
        ["t", notBeyond(wait, seconds)],
      ],
    },
  ];
}

function notBeyond(wait: number | undefined, seconds: number | undefined): number | undefined {
  return seconds !== undefined && wait !== undefined && seconds > wait ? undefined : seconds;
}

function serialise(items: readonly Item[]): string {
  return items
    .map(({ name, parameters }) => `${quoted(name)}${parameters.map(parameter).join("")}`)
    .join(", ");
}

function parameter([name, value]: Item["parameters"][number]): string {
  if (value === undefined) return "";
  return `;${name}=${typeof value === "string" ? quoted(value) : Math.min(value, MAX_INTEGER)}`;
}

/** RFC 9651 section 3.3.1: fifteen digits. A quota above it is told as so much. */
const MAX_INTEGER = 999_999_999_999_999;

/** RFC 9651 section 4.1.6. Names are of a-z 0-9 _ and - (schema-words.ts), all of which a String may hold. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
