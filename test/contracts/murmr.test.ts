// murmr: the form of its keys and the two environments that they tell apart (rows M1, and M7 without its allowance).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { formatRegex } from "../../src/key/format.ts";
import { revokeKey } from "../../src/manage/end-key.ts";
import { listKeys } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Answer, bearer, startGateway } from "../support/gateway.ts";
import { unknownKey } from "./unknown-key.ts";

const HOST = "murmr.localhost";
const FILE = readFileSync(new URL("../../projects/murmr.yaml", import.meta.url), "utf8");
const gateway = await startGateway();
after(() => gateway.close());
const { instance } = gateway;

/** The page's complete request, with another host and key. */
const design = (headers: Record<string, string>, host = HOST): Promise<Answer> =>
  gateway.ask(host, {
    method: "POST",
    path: "/v1/voices/design",
    headers: { "Content-Type": "application/json", ...headers },
    body: '{"text": "Hello world", "voice_description": "A warm voice", "language": "English"}',
  });

test("M1: keys are murmr_sk_live_ or murmr_sk_test_ and exactly 32 alphanumerics", async () => {
  for (const environment of ["live", "test"]) {
    const { key } = await gateway.key("murmr", { environment });
    assert.match(key, new RegExp(`^murmr_sk_${environment}_[0-9A-Za-z]{32}$`));
    assert.equal((await design(bearer(key))).status, 200);
  }
});

test("M1: what a secret scanner looks for finds every key", async () => {
  const pattern = new RegExp(formatRegex(instance.directory.project("murmr")!.formats[0]));
  for (const environment of ["live", "test"]) {
    const { key } = await gateway.key("murmr", { environment });
    assert.equal(pattern.exec(`MURMR_API_KEY="${key}" # ours`)?.[0], key);
  }
});

test("M1: anything but such a key as a bearer token is a 401, told in the page's shape", async () => {
  const { key } = await gateway.key("murmr");
  const form = "It is not in the form of this API's keys; copy the whole key.";
  for (const [headers, message] of [
    [{}, "No API key was sent."],
    [bearer("murmr_sk_live_aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"), `The API key is not valid. ${form}`],
    [bearer(key.slice(0, -1)), `The API key is not valid. ${form}`],
    [bearer(`${key}0`), `The API key is not valid. ${form}`],
    [bearer(key.replace("_sk_", "_pk_")), `The API key is not valid. ${form}`],
    [bearer(unknownKey(gateway, "murmr", "live")), "The API key is not valid."],
    [{ Authorization: key }, "The API key is not valid. The Authorization header must be: Bearer <key>."],
    [{ "X-API-Key": key }, "No API key was sent."],
  ] as [Record<string, string>, string][]) {
    const answer = await design(headers);
    assert.equal(answer.status, 401);
    assert.equal(answer.text, JSON.stringify({ error: { code: "unauthorized", message } }));
  }
});

test("M7: one account has many keys with names of their own, each shown once", async () => {
  const account = (await gateway.account("murmr")).id;
  const names = ["Production App", "Development", "CI"];
  const secrets: string[] = [];
  for (const name of names) secrets.push((await gateway.key("murmr", { account, name })).key);
  assert.equal(new Set(secrets).size, 3);
  const { items } = await listKeys(instance, "murmr", { account });
  assert.deepEqual(items.map(({ name }) => name).sort(), names.toSorted());
  for (const secret of secrets) assert.ok(!JSON.stringify(items).includes(secret.slice(-32)));
});

test("M7: revoking one key works instantly and leaves its siblings alone", async () => {
  const account = (await gateway.account("murmr")).id;
  const [one, other] = [await gateway.key("murmr", { account }), await gateway.key("murmr", { account })];
  assert.equal((await design(bearer(one.key))).status, 200);
  await revokeKey(instance, LOCAL_CALLER, "murmr", one.id);
  const refused = await design(bearer(one.key));
  assert.equal(refused.status, 401);
  assert.equal(refused.text, '{"error":{"code":"unauthorized","message":"The API key has been revoked."}}');
  assert.equal((await design(bearer(other.key))).status, 200);
});

test("M7: the upstream learns whether a key is live or test, and neither can be respelled as the other", async () => {
  for (const [environment, other] of [
    ["live", "test"],
    ["test", "live"],
  ] as const) {
    const { key } = await gateway.key("murmr", { environment });
    const answer = await design(bearer(key));
    assert.equal(answer.json.request.headers["claviger-environment"], environment);
    const respelled = key.replace(`murmr_sk_${environment}_`, `murmr_sk_${other}_`);
    assert.equal((await design(bearer(respelled))).status, 401);
  }
});

test("M7: given a host for each environment, live and test keys are refused on each other's", async () => {
  await gateway.apply(
    FILE.replace(
      "hosts: [murmr.localhost]",
      "hosts: [{ host: murmr.localhost, environment: live }, { host: test.murmr.localhost, environment: test }]",
    ),
  );
  const hosts = { live: HOST, test: "test.murmr.localhost" } as const;
  for (const environment of ["live", "test"] as const) {
    const { key } = await gateway.key("murmr", { environment });
    const other = environment === "live" ? "test" : "live";
    assert.equal((await design(bearer(key), hosts[environment])).status, 200);
    const refused = await design(bearer(key), hosts[other]);
    assert.equal(refused.status, 401);
    assert.equal(
      refused.text,
      '{"error":{"code":"unauthorized","message":"The API key belongs to another environment."}}',
    );
  }
  await gateway.apply(FILE);
});
