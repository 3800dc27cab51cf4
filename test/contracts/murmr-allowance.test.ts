// murmr: the monthly characters of an account, what a request costs of them, and the headers that tell what is left (rows M2, M3, M4,
// overage of M6, and the allowance of M7).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { OutgoingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { openExchange } from "../support/exchange.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { startRecordingUpstream } from "../support/metered.ts";

const HOST = "murmr.localhost";
const PATH = "/v1/voices/design";
const FILE = readFileSync(new URL("../../projects/murmr.yaml", import.meta.url), "utf8");
const PLANS = { free: 50_000, starter: 1_000_000, pro: 3_000_000, realtime: 3_000_000, scale: 10_000_000 };
const gateway = await startGateway();
after(() => gateway.close());
const upstream = await startRecordingUpstream();
after(() => upstream[Symbol.asyncDispose]());
const forwarded = (more = "") => `${FILE.replace("plans:", `plans:\n${more}`)}upstream: ${upstream.url}\n`;
await gateway.apply(forwarded("  tiny: { allowance: 10 }"));

interface Customer {
  readonly account: string;
  readonly key: string;
}

async function customer(plan = "free", environment = "live"): Promise<Customer> {
  const { id: account } = await gateway.account("murmr", { plan });
  return { account, key: (await gateway.key("murmr", { account, environment })).key };
}

/** The page's request with this text; anything else is the body as it is. */
const design = (
  key: string,
  said: string | { body: string | Buffer },
  headers: Record<string, string> = {},
) =>
  gateway.ask(HOST, {
    method: "POST",
    path: PATH,
    headers: { "Content-Type": "application/json", ...bearer(key), ...headers },
    body:
      typeof said === "string"
        ? JSON.stringify({ text: said, voice_description: "A warm voice", language: "English" })
        : said.body,
  });
const use = async ({ account }: Customer, environment = "live") => {
  const { used, over } = await gateway.balance("murmr", account, environment);
  return [used, over];
};
const usage = ({ status, headers }: { status: number; headers: OutgoingHttpHeaders }) => [
  status,
  headers["x-ratelimit-limit"],
  headers["x-ratelimit-remaining"],
  headers["x-ratelimit-reset"],
];
const RESET = "2026-12-01T00:00:00.000Z";
const left = (status: number, remaining: number, limit = 50_000) => [
  status,
  String(limit),
  String(remaining),
  RESET,
];

test("M2: every plan has its monthly characters, told as X-RateLimit-Limit", async () => {
  for (const [plan, characters] of Object.entries(PLANS)) {
    const answer = await design((await customer(plan)).key, "Hello world");
    assert.deepEqual(usage(answer), left(200, characters - 11, characters), plan);
  }
});

test("M2: all keys of an account draw on one allowance, and nobody else's", async () => {
  const one = await customer();
  const stranger = await customer();
  const second = await gateway.key("murmr", { account: one.account, name: "CI" });
  assert.deepEqual(usage(await design(one.key, "a".repeat(20_000))), left(200, 30_000));
  assert.deepEqual(usage(await design(second.key, "b".repeat(20_000))), left(200, 10_000));
  await revokeKey(gateway.instance, LOCAL_CALLER, "murmr", second.id);
  assert.deepEqual(usage(await design(one.key, "c".repeat(10_001))), left(429, 10_000));
  assert.deepEqual(usage(await design(one.key, "d".repeat(10_000))), left(200, 0));
  assert.deepEqual(usage(await design(stranger.key, "e")), left(200, 49_999));
});

test("M2: a plan that is changed holds for the month that runs", async () => {
  const one = await customer("tiny");
  assert.deepEqual(usage(await design(one.key, "0123456789")), left(200, 0, 10));
  await gateway.apply(forwarded("  tiny: { allowance: 30 }"));
  assert.deepEqual(usage(await design(one.key, "01234")), left(200, 15, 30));
  await gateway.apply(forwarded("  tiny: { allowance: 10 }"));
  assert.deepEqual(usage(await design(one.key, "")), left(200, 0, 10));
});

test("M3: a request costs the Unicode code points of its text and is forwarded unchanged", async () => {
  const one = await customer();
  let remaining = 50_000;
  for (const [body, characters] of [
    ['{"text": "Hello world", "voice_description": "A warm voice", "language": "English"}', 11],
    [' {"language":"Deutsch","text":"Grüße 👋🏽","voice_description":"long, and not counted"}\r\n', 8],
    ['{"te\\u0078t":"\\u00e9\\ud83d\\ude00","n":1.50}', 2],
  ] as const) {
    remaining -= characters;
    assert.deepEqual(usage(await design(one.key, { body })), left(200, remaining));
    assert.equal(String(upstream.bodies.at(-1)), body);
  }
});

