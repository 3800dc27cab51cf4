// What the five vendors share: one process serves them all, what they print is said word for word, and a sixth needs no code
// (rows S1 to S3).
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Answer, type Ask, bearer, startGateway } from "../support/gateway.ts";

const gateway = await startGateway();
after(() => gateway.close());
const { instance } = gateway;

/** A request of each vendor that its sample upstream answers with what it received. */
const VENDORS: Record<string, { ask: Ask; scopes?: string[]; shown: Record<string, string> }> = {
  nur: {
    ask: { method: "POST", path: "/v1/tts?voice=a%20b" },
    scopes: ["tts:write", "stt:read"],
    shown: { environment: "production", scopes: "tts:write stt:read", plan: "-", region: "-" },
  },
  kugelaudio: {
    ask: { method: "POST", path: "/v1/tts/generate" },
    shown: { environment: "production", scopes: "-", plan: "standard", region: "-" },
  },
  murmr: {
    ask: { method: "POST", path: "/v1/voices/design", body: '{"text":"Hello world"}' },
    shown: { environment: "live", scopes: "-", plan: "free", region: "-" },
  },
  nudg3: {
    ask: { method: "GET", path: "/aio-metrics?from=2026-10-01&to=2026-10-31" },
    shown: { environment: "live", scopes: "read:analytics", plan: "-", region: "-" },
  },
  nohuman: {
    ask: { method: "GET", path: "/v1/videos/7" },
    shown: { environment: "production", scopes: "videos:generate videos:read", plan: "-", region: "-" },
  },
};

const vendorKey = (vendor: string) => {
  const { scopes } = VENDORS[vendor]!;
  return gateway.key(vendor, { name: `Key of ${vendor}`, ...(scopes && { scopes }) });
};
const ask = (vendor: string, headers: Record<string, string> = {}): Promise<Answer> => {
  const request = VENDORS[vendor]!.ask;
  const more = { "Content-Type": "application/json", "X-Trace": vendor };
  return gateway.ask(`${vendor}.localhost`, { ...request, headers: { ...headers, ...more } });
};

for (const [vendor, { ask: sent, shown }] of Object.entries(VENDORS)) {
  test(`S1: ${vendor} answers under its host and shows what the gateway passed on`, async () => {
    const { key, id, account } = await vendorKey(vendor);
    const answer = await ask(vendor, bearer(key));
    assert.equal(answer.status, 200);
    const { method, path, headers } = answer.json.request;
    assert.deepEqual([method, path, headers["x-trace"]], [sent.method, sent.path, vendor]);
    const expected = { ...shown, account, "key-id": id, "key-name": `Key of ${vendor}` };
    const identity = Object.entries(headers).filter(([name]) => name.startsWith("claviger-"));
    assert.deepEqual(
      Object.fromEntries(identity),
      Object.fromEntries(Object.entries(expected).map(([name, value]) => [`claviger-${name}`, value])),
    );
    assert.equal(headers.authorization, undefined);
    assert.ok(!answer.text.includes(key) && !answer.text.includes(key.slice(-32)));
  });
}

test("S1: all five answer at the same time, and a key of one is nothing to the others", async () => {
  const vendors = Object.keys(VENDORS);
  const keys = await Promise.all(vendors.map(async (vendor) => (await vendorKey(vendor)).key));
  const rounds = await Promise.all(
    vendors.map((vendor) => Promise.all(keys.map((key) => ask(vendor, bearer(key))))),
  );
  assert.deepEqual(
    rounds.map((answers) => answers.map(({ status }) => status)),
    vendors.map((_, row) => vendors.map((_, column) => (row === column ? 200 : 401))),
  );
});

test("S1: a project's hosts are found in any letter case, with a port and with a root dot", async () => {
  const { key } = await vendorKey("nur");
  for (const host of ["nur.localhost:4001", "NUR.localhost", "nur.localhost.", "Nur.Localhost.:80"]) {
    const answer = await gateway.ask(host, { ...VENDORS.nur!.ask, headers: bearer(key) });
    assert.equal(answer.status, 200, host);
    assert.equal(answer.json.request.headers["x-forwarded-host"], host);
  }
});

/** Each page's printed errors: what is sent, and the status and code that come back. */
const PRINTED: [vendor: string, cause: string, status: number, code: string, message?: string][] = [
  ["nur", "missing", 401, "unauthorized", "Missing Authorization header."],
  ["kugelaudio", "missing", 401, "unauthorized", "Invalid or missing API key"],
  ["kugelaudio", "malformed", 401, "unauthorized", "Invalid or missing API key"],
  ["kugelaudio", "revoked", 401, "unauthorized", "Invalid or missing API key"],
  ["kugelaudio", "no feature", 403, "forbidden", "API key does not have access to this resource"],
  ["nudg3", "malformed", 401, "invalid_api_key"],
  ["nudg3", "revoked", 401, "expired_api_key"],
  ["nudg3", "no scope", 403, "insufficient_scope"],
  ["nudg3", "other address", 403, "ip_not_allowed"],
  ["nohuman", "missing", 401, "missing_api_key"],
  ["nohuman", "malformed", 401, "invalid_api_key"],
  ["nohuman", "revoked", 401, "invalid_api_key"],
  ["nohuman", "no scope", 403, "insufficient_permissions"],
];

