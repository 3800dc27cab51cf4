// The sections about money: what a plan's allowance and overage are, what a request costs, and what pays for it.
import type { Cost, Hold } from "../../policy/cost.ts";
import { type Allowance, POTS, type Pot } from "../../policy/pot.ts";
import type { Plan } from "../access.ts";
import type { Project } from "../compile.ts";
import { answerTo } from "./denials.ts";
import { code, codeList, prose, section, table } from "./markdown.ts";
import { isMeasured, type PaidRoute, paidRoutes, routeCells } from "./routes.ts";

export function costSection(project: Project): string | undefined {
  const routes = paidRoutes(project);
  if (routes.length === 0) return undefined;
  const rows = routes.map(({ pattern, cost, pots, hold, per }) => [
    ...routeCells(pattern),
    per === "message" ? `each message: ${costWords(cost, pots, per)}` : costWords(cost, pots, per),
    potWords(pots),
    hold === undefined ? "" : holdWords(hold, cost),
  ]);
  return section(
    "Costs",
    `These endpoints cost something, and no other does. A request that cannot be paid in full is refused whole and takes nothing, and so does every other refusal. ${shares(project)}`,
    table(["Method", "Path", "Costs", "Paid from", "Afterwards"], rows),
    measuring(
      project,
      routes.filter(({ cost, per }) => per === "request" && isMeasured(cost)),
    ),
    routes.some(({ per }) => per === "message") ? MESSAGES : undefined,
  );
}

/** The closing codes of RFC 6455 section 7.4.1, whatever the dialect. */
const MESSAGES = `Where each message costs something, a message is passed on once it is paid. One that cannot be paid closes the WebSocket with ${code("1008")}, one whose cost cannot be told with ${code("1007")}, and one of more than 1 MiB with ${code("1009")}; nothing of it is passed on or taken.`;

/** Escaped for a cell. */
function costWords(cost: Cost, pots: readonly Pot[], per: PaidRoute["per"]): string {
  const inCredits = pots.every((pot) => pot === "credits");
  if (cost.kind === "fixed") return counted(cost.units, inCredits ? "credits" : "units");
  const each = inCredits ? "one credit per" : "the number of";
  if (cost.kind === "bytes")
    return `${each} ${inCredits ? "byte" : "bytes"} of the ${per === "message" ? "message" : "body"}`;
  const field = code(cost.field.join("."));
  if (cost.kind === "characters")
    return `${each} ${inCredits ? "character (Unicode code point)" : "characters (Unicode code points)"} of ${field}`;
  const whole = `a whole number of at least ${grouped(cost.minimum)}`;
  return inCredits ? `one credit per unit of ${field}, ${whole}` : `the number in ${field}, ${whole}`;
}

function potWords(pots: readonly Pot[]): string {
  return pots.map((pot) => (pot === "credits" ? "credits" : "the plan's allowance")).join(", then ");
}

function holdWords({ settle, max }: Hold, cost: Cost): string {
  if (settle === undefined) return "given back if the API fails (5xx)";
  const bound = max ?? (cost.kind === "fixed" ? cost.units : undefined);
  const most = bound === undefined ? "never more" : `at most ${grouped(bound)}`;
  return `corrected to what it came to, ${most}; given back if the API fails (5xx)`;
}

function shares(project: Project): string {
  const used = new Set(paidRoutes(project).flatMap(({ pots }) => pots));
  const words: Readonly<Record<Pot, string>> = {
    allowance: `All keys of an account draw on one allowance${project.environments.length > 1 ? " in each environment" : ""}.`,
    credits: "Credits are bought in advance and belong to the account, whichever of its keys spends them.",
  };
  return POTS.filter((pot) => used.has(pot))
    .map((pot) => words[pot])
    .join(" ");
}

function measuring(project: Project, measured: readonly PaidRoute[]): string | undefined {
  if (measured.length === 0) return undefined;
  const inJson = measured.some(({ cost }) => cost.kind !== "bytes");
  const form = inJson
    ? "must be JSON in UTF-8, without a Content-Encoding, with the named field exactly once"
    : "must have no Content-Encoding";
  return `A body whose cost is measured ${form} (else ${answerTo(project, "unmeasurable_request")}), and may have 1 MiB (else ${answerTo(project, "request_too_large")}).`;
}

/** `50,000 characters`, `unlimited`, or nothing where the plan has none; escaped. */
export function allowanceWords(project: Project, { allowance }: Plan): string {
  if (allowance === undefined) return "";
  return allowance.limit === null ? "unlimited" : counted(allowance.limit, allowanceUnit(project));
}

/** How far the plan lets an account go past its allowance, and for how much; escaped. */
export function overageWords(project: Project, id: string, { allowance }: Plan): string {
  if (allowance === undefined || allowance.limit === null || allowance.overage === 0) return "";
  const more = allowance.overage === null ? "any number more" : `up to ${grouped(allowance.overage)} more`;
  const declared = project.file.plans?.[id]?.allowance;
  const price = typeof declared === "object" ? declared.overage?.price : undefined;
  if (price === undefined) return more;
  const each = price.units === 1 ? "each" : `per ${counted(price.units, allowanceUnit(project))}`;
  return prose(`${more}, ${money(price.amount, price.currency)} ${each}`);
}

/** When the allowances of all plans are there anew; `undefined` where no plan has one. */
export function periodWords({ plans }: Project): string | undefined {
  const granted = [...plans].flatMap(([id, { allowance }]) =>
    allowance === undefined ? [] : [{ id, allowance }],
  );
  if (granted.length === 0) return undefined;
  const days = Map.groupBy(granted, ({ allowance }) => dayWords(allowance));
  const when =
    days.size === 1
      ? [...days.keys()]
      : [...days].map(([words, ids]) => `${words} (${codeList(ids.map(({ id }) => id))})`);
  return `An allowance is there anew ${when.join(", ")} at 00:00 UTC; what is left of the last one is lost.`;
}

function dayWords({ resetsOn }: Allowance): string {
  if (resetsOn === "created") return "each month on the day on which the account was made";
  return resetsOn === 1 ? "on the first of each month" : `on day ${resetsOn} of each month`;
}

/** What the units of the allowance are, where all that is paid from it is counted alike. */
function allowanceUnit(project: Project): string {
  const kinds = new Set(
    paidRoutes(project).flatMap(({ cost, pots }) =>
      pots.includes("allowance") ? [cost.kind === "fixed" && cost.units !== 1 ? "value" : cost.kind] : [],
    ),
  );
  const [kind] = kinds;
  return kind === undefined || kinds.size > 1 ? "units" : UNITS[kind];
}

const UNITS: Readonly<Record<Cost["kind"], string>> = {
  fixed: "requests",
  characters: "characters",
  value: "units",
  bytes: "bytes",
};

/** `unit` in the plural. */
function counted(count: number, unit: string): string {
  return `${grouped(count)} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

const grouped = (count: number): string => count.toLocaleString("en-US");

/** Such as `$10` or `$0.002`. */
export function money(amount: number, currency = "USD"): string {
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency,
    maximumFractionDigits: 10,
    trailingZeroDisplay: "stripIfInteger",
  }).format(amount);
}
