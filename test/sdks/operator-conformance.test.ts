// Promise: what the shared cases say of retries, waits, time limits, redirects, answers and redaction holds for the operator SDK too,
// with its root key in the key's place.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Case, KEY, readCases } from "./conformance-case.ts";
import { type CaseClient, runCase } from "./conformance-run.ts";
import { ROOT_KEY, sdk } from "./operator-sdk.ts";
import { startScriptedServer } from "./scripted-server.ts";

const server = await startScriptedServer();
after(() => server.close());

/** A definition or a variable is a vendor's, and so are options that the SDK has not; an exchange is not offered. */
const OURS = new Set(["apiKey", "baseUrl", "headers", "timeoutMs", "maxRetries"]);
const fits = (one: Case): boolean =>
  one.definition === undefined &&
  one.environment === undefined &&
  Object.entries(one.client ?? {}).every(([name, value]) => OURS.has(name) && value !== null) &&
  !("usage" in one) &&
  one.secret === undefined &&
  ![one.call, ...(one.calls ?? [])].some((call) => call?.exchange) &&
  !/claviger-client|API key|apiKey/.test(JSON.stringify(one));

/** One case spells the first letter of the key as an escape. */
const withRootKey = (one: Case): Case => {
  const rest = ROOT_KEY.slice(1);
  const text = JSON.stringify(one)
    .replaceAll(KEY, ROOT_KEY)
    .replaceAll(`u0061${KEY.slice(1)}`, `u0063${rest}`);
  return JSON.parse(text.replaceAll(KEY.slice(1), rest));
};

const cases = readCases(server).filter(fits).map(withRootKey);

test("they are most of them", () => {
  assert.ok(cases.length >= 140, String(cases.length));
  for (const file of ["retries", "retry-after", "redaction", "redirects", "answers", "streams"])
    assert.ok(cases.filter((one) => one.file === file).length >= 10, file);
});

function clientOf(one: Case, waitsMs: number[]): CaseClient {
  const { apiKey = ROOT_KEY, baseUrl = server.here, ...options } = one.client ?? {};
  return new sdk.Claviger({
    ...options,
    rootKey: String(apiKey),
    url: String(baseUrl),
    sleep: async (ms) => void waitsMs.push(ms),
    random: () => one.random ?? 0,
    now: () => Date.parse(one.now ?? "2026-01-01T00:00:00Z"),
  });
}

for (const one of cases) test(`${one.file}: ${one.name}`, () => runCase(one, server, clientOf, ROOT_KEY));
