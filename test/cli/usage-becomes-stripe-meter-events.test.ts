// Promise: examples/stripe-meter-events.ts bills each customer of an export once, in the form that Stripe documents.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { amountOf, eventOf, timestampOf } from "../../examples/stripe-meter-events.ts";
import { folderFor } from "../support/folder.ts";
import { bareServer } from "./bare-server.ts";
import { serveAcme } from "./served.ts";

const SCRIPT = fileURLToPath(new URL("../../examples/stripe-meter-events.ts", import.meta.url));
const SECRET = "sk_test_canary";

/** The month before this one has ended, and less than 35 days ago. */
const now = new Date();
const LAST_MONTH = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);

const line = (account: string, changes: object = {}) => ({
  ...{ project: "acme", account, externalId: `cus_${account}`, name: "A", plan: "pro", environment: "live" },
  ...{
    month: LAST_MONTH,
    requests: 3,
    units: 120,
    allowance: { limit: 100, used: 120, over: 20 },
    creditsSpent: 0,
  },
  ...changes,
});
type Line = ReturnType<typeof line>;

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Record<string, string>;
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A stand-in for Stripe, which answers `statuses` in turn and then 200. */
async function stripe(t: TestContext, statuses: number[] = []) {
  const received: Received[] = [];
  const { url } = await bareServer(t, async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    received.push({ path: `${request.method} ${request.url}`, headers: request.headers, form });
    const status = statuses.shift() ?? 200;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? form : { error: { message: "No such meter." } }));
  });
  const file = join(folderFor(t), "usage.ndjson");
  const run = (lines: readonly Line[] | string, ...args: string[]): Promise<Ran> => {
    const content =
      typeof lines === "string" ? lines : lines.map((one) => `${JSON.stringify(one)}\n`).join("");
    writeFileSync(file, content);
    const env = { PATH: process.env.PATH, STRIPE_API_BASE: url, STRIPE_SECRET_KEY: SECRET };
    return new Promise((resolve) => {
      execFile(process.execPath, [SCRIPT, file, ...args], { env }, (error, out, err) => {
        assert.ok(!`${out}${err}`.includes(SECRET));
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  };
  return { received, run };
}

test("an event for each account of the environment that used something, and the same one the second time", async (t) => {
  const { received, run } = await stripe(t);
  const lines = [
    line("a"),
    line("b", { environment: "test" }),
    line("c", { units: 0 }),
    line("d", { units: -5 }),
    line("e", { units: 7 }),
  ];
  const first = await run(lines, "--event-name", "speech");
  assert.deepEqual(first, { code: 0, out: "2 sent.\n", err: "" });
  const [ofA, ofE] = received;
  assert.equal(ofA?.path, "POST /v1/billing/meter_events");
  assert.equal(ofA.headers.authorization, `Bearer ${SECRET}`);
  assert.equal(ofA.headers["content-type"], "application/x-www-form-urlencoded");
  assert.deepEqual(ofA.form, {
    event_name: "speech",
    "payload[stripe_customer_id]": "cus_a",
    "payload[value]": "120",
    identifier: String(ofA.headers["idempotency-key"]),
    timestamp: String(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()) / 1000 - 1),
  });
  assert.deepEqual([ofE?.form["payload[stripe_customer_id]"], ofE?.form["payload[value]"]], ["cus_e", "7"]);
  assert.match(String(ofA.form.identifier), /^.{20,100}$/);
  assert.notEqual(ofA.form.identifier, ofE?.form.identifier);
  await run(lines, "--event-name", "speech");
  assert.deepEqual(
    received.slice(2).map(({ form }) => form),
    [ofA.form, ofE?.form],
  );
});

test("what is past the allowance can be billed alone, or requests, or another environment", async (t) => {
  const { received, run } = await stripe(t);
  const lines = [line("a"), line("b", { allowance: null }), line("c", { environment: "test" })];
  await run(lines, "--event-name", "e", "--value", "over");
  await run(lines, "--event-name", "e", "--value", "requests", "--environment", "test");
  assert.deepEqual(
    received.map(({ form }) => [form["payload[stripe_customer_id]"], form["payload[value]"]]),
    [
      ["cus_a", "20"],
      ["cus_c", "3"],
    ],
  );
  assert.notEqual(received[0]?.form.identifier, received[1]?.form.identifier);
});

test("a dry run prints the requests and sends none", async (t) => {
  const { received, run } = await stripe(t);
  const { code, out, err } = await run([line("a")], "--event-name", "speech", "--dry-run");
  assert.deepEqual([code, err, received], [0, "", []]);
  const [request, sum] = out.split("\n");
  assert.match(
    request!,
    /^POST \/v1\/billing\/meter_events event_name=speech&payload\[stripe_customer_id\]=cus_a&payload\[value\]=120&identifier=\w+&timestamp=\d{10}$/,
  );
  assert.equal(sum, "1 to send.");
});

test("an account that is no customer of Stripe is told, and the others are billed", async (t) => {
  const { received, run } = await stripe(t);
  const lines = [line("a", { externalId: null }), line("b", { externalId: "4711" }), line("c")];
  const { code, out, err } = await run(lines, "--event-name", "speech");
  assert.deepEqual([code, out, received.length], [1, "1 sent.\n", 1]);
  assert.match(err, /^a: externalId is no Stripe customer, 120 units are not billed\nb: .*\n$/);
});

test("a refusal of Stripe ends it with what Stripe said", async (t) => {
  const { received, run } = await stripe(t, [200, 400]);
  const { code, out, err } = await run([line("a"), line("b"), line("c")], "--event-name", "speech");
  assert.deepEqual([code, out, err], [1, "", "Stripe answered 400: No such meter.\n"]);
  assert.equal(received.length, 2);
});

test("a month that is not over, or that Stripe takes no more, is not sent", async (t) => {
  const { received, run } = await stripe(t);
  const thisMonth = now.toISOString().slice(0, 7);
  for (const [month, words] of [
    [thisMonth, /^\d{4}-\d\d is not over: /],
    ["2020-01", /^2020-01 ended more than 35 days ago: /],
  ] as const) {
    const { code, err } = await run([line("a"), line("b", { month })], "--event-name", "speech");
    assert.equal(code, 1);
    assert.match(err, words);
    assert.equal((await run([line("b", { month })], "--event-name", "speech", "--dry-run")).code, 0);
  }
  assert.deepEqual(received, []);
  const nothing = await run([line("a")]);
  assert.match(nothing.err, /^needs FILE --event-name NAME /);
});

test("what the command line exports is what it reads", async (t) => {
  const acme = await serveAcme(t);
  await acme.json("accounts", "create", "acme", "--name", "Ada", "--external-id", "cus_ada");
  const exported = await acme.run(["usage", "export", "acme", "--month", now.toISOString().slice(0, 7)]);
  const [first] = exported.out.split("\n");
  const one = JSON.parse(first!);
  assert.deepEqual([one.externalId, amountOf(one, "units"), amountOf(one, "over")], ["cus_ada", 0, 0]);
  assert.equal(eventOf(one, "speech", "requests")["payload[stripe_customer_id]"], "cus_ada");
  assert.equal(timestampOf("2026-12"), Date.parse("2026-12-31T23:59:59Z") / 1000);
  const { run } = await stripe(t);
  assert.equal((await run(exported.out, "--event-name", "speech", "--dry-run")).out, "0 to send.\n");
});