test("M3: a request that cannot be paid in full is refused whole (E09)", async () => {
  const one = await customer("tiny");
  await design(one.key, "a");
  const before = upstream.received.length;
  const refused = await design(one.key, "0123456789");
  assert.deepEqual(usage(refused), left(429, 9, 10));
  assert.equal(refused.json.error.code, "quota_exceeded");
  assert.deepEqual(Object.keys(refused.json.error), ["code", "message"]);
  assert.equal(upstream.received.length, before);
  assert.deepEqual(usage(await design(one.key, "012345678")), left(200, 0, 10));
});

test('M3: "" costs 0 and is admitted, also when nothing is left (E16)', async () => {
  const one = await customer("tiny");
  assert.deepEqual(usage(await design(one.key, "")), left(200, 10, 10));
  await design(one.key, "0123456789");
  assert.deepEqual(usage(await design(one.key, "")), left(200, 0, 10));
  assert.deepEqual(await use(one), [10, 0]);
});

test("M3: a body that says no text, or more than one, is a 400 that spends and forwards nothing", async () => {
  const one = await customer();
  const before = upstream.received.length;
  for (const body of [
    "{}",
    "[]",
    "",
    "null",
    '"text"',
    '{"text": null}',
    '{"text": 5}',
    '{"text": true}',
    '{"text": ["Hello"]}',
    '{"text": {"text": "Hello"}}',
    '{"Text": "Hello"}',
    '{"text": "", "text": "Hello"}',
    '{"text": "", "te\\u0078t": "Hello"}',
    '{"text": "Hello"',
    '{"text": "Hello"} {"text": ""}',
    '{"text": "\\ud83d"}',
    Buffer.from('{"text": "Grüße"}', "latin1"),
    Buffer.from('{"text": "Hello"}', "utf16le"),
    Buffer.from('\ufeff{"text": "Hello"}'),
  ]) {
    const answer = await design(one.key, { body });
    assert.deepEqual(usage(answer), left(400, 50_000), String(body));
    assert.equal(answer.json.error.code, "invalid_request");
  }
  assert.equal(upstream.received.length, before);
  assert.deepEqual(await use(one), [0, 0]);
});

test("M3: so is a body under a Content-Encoding, or one that does not say that it is JSON", async () => {
  const one = await customer();
  const before = upstream.received.length;
  const body = '{"text": "Hello"}';
  const answers = [
    await design(one.key, { body: gzipSync(body) }, { "Content-Encoding": "gzip" }),
    await design(one.key, { body }, { "Content-Encoding": "gzip" }),
    await design(one.key, { body }, { "Content-Type": "text/plain" }),
    await design(one.key, { body }, { "Content-Type": "application/json; charset=iso-8859-1" }),
  ];
  for (const answer of answers) assert.deepEqual(usage(answer), left(400, 50_000));
  assert.equal(upstream.received.length, before);
});

test("M3: a body over 1 MiB is a 413 that spends and forwards nothing, its length told or not", async () => {
  const one = await customer("scale");
  const before = upstream.received.length;
  const body = JSON.stringify({ text: "x".repeat(1_048_577 - '{"text":""}'.length) });
  assert.equal(body.length, 1_048_577);
  assert.deepEqual(usage(await design(one.key, { body })), left(413, 10_000_000, 10_000_000));
  const headers = { "Content-Type": "application/json", ...bearer(one.key) };
  const exchange = openExchange(gateway.port, HOST, { method: "POST", path: PATH, headers });
  exchange.request.end(body);
  const response = await exchange.response;
  assert.equal(response.statusCode, 413);
  assert.deepEqual(Object.keys(JSON.parse(await text(response)).error), ["code", "message"]);
  assert.equal(upstream.received.length, before);
  const most = body.replace("xx", "x");
  assert.equal((await design(one.key, { body: most })).status, 200);
  assert.deepEqual(await use(one), [1_048_565, 0]);
});

test("M3, E08: of 50 that arrive together for the last character one is admitted", async () => {
  const one = await customer("tiny");
  await design(one.key, "123456789");
  const before = upstream.received.length;
  const answers = await Promise.all(Array.from({ length: 50 }, () => design(one.key, "x")));
  const statuses = answers.map(({ status }) => status);
  assert.deepEqual(
    [statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 429).length],
    [1, 49],
  );
  assert.equal(upstream.received.length, before + 1);
  assert.deepEqual(await use(one), [10, 0]);
});

