// From a question to a verdict: the only file that knows the order of the checks. The first failure answers; a denied request
// consumes nothing; a broken store is a 503 and never a 401, because clients throw keys away on 401.
import type { Clock } from "../base/clock.ts";
import { digestKey, digestsEqual, type Pepper } from "../key/digest.ts";
import { parseKey } from "../key/format.ts";
import { judge } from "../policy/judge.ts";
import type { Allowed, Denied, Verdict } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Directory, HeldKey } from "../store/directory.ts";
import { admit, refuse } from "./admit.ts";
import type { Cashier } from "./cashier.ts";
import type { Failures } from "./failures.ts";
import type { Limiter } from "./limiter.ts";
import { locate, type Place } from "./locate.ts";
import type { Credential, Question } from "./question.ts";
import type { Usage } from "./usage.ts";

export interface VerifyParts {
  readonly clock: Clock;
  readonly directory: Directory;
  /** The current pepper first, then those still accepted while keys are digested anew. */
  readonly peppers: readonly [Pepper, ...Pepper[]];
  readonly limiter: Limiter;
  readonly cashier: Cashier;
  readonly usage: Pick<Usage, "note" | "addUnits">;
  readonly failures: Failures;
  /** Sees every verdict that is counted, as it is told. May not throw. */
  readonly onVerdict?: (question: Question, verdict: Verdict) => void;
  /** Hears of a store that does not answer; the verdict says `store_unavailable`. */
  readonly onFault: (error: unknown) => void;
}

/** Answers at once when the key is in memory, so that a held key costs no turn of the event loop. */
export type Verify = (question: Question) => Verdict | Promise<Verdict>;

export function createVerify(parts: VerifyParts): Verify {
  const judge = createJudgement(parts);
  return (question) => {
    const verdict = judge(question);
    return verdict instanceof Promise
      ? verdict.then((given) => conclude(parts, question, given))
      : conclude(parts, question, verdict);
  };
}

/** Every verdict is counted once, as it is told; of one about a request that runs already only the units are new. */
function conclude(parts: VerifyParts, question: Question, verdict: Verdict): Verdict {
  const { usage, failures, onVerdict } = parts;
  if (question.continuing === true) {
    const receipt = verdict.allowed ? verdict.receipt : undefined;
    if (receipt !== undefined) usage.addUnits(receipt, receipt.units, receipt.at);
    return verdict;
  }
  // Only a request that is here itself has a slot: who asks for somebody else is never told to wait (hostile E28).
  const told =
    verdict.code === "invalid_key" && question.slot !== undefined
      ? failures.judge(question.project, question.clientAddress, verdict)
      : verdict;
  usage.note(question.project.name, told, told.allowed ? told.receipt?.at : undefined);
  onVerdict?.(question, told);
  return told;
}

function createJudgement(parts: VerifyParts): Verify {
  const verify: Verify = (question) => {
    if (question.malformed !== undefined) return deny("malformed_request", question.malformed);
    const place = locate(question);
    if ("reason" in place) return deny("ambiguous_path", `${place.reason}.`);
    const { credential } = question;
    if (credential.kind === "none") return deny("missing_key", credential.hint);
    if (credential.kind === "many") return deny("multiple_credentials");
    if (credential.kind === "unreadable") return deny("invalid_key", credential.hint);
    const sought = digestsOf(parts, question.project, credential);
    if (sought === undefined) return deny("invalid_key", ILL_FORMED);
    const settle = (held: HeldKey | undefined) => decide(parts, question, place, held, sought.region);
    const found = lookUp(parts, question.project, sought.digests);
    if (!(found instanceof Promise)) return settle(found);
    return found.then(
      (held) => {
        // A project file that was applied during the look-up holds for its verdict too, with routes and scopes of one file.
        const project = parts.directory.project(question.project.name) ?? question.project;
        return project === question.project ? settle(held) : verify({ ...question, project });
      },
      (error) => storeFault(parts, error),
    );
  };
  return verify;
}

const ILL_FORMED = "It is not in the form of this API's keys; copy the whole key.";

function deny(code: Denied["code"], hint?: string): Denied {
  return { allowed: false, code, ...(hint !== undefined && { hint }) };
}

/** `eu-<key>` is the key itself, asking for a region (CONTRACTS K4); no key format begins with such a prefix. */
function splitRegion(project: Project, text: string): { text: string; region?: string } {
  for (const [prefix, region] of project.regionPrefixes) {
    if (text.startsWith(prefix)) return { text: text.slice(prefix.length), region };
  }
  return { text };
}

interface Sought {
  readonly digests: readonly string[];
  readonly region?: string;
}

/** Under each accepted pepper; `undefined` for what is in the form of no key. */
function digestsOf(
  { peppers }: VerifyParts,
  project: Project,
  credential: Extract<Credential, { kind: "key" | "digest" }>,
): Sought | undefined {
  if (credential.kind === "digest") return { digests: [credential.digest] };
  const { text, region } = splitRegion(project, credential.text);
  if (parseKey(project.formats, text) === undefined) return undefined;
  const digests = peppers.map((pepper) => digestKey(pepper, text));
  return { digests, ...(region !== undefined && { region }) };
}

/** From memory if it is there. */
function lookUp(
  { directory }: VerifyParts,
  project: Project,
  digests: readonly string[],
): HeldKey | undefined | Promise<HeldKey | undefined> {
  const matching = (held: HeldKey | undefined, digest: string) =>
    held !== undefined && held.project === project.name && digestsEqual(held.digest, digest)
      ? held
      : undefined;
  for (const digest of digests) {
    const held = matching(directory.peek(digest), digest);
    if (held !== undefined) return held;
  }
  return (async () => {
    for (const digest of digests) {
      const held = matching(await directory.find(digest), digest);
      if (held !== undefined) return held;
    }
    return undefined;
  })();
}

function decide(
  parts: VerifyParts,
  question: Question,
  place: Place,
  held: HeldKey | undefined,
  region: string | undefined,
): Verdict | Promise<Verdict> {
  if (held === undefined) return deny("invalid_key");
  const { environment, clientAddress, scopes = [] } = question;
  const asked = { environment, clientAddress, scopes, route: place.route };
  const denial = judge(held.subject, asked, parts.clock.now());
  // A key that is not valid yet must look like one that does not exist.
  if (denial?.code === "invalid_key") return deny("invalid_key");
  const about = { key: held.facts, ...(place.pattern !== undefined && { route: place.pattern }) };
  const spending = { ...parts, question, place, held };
  if (denial !== undefined) return refuse(spending, { allowed: false, ...denial, ...about });
  const admitted: Allowed = {
    ...{ allowed: true, code: "ok", ...about },
    ...(region !== undefined && { region }),
    ...(parts.directory.isStale() && { stale: true }),
  };
  return admit(spending, admitted);
}

function storeFault({ onFault }: Pick<VerifyParts, "onFault">, error: unknown): Denied {
  onFault(error);
  return deny("store_unavailable");
}
