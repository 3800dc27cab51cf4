// Sends an export of usage to Stripe as Billing Meter Events, one for each account. It talks to Stripe only, and reads nothing but the
// exported file, in which `externalId` is taken for the Stripe customer.
//
//   claviger usage export acme --month 2026-11 --out usage.ndjson
//   node stripe-meter-events.ts usage.ndjson --event-name speech_characters --dry-run
//   STRIPE_SECRET_KEY=sk_… node stripe-meter-events.ts usage.ndjson --event-name speech_characters
//
// Running it again sends the same requests: https://docs.stripe.com/api/billing/meter-event/create says for how long they are known.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** What of a line is billed: all units, the requests that were allowed, or the units past the allowance. */
const VALUES = ["units", "requests", "over"] as const;
type Value = (typeof VALUES)[number];

/** The members of a line of the export that are needed here. */
export interface Line {
  readonly project: string;
  readonly account: string;
  readonly externalId: string | null;
  readonly environment: string;
  readonly month: string;
  readonly requests: number;
  readonly units: number;
  readonly allowance: { readonly over: number } | null;
}

export interface MeterEvent {
  readonly event_name: string;
  readonly "payload[stripe_customer_id]": string;
  readonly "payload[value]": string;
  readonly identifier: string;
  readonly timestamp: string;
}

const DAY_SECONDS = 24 * 60 * 60;
/** Stripe takes no event that is older. */
const MAX_AGE_DAYS = 35;

/** The last second of the month: an event belongs to the billing period that its timestamp lies in. */
export function timestampOf(month: string): number {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return Date.UTC(year, number) / 1000 - 1;
}

export function amountOf(line: Line, value: Value): number {
  return value === "over" ? (line.allowance?.over ?? 0) : line[value];
}

/** The same for every repetition, another one for everything else; Stripe takes 100 characters. */
function identifierOf(line: Line, eventName: string, value: Value): string {
  const whole = [eventName, value, line.project, line.account, line.environment, line.month];
  return `claviger_${createHash("sha256").update(JSON.stringify(whole)).digest("hex")}`;
}

export function eventOf(line: Line, eventName: string, value: Value): MeterEvent {
  return {
    event_name: eventName,
    "payload[stripe_customer_id]": line.externalId ?? "",
    "payload[value]": String(amountOf(line, value)),
    identifier: identifierOf(line, eventName, value),
    timestamp: String(timestampOf(line.month)),
  };
}

/** Throws for an answer that is no success. */
async function send(event: MeterEvent, secretKey: string): Promise<void> {
  const url = new URL("/v1/billing/meter_events", process.env.STRIPE_API_BASE ?? "https://api.stripe.com");
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${secretKey}`,
      "content-type": "application/x-www-form-urlencoded",
      // Stripe answers a repetition of the request what it answered the first time.
      "idempotency-key": event.identifier,
    },
    body: new URLSearchParams({ ...event }),
  });
  if (answer.ok) return;
  const { error } = (await answer.json().catch(() => ({}))) as { error?: { message?: string } };
  throw new Error(`Stripe answered ${answer.status}: ${error?.message ?? "no reason"}`);
}

function readLines(file: string, environment: string): Line[] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Line).filter((line) => line.environment === environment);
}

/** Why nothing may be sent for this month, in words. */
function refusalOf(month: string, nowSeconds: number): string | undefined {
  const timestamp = timestampOf(month);
  if (timestamp >= nowSeconds) return `${month} is not over: what comes later would not be billed`;
  if (timestamp < nowSeconds - MAX_AGE_DAYS * DAY_SECONDS)
    return `${month} ended more than ${MAX_AGE_DAYS} days ago: Stripe takes no events of it any more`;
  return undefined;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const warn = (text: string): void => void process.stderr.write(`${text}\n`);

interface Wanted {
  readonly file: string;
  readonly eventName: string;
  readonly environment: string;
  readonly value: Value;
  readonly isDryRun: boolean;
}

function readArguments(): Wanted {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "event-name": { type: "string" },
      environment: { type: "string", default: "live" },
      value: { type: "string", default: "units" },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const value = VALUES.find((one) => one === values.value);
  const [file] = positionals;
  if (file === undefined || values["event-name"] === undefined || value === undefined)
    throw new Error(
      `needs FILE --event-name NAME [--environment live] [--value ${VALUES.join("|")}] [--dry-run]`,
    );
  const { environment, "event-name": eventName, "dry-run": isDryRun } = values;
  return { file, eventName, environment, value, isDryRun };
}

async function main(): Promise<void> {
  const { file, eventName, environment, value, isDryRun } = readArguments();
  const secretKey = process.env.STRIPE_SECRET_KEY ?? "";
  if (secretKey === "" && !isDryRun) throw new Error("STRIPE_SECRET_KEY is not set");
  const lines = readLines(file, environment).filter((line) => amountOf(line, value) > 0);
  for (const month of new Set(lines.map((line) => line.month))) {
    const refusal = refusalOf(month, Date.now() / 1000);
    if (refusal !== undefined && !isDryRun) throw new Error(refusal);
    if (refusal !== undefined) warn(refusal);
  }
  let sent = 0;
  for (const line of lines) {
    // Nobody to bill: the others are billed all the same, and the exit code says that somebody has to look.
    if (!line.externalId?.startsWith("cus_")) {
      warn(
        `${line.account}: externalId is no Stripe customer, ${amountOf(line, value)} ${value} are not billed`,
      );
      process.exitCode = 1;
      continue;
    }
    const event = eventOf(line, eventName, value);
    if (isDryRun)
      print(`POST /v1/billing/meter_events ${decodeURIComponent(String(new URLSearchParams({ ...event })))}`);
    else await send(event, secretKey);
    sent += 1;
  }
  print(`${sent} ${isDryRun ? "to send" : "sent"}.`);
}

if (import.meta.main) {
  await main().catch((error: Error) => {
    warn(error.message);
    process.exitCode = 1;
  });
}
