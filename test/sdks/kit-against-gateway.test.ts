// Promise: clients that the kit makes from what the vendors publish work against the gateway that serves these vendors: keys and
// their regions, limits and what is left of them, refusals in the vendors' own words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { inspect } from "node:util";
import {
  type ApiError,
  AuthenticationError,
  defineClient,
  PermissionError,
} from "../../sdks/typescript/client/src/index.ts";
import { bundledProjectFiles } from "../../src/cli/files.ts";
import { type GatewayUnderTest, START, startGateway } from "../support/gateway.ts";
import { startHeldUpstream } from "../support/held-upstream.ts";

const gateways: GatewayUnderTest[] = [];
after(() => Promise.all(gateways.map((gateway) => gateway.close())));

/** A gateway for one project, under names that Node resolves: its first host is localhost, its second 127.0.0.1. */
async function serving(project: string): Promise<GatewayUnderTest> {
  const gateway = await startGateway({ files: [] });
  gateways.push(gateway);
  const file =
    bundledProjectFiles().find((path) => path.endsWith(`/${project}.yaml`)) ?? assert.fail(project);
  const yaml = readFileSync(file, "utf8");
  const hosts = [`${project}.localhost`, `eu.${project}.localhost`, `sandbox.${project}.localhost`];
  const [first = "", ...others] = hosts;
  const moved = others.reduce((text, host) => text.replace(host, "127.0.0.1"), yaml);
  await gateway.apply(moved.replace(first, "localhost"));
  return gateway;
}

interface Echo {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Record<string, string>;
  };
}

function failureOf(call: Promise<unknown>): Promise<ApiError> {
  return call.then(
    () => assert.fail("it succeeded"),
    (error: ApiError) => error,
  );
}

test("Nur: the key comes from NUR_API_KEY, and a scope that is missing is told in the vendor's words", async () => {
  const gateway = await serving("nur");
  const NurClient = defineClient({
    name: "Nur",
    environmentVariable: "NUR_API_KEY",
    baseUrl: `http://localhost:${gateway.port}`,
    keyFormat: "nur_{secret:40}",
  });
  const { key } = await gateway.key("nur", { scopes: ["tts:read"] });
  process.env.NUR_API_KEY = `${key}\n`;
  const client = new NurClient();
  const { request } = await client.post<Echo>("/v1/tts", { body: { text: "Hello" } });
  assert.deepEqual([request.method, request.path], ["POST", "/v1/tts"]);
  const error = await failureOf(client.get("/v1/voices"));
  assert.ok(error instanceof PermissionError);
  assert.equal(error.code, "insufficient_scope");
  assert.ok(error.requestId);
});

test("KugelAudio: eu- chooses the EU endpoint, and the gateway takes the key behind it", async () => {
  const gateway = await serving("kugelaudio");
  const { key } = await gateway.key("kugelaudio");
  const addresses: string[] = [];
  class KugelAudio extends defineClient({
    name: "KugelAudio",
    environmentVariable: "KUGELAUDIO_API_KEY",
    baseUrl: `http://localhost:${gateway.port}`,
    regions: { "eu-": { baseUrl: `http://127.0.0.1:${gateway.port}` } },
    keyFormat: "ka_{secret:40}",
  }) {}
  const fetch: typeof globalThis.fetch = (url, init) => {
    addresses.push(new URL(String(url)).hostname);
    return globalThis.fetch(url, init);
  };
  for (const apiKey of [key, `eu-${key}`]) {
    const client = new KugelAudio({ apiKey, fetch });
    const { models } = await client.get<{ models: { id: string }[] }>("/v1/models");
    assert.equal(models[0]?.id, "kugel-3");
    await client.post<Echo>("/v1/tts/generate", { body: { text: "Hello", model_id: "kugel-3" } });
  }
  assert.deepEqual(addresses, ["localhost", "localhost", "127.0.0.1", "127.0.0.1"]);
});

test("a key that the vendor does not know is the vendor's 401, without a retry and without the key", async () => {
  const gateway = await serving("kugelaudio");
  const Client = defineClient({
    name: "KugelAudio",
    environmentVariable: "KUGELAUDIO_API_KEY",
    baseUrl: `http://localhost:${gateway.port}`,
  });
  const apiKey = `ka_${"x".repeat(40)}`;
  const sleep = async (): Promise<never> => assert.fail("no retry");
  const error = await failureOf(new Client({ apiKey, sleep }).get("/v1/models"));
  assert.ok(error instanceof AuthenticationError);
  assert.deepEqual(error.body, { error: { code: "unauthorized", message: "Invalid or missing API key" } });
  assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(apiKey));
});

test("Nudg3: limit, scopes and tier of the key are told after every call", async () => {
  const gateway = await serving("nudg3");
  const { key } = await gateway.key("nudg3", { environment: "live", tier: "premium" });
  const Client = defineClient({
    name: "Nudg3",
    environmentVariable: "NUDG3_API_KEY",
    baseUrl: `http://localhost:${gateway.port}`,
    keyFormat: "nudg3_{env}_ak_{id:8}_{secret:32}",
  });
  const client = new Client({ apiKey: key });
  await client.get("/dashboard");
  const { limit, remaining, resetAt, scopes, tier } = client.usage ?? assert.fail("no usage");
  assert.deepEqual([limit, remaining, tier], [100, 99, "premium"]);
  assert.deepEqual([...(scopes ?? [])].sort(), ["export:data", "read:analytics"]);
  assert.ok(resetAt && resetAt.getTime() > START && resetAt.getTime() <= START + 60_000, String(resetAt));
});

test("a request more than may run at once waits as long as it is told, and then succeeds", async (t) => {
  await using upstream = await startHeldUpstream();
  const gateway = await startGateway({ files: [] });
  gateways.push(gateway);
  await gateway.apply(`
name: acme
hosts: [localhost]
environments: [production]
keys: { format: "acme_{secret:40}" }
limits: { concurrent: { concurrency: 2, retryAfterSeconds: 2, per: key } }
routes: [{ match: POST /v1/slow }]
upstream: ${upstream.url}
`);
  const { key } = await gateway.key("acme");
  const waitsMs: number[] = [];
  const Client = defineClient({
    name: "Acme",
    environmentVariable: "ACME_API_KEY",
    baseUrl: `http://localhost:${gateway.port}`,
    keyFormat: "acme_{secret:40}",
  });
  const { promise: freed, resolve: free } = Promise.withResolvers<void>();
  const { limiter } = gateway.instance;
  const release = limiter.release.bind(limiter);
  t.mock.method(limiter, "release", (slot: string) => {
    release(slot);
    free();
  });
  const sleep = async (ms: number): Promise<void> => {
    waitsMs.push(ms);
    // Until the gateway has the place of another request back.
    await upstream.arrived(2);
    upstream.letGo();
    await freed;
  };
  const client = new Client({ apiKey: key, sleep, random: () => 0 });
  const answers = Promise.all([1, 2, 3].map((n) => client.post("/v1/slow", { body: { n } })));
  await upstream.arrived(3);
  upstream.letGo();
  upstream.letGo();
  assert.equal((await answers).length, 3);
  assert.deepEqual(waitsMs, [2000]);
});