for (const [vendor, cause, status, code, message] of PRINTED) {
  test(`S2: ${vendor}, ${cause}: ${status} ${code}${message === undefined ? "" : ` "${message}"`}`, async () => {
    const answer = await provoke(vendor, cause);
    assert.equal(answer.status, status);
    const { error } = answer.json;
    assert.equal(error.code, code);
    if (message !== undefined) assert.equal(error.message, message);
    assert.deepEqual(
      Object.keys(error),
      vendor === "nohuman" ? ["code", "message", "status"] : ["code", "message"],
    );
    if (vendor === "nohuman") assert.equal(error.status, status);
  });
}

async function provoke(vendor: string, cause: string): Promise<Answer> {
  if (cause === "missing") return ask(vendor);
  if (cause === "malformed") return ask(vendor, bearer("your_api_key_here"));
  if (cause === "no feature") {
    const account = (await gateway.account(vendor, { plan: "basic" })).id;
    const { key } = await gateway.key(vendor, { account });
    return gateway.ask(`${vendor}.localhost`, { path: "/ws/tts", headers: bearer(key) });
  }
  const allowedIps = cause === "other address" ? ["203.0.113.7"] : [];
  const least = vendor === "nohuman" ? "videos:generate" : "read:analytics";
  const { key, id } = await gateway.key(vendor, {
    allowedIps,
    ...(cause === "no scope" && { scopes: [least] }),
  });
  if (cause === "revoked") await revokeKey(instance, LOCAL_CALLER, vendor, id);
  const path = vendor === "nudg3" && cause === "no scope" ? "/exports/1" : VENDORS[vendor]!.ask.path!;
  return gateway.ask(`${vendor}.localhost`, { ...VENDORS[vendor]!.ask, path, headers: bearer(key) });
}

test("S2: the documented environment variables are those that the project files name", () => {
  const names = Object.keys(VENDORS).map(
    (vendor) => instance.directory.project(vendor)?.file.client?.environmentVariable,
  );
  assert.deepEqual(names, [
    "NUR_API_KEY",
    "KUGELAUDIO_API_KEY",
    "MURMR_API_KEY",
    "NUDG3_API_KEY",
    "NOHUMAN_API_KEY",
  ]);
});

test("S2: the documented headers work: Authorization: Bearer for all, X-API-Key for Nudg3 alone", async () => {
  for (const vendor of Object.keys(VENDORS)) {
    const { key } = await vendorKey(vendor);
    assert.equal((await ask(vendor, { Authorization: `Bearer ${key}` })).status, 200);
    assert.equal((await ask(vendor, { "X-API-Key": key })).status, vendor === "nudg3" ? 200 : 401);
  }
});

const SIXTH = `name: acme
title: Acme Weather
keys: { format: "acme_{env}_{secret:32}" }
scopes: { "weather:read": Read forecasts }
routes: [{ match: GET /weather/**, scopes: ["weather:read"] }]
`;

test("S3: a sixth vendor is a project file of five lines, served as soon as it is applied", async () => {
  const unknown = await gateway.ask("acme.localhost", { path: "/weather" });
  assert.equal(unknown.status, 421);
  await gateway.apply(SIXTH);
  const missing = await gateway.ask("acme.localhost", { path: "/weather" });
  assert.deepEqual(
    [missing.status, missing.text],
    [401, '{"error":{"code":"missing_api_key","message":"No API key was sent."}}'],
  );
  const { key } = await gateway.key("acme", { scopes: ["weather:read"] });
  assert.match(key, /^acme_live_[0-9A-Za-z]{32}$/);
  const admitted = await gateway.ask("acme.localhost", { path: "/weather/today", headers: bearer(key) });
  assert.equal(admitted.status, 200);
  assert.equal(admitted.json.request.path, "/weather/today");
  const closed = await gateway.ask("acme.localhost", { path: "/admin", headers: bearer(key) });
  assert.deepEqual([closed.status, closed.json.error.code], [403, "forbidden"]);
  const nur = await gateway.ask("nur.localhost", { path: "/v1/voices", headers: bearer(key) });
  assert.equal(nur.status, 401, "the others know nothing of it");
});

test("S3: one line is enough, and then every path is open to every valid key", async () => {
  await gateway.apply("name: tiny\n");
  const { key } = await gateway.key("tiny");
  assert.match(key, /^tiny_live_[0-9A-Za-z]{32}$/);
  assert.equal((await gateway.ask("tiny.localhost", { path: "/any/thing" })).status, 401);
  const admitted = await gateway.ask("tiny.localhost", { path: "/any/thing", headers: bearer(key) });
  assert.equal(admitted.status, 200);
});

test("S3: no source file names a vendor", () => {
  const root = new URL("../../src/", import.meta.url);
  const files = globSync("**/*.ts", { cwd: root.pathname });
  assert.ok(files.length > 50);
  for (const file of files) {
    assert.doesNotMatch(
      readFileSync(new URL(file, root), "utf8"),
      /kugelaudio|murmr|nudg3|nohuman|\bnur\b/i,
      file,
    );
  }
});