test("M3: an upstream that fails keeps the characters: nothing says that they come back", async () => {
  const one = await customer();
  upstream.answering = (response) => response.writeHead(500).end();
  assert.deepEqual(usage(await design(one.key, "Hello")), left(500, 49_995));
  upstream.answering = (response) => response.end("done");
});

test("M4: every answer to a valid key tells the three, refusals and failures included", async () => {
  const one = await customer();
  const elsewhere = await gateway.key("murmr", { account: one.account, allowedIps: ["203.0.113.7"] });
  assert.deepEqual(usage(await design(one.key, "Hello")), left(200, 49_995));
  assert.deepEqual(
    usage(await gateway.ask(HOST, { path: "/v1/nowhere", headers: bearer(one.key) })),
    left(403, 49_995),
  );
  assert.deepEqual(
    usage(await gateway.ask(HOST, { path: "/v1/realtime", headers: bearer(one.key) })),
    left(403, 49_995),
  );
  assert.deepEqual(usage(await design(elsewhere.key, "Hello")), left(403, 49_995));
  assert.deepEqual(usage(await design(one.key, { body: "{" })), left(400, 49_995));
  assert.deepEqual(usage(await design(one.key, "x".repeat(50_000))), left(429, 49_995));
  await gateway.apply(`${FILE}upstream: http://127.0.0.1:1\n`);
  assert.deepEqual(usage(await design(one.key, "")), left(502, 49_995));
  await gateway.apply(forwarded("  tiny: { allowance: 10 }"));
});

test("M4: no 401 tells any of them", async () => {
  const revoked = await gateway.key("murmr");
  await revokeKey(gateway.instance, LOCAL_CALLER, "murmr", revoked.id);
  for (const headers of [{}, bearer("nonsense"), bearer(revoked.key)]) {
    const answer: Answer = await gateway.ask(HOST, { method: "POST", path: PATH, headers });
    assert.deepEqual(usage(answer), [401, undefined, undefined, undefined]);
  }
});

test("M4: the reset is the first of the next month, and there the allowance is whole again", async () => {
  const one = await customer("tiny");
  for (const [now, status, remaining, reset] of [
    ["2026-11-21T12:00:00.000Z", 200, "0", RESET],
    ["2026-11-30T23:59:59.999Z", 429, "0", RESET],
    ["2026-12-01T00:00:00.000Z", 200, "0", "2027-01-01T00:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", 429, "0", "2027-01-01T00:00:00.000Z"],
    ["2027-01-31T00:00:00.000Z", 200, "0", "2027-02-01T00:00:00.000Z"],
    ["2028-02-29T12:00:00.000Z", 200, "0", "2028-03-01T00:00:00.000Z"],
  ] as const) {
    gateway.clock.set(Date.parse(now));
    assert.deepEqual(usage(await design(one.key, "0123456789")), [status, "10", remaining, reset], now);
  }
  gateway.clock.set(START);
});

test("M6: a plan may allow going past its allowance, and what went over is counted", async () => {
  await gateway.apply(
    forwarded(
      "  tiny: { allowance: 10 }\n  over: { allowance: { units: 10, overage: {} } }\n  some: { allowance: { units: 10, overage: { upTo: 5 } } }",
    ),
  );
  const [free, over, some] = [await customer("tiny"), await customer("over"), await customer("some")];
  for (const one of [free, over, some]) await design(one.key, "01234567");
  assert.deepEqual(usage(await design(free.key, "01234567")), left(429, 2, 10));
  assert.deepEqual(usage(await design(over.key, "01234567")), left(200, 0, 10));
  assert.deepEqual(await use(over), [16, 6]);
  assert.deepEqual(usage(await design(over.key, "01234567")), left(200, 0, 10));
  assert.deepEqual(await use(over), [24, 14]);
  assert.deepEqual(usage(await design(some.key, "01234567")), left(429, 2, 10));
  assert.deepEqual(usage(await design(some.key, "0123456")), left(200, 0, 10));
  assert.deepEqual(await use(some), [15, 5]);
  assert.deepEqual(usage(await design(some.key, "0")), left(429, 0, 10));
  await gateway.apply(forwarded("  tiny: { allowance: 10 }"));
});

test("M7: test keys never spend the live allowance, nor live keys the other", async () => {
  const one = await customer("tiny");
  const tester = await gateway.key("murmr", { account: one.account, environment: "test" });
  assert.deepEqual(usage(await design(tester.key, "0123456789")), left(200, 0, 10));
  assert.deepEqual(usage(await design(tester.key, "0")), left(429, 0, 10));
  assert.deepEqual(usage(await design(one.key, "0123")), left(200, 6, 10));
  assert.deepEqual(
    [await use(one), await use(one, "test")],
    [
      [4, 0],
      [10, 0],
    ],
  );
});
