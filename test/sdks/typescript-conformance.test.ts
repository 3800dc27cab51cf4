// Promise: the TypeScript kit does what the shared cases say, against a real server, and shows the key nowhere.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as kit from "../../sdks/typescript/client/src/index.ts";
import { type Case, KEY, readCases } from "./conformance-case.ts";
import { runCase } from "./conformance-run.ts";
import { startScriptedServer } from "./scripted-server.ts";

const server = await startScriptedServer();
after(() => server.close());
const cases = readCases(server);

test("there are enough of them, and each has a name of its own", () => {
  assert.ok(cases.length >= 200, String(cases.length));
  assert.equal(new Set(cases.map(({ name, file }) => `${file}: ${name}`)).size, cases.length);
});

for (const one of cases) test(`${one.file}: ${one.name}`, () => runCase(one, server, clientOf, KEY));

function clientOf(one: Case, waitsMs: number[]): kit.ApiClient {
  const definition: Record<string, unknown> = {
    name: "Acme",
    environmentVariable: "ACME_API_KEY",
    baseUrl: server.here,
    keyFormat: "acme_{secret:40}",
    ...one.definition,
  };
  const options = { apiKey: KEY, ...one.client };
  const format = (value: unknown): unknown =>
    typeof value === "object" && value !== null && "pattern" in value
      ? new RegExp(String(value.pattern))
      : value;
  const formats = definition.keyFormat;
  definition.keyFormat = Array.isArray(formats) ? formats.map(format) : format(formats);
  const Client = kit.defineClient(present(definition) as unknown as kit.ClientDefinition);
  return new Client({
    ...present(options),
    sleep: async (ms) => void waitsMs.push(ms),
    random: () => one.random ?? 0,
    now: () => Date.parse(one.now ?? "2026-01-01T00:00:00Z"),
  });
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
