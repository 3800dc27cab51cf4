/** The page says what each plan grants and what each endpoint costs, from the same file that charges for it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { authenticationPage, llmsText } from "../../src/project/pages.ts";
import { rowsOf, sectionOf } from "./page-tables.ts";
import { projectOf, vendorProject } from "./project-files.ts";

const page = (text: string) => authenticationPage(projectOf(`name: acme\n${text}`));
const rows = (text: string, title: string) => rowsOf(sectionOf(page(text), title) ?? "");

test("murmr: allowances beside prices (M2, M6), and a request costs the characters of its text (M3)", () => {
  const text = authenticationPage(vendorProject("murmr"));
  assert.deepEqual(
    rowsOf(sectionOf(text, "Plans") ?? "").map((row) => row.slice(0, 4)),
    [
      ["Free", "free", "$0 a month", "50,000 characters"],
      ["Starter", "starter", "$10 a month", "1,000,000 characters"],
      ["Pro", "pro", "$25 a month", "3,000,000 characters"],
      ["Realtime", "realtime", "$49 a month", "3,000,000 characters"],
      ["Scale", "scale", "$99 a month", "10,000,000 characters"],
    ],
  );
  assert.match(sectionOf(text, "Plans") ?? "", /anew on the first of each month at 00:00 UTC/);
  const costs = sectionOf(text, "Costs") ?? "";
  assert.deepEqual(rowsOf(costs)[0], [
    "POST",
    "/v1/voices/design",
    "the number of characters (Unicode code points) of `text`".replaceAll("`", ""),
    "the plan's allowance",
  ]);
  assert.match(costs, /else 400 `invalid_request`\), and may have 1 MiB \(else 413 `request_too_large`\)/);
  assert.deepEqual(
    rowsOf(sectionOf(text, "Response headers") ?? "").map((row) => [row[0], row[2]]),
    [
      ["X-RateLimit-Limit", "50000"],
      ["X-RateLimit-Remaining", "50000"],
      ["X-RateLimit-Reset", "2026-04-01T00:00:00.000Z"],
    ],
  );
  assert.ok(text.includes("429 `quota_exceeded` lasts until the allowance is there anew"));
  assert.ok(text.includes("Try again after a 503,"), "not after every 429");
});

test("nohuman: a second of video is a credit, given back when it failed (H5)", () => {
  const costs = sectionOf(authenticationPage(vendorProject("nohuman")), "Costs") ?? "";
  assert.deepEqual(rowsOf(costs), [
    [
      "POST",
      "/v1/videos/generate",
      "one credit per unit of duration, a whole number of at least 1",
      "credits",
      "given back if the API fails (5xx)",
    ],
  ]);
});

test("every way to say a cost has its words", () => {
  const costs = (cost: string) =>
    rows(
      `routes: [{ match: POST /a, ${cost} }]\nplans: { p: { allowance: 5 } }\ndefaultPlan: p\n`,
      "Costs",
    )[0]?.slice(2);
  const cases: Readonly<Record<string, readonly string[]>> = {
    "cost: 1, pot: credits": ["1 credit", "credits"],
    "cost: 1500, pot: credits": ["1,500 credits", "credits"],
    "pot: allowance": ["1 unit", "the plan's allowance"],
    "cost: { characters: input.text }, pot: credits": [
      "one credit per character (Unicode code point) of input.text",
      "credits",
    ],
    "cost: { value: n }, pot: [allowance, credits]": [
      "the number in n, a whole number of at least 0",
      "the plan's allowance, then credits",
    ],
    "cost: { bytes: body }, pot: allowance": ["the number of bytes of the body", "the plan's allowance"],
    "cost: 40, pot: credits, hold: { settle: X-Used }": [
      "40 credits",
      "credits",
      "corrected to what it came to, at most 40; given back if the API fails (5xx)",
    ],
    "cost: 4000, pot: credits, hold: { settle: X-Used, max: 8000 }": [
      "4,000 credits",
      "credits",
      "corrected to what it came to, at most 8,000; given back if the API fails (5xx)",
    ],
  };
  for (const [cost, words] of Object.entries(cases)) assert.deepEqual(costs(cost), words, cost);
});

test("allowances, overage and their prices in the plans' table", () => {
  const text = `plans:
  none: {}
  zero: { allowance: 0 }
  one: { allowance: 1 }
  free: { allowance: { units: 5000, resetsOn: 15 } }
  open: { allowance: { units: 5000, overage: {} } }
  pro: { allowance: { units: 5000, overage: { upTo: 2500, price: { amount: 0.002, units: 1 } }, resetsOn: created } }
  max: { allowance: { units: 5000, overage: { price: { amount: 3, units: 1000, currency: EUR } } } }
  all: { allowance: unlimited }
routes: [{ match: POST /a, cost: { bytes: body }, pot: [allowance, credits] }]
`;
  assert.deepEqual(
    rows(text, "Plans").map(([, ...row]) => row.slice(0, 3)),
    [
      ["none", "–", "–"],
      ["zero", "0 bytes", "–"],
      ["one", "1 byte", "–"],
      ["free", "5,000 bytes", "–"],
      ["open", "5,000 bytes", "any number more"],
      ["pro", "5,000 bytes", "up to 2,500 more, $0.002 each"],
      ["max", "5,000 bytes", "any number more, €3 per 1,000 bytes"],
      ["all", "unlimited", "–"],
    ],
  );
  const section = sectionOf(page(text), "Plans") ?? "";
  assert.match(
    section,
    /anew on the first of each month \(`zero`, `one`, `open`, `max`, `all`\), on day 15 of/,
  );
  assert.match(section, /each month on the day on which the account was made \(`pro`\) at 00:00 UTC/);
});

test("units have a name where all that is paid from the allowance is counted alike", () => {
  const unit = (routes: string) =>
    rows(`plans: { p: { allowance: 1000 } }\ndefaultPlan: p\nroutes: [${routes}]\n`, "Plans")[0]?.[2];
  assert.equal(unit("{ match: /a, pot: allowance }"), "1,000 requests");
  assert.equal(unit("{ match: /a, cost: 3, pot: allowance }"), "1,000 units");
  assert.equal(
    unit("{ match: /a, cost: { characters: t } , pot: allowance }, { match: /b, pot: credits }"),
    "1,000 characters",
  );
  assert.equal(
    unit("{ match: /a, cost: { characters: t }, pot: allowance }, { match: /b, pot: allowance }"),
    "1,000 units",
  );
  assert.equal(unit("{ match: /a }"), "1,000 units");
});

test("without costs there is no such section, and no such answer", () => {
  const free = page("routes: [{ match: /a }]\nplans: { p: { price: { amount: 1 } } }\n");
  assert.equal(sectionOf(free, "Costs"), undefined);
  assert.ok(!free.includes("credits") && !free.includes("allowance"));
  assert.ok(!llmsText(projectOf("name: acme\n")).includes("Costs"));
  assert.ok(llmsText(vendorProject("nohuman")).includes("[Costs](docs.md#costs)"));
});

test("of costs that come with them, the answers are told, by the pot that refuses", () => {
  const codes = (routes: string) =>
    rows(`plans: { p: { allowance: 5 } }\ndefaultPlan: p\nroutes: [${routes}]\n`, "Errors")
      .map((row) => row[1] ?? "")
      .filter((code) => /request_too_large|quota_exceeded|insufficient_credits/.test(code));
  assert.deepEqual(codes("{ match: /a }"), []);
  assert.deepEqual(codes("{ match: /a, cost: 0 }"), []);
  assert.deepEqual(codes("{ match: /a, pot: allowance }"), ["quota_exceeded"]);
  assert.deepEqual(codes("{ match: /a, pot: credits }"), ["insufficient_credits"]);
  assert.deepEqual(codes("{ match: /a, pot: [allowance, credits] }"), ["insufficient_credits"]);
  assert.deepEqual(codes("{ match: /a, pot: [credits, allowance] }"), ["quota_exceeded"]);
  assert.deepEqual(codes("{ match: /a, cost: { value: n }, pot: credits }"), [
    "request_too_large",
    "insufficient_credits",
  ]);
});

test("the fields of the draft are shown with an example of each kind", () => {
  const text = `limits: { jobs: { concurrency: 5 }, requests: { rate: 100, windowSeconds: 60 } }
plans: { p: { allowance: 5000 } }
defaultPlan: p
dialect: { rateLimitFields: true }
`;
  assert.deepEqual(
    rows(text, "Response headers").map((row) => [row[0], row[2]]),
    [
      ["RateLimit-Policy", '"jobs";q=5;qu="concurrent-requests", "requests";q=100;w=60, "allowance";q=5000'],
      ["RateLimit", '"jobs";r=5, "requests";r=100, "allowance";r=5000;t=2678400'],
    ],
  );
});
