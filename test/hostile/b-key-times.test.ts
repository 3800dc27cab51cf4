// Rows B08 to B11: when a key is valid. Expiry is exclusive and counted in milliseconds, and the time of the decision rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isoTime } from "../../src/base/clock.ts";
import { ClavigerError } from "../../src/base/errors.ts";
import { mintKey } from "../../src/key/mint.ts";
import { updateKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { START } from "../support/gateway.ts";
import { type HostileAnswer, layStage, seen } from "./hostile-client.ts";

let whileAnswering = (): void => {};
const stage = await layStage(["nur", "nudg3"], (request, response) => {
  whileAnswering();
  request.resume();
  response.writeHead(204).end();
});
await stage.apply("name: plain");
const { gateway } = stage;

const END = START + 60_000;

/** Each project's route, the scopes of its key, and what it says of an expired one. */
const PROJECTS = [
  {
    name: "nur",
    target: "/v1/voices",
    scopes: ["voices:read"],
    code: "unauthorized",
    message: /^This API key has expired/,
  },
  {
    name: "nudg3",
    target: "/dashboard",
    scopes: ["read:analytics"],
    code: "expired_api_key",
    message: /has expired\.$/,
  },
  { name: "plain", target: "/", scopes: [], code: "expired_api_key", message: /^The API key has expired\./ },
] as const;

type Place = (typeof PROJECTS)[number];

const send = ({ name, target }: Place, key: string): Promise<HostileAnswer> =>
  stage.send({ host: `${name}.localhost`, target, lines: [`Authorization: Bearer ${key}`] });

async function expiringKey({ name, scopes }: Place): Promise<string> {
  gateway.clock.set(START);
  return (await stage.key(name, { scopes, expiresAt: isoTime(END) })).key;
}

test("B08: at the very millisecond of its expiry a key has expired", async () => {
  for (const place of PROJECTS) {
    const key = await expiringKey(place);
    for (const now of [END, END + 1, END + 1e12]) {
      gateway.clock.set(now);
      const answer = await send(place, key);
      assert.equal(answer.status, 401);
      assert.equal(answer.json.error.code, place.code);
      assert.match(answer.json.error.message, place.message);
    }
  }
});

test("B09: admitted in the last millisecond is admitted, however late the answer", async () => {
  for (const place of PROJECTS) {
    const key = await expiringKey(place);
    gateway.clock.set(END - 1);
    whileAnswering = () => gateway.clock.set(END + 1);
    assert.equal((await send(place, key)).status, 204);
    whileAnswering = () => {};
    assert.equal((await send(place, key)).status, 401);
  }
});

test("B10: a key that is not valid yet is answered to the letter like an unknown one", async () => {
  for (const place of PROJECTS) {
    gateway.clock.set(START);
    const { key } = await stage.key(place.name, { scopes: place.scopes, notBefore: isoTime(END) });
    const { formats, environments } = gateway.instance.directory.project(place.name) ?? assert.fail();
    const unknown = await send(place, mintKey(formats[0], { environment: environments[0] }).text);
    for (const now of [START, END - 1]) {
      gateway.clock.set(now);
      assert.deepEqual(seen(await send(place, key)), seen(unknown));
    }
    gateway.clock.set(END);
    assert.equal((await send(place, key)).status, 204);
  }
});

/** What is no time in the future, as values and as the texts of them. */
const NO_EXPIRY: readonly unknown[] = [
  0,
  -1,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  true,
  [],
  {},
  "",
  "0",
  "-1",
  "never",
  "tomorrow",
  END,
  END / 1000,
  String(END),
  String(END / 1000),
  "+010000-01-01T00:00:00Z",
  "10000-01-01T00:00:00Z",
  "2027-02-30T00:00:00Z",
  "2027-01-01T23:59:60Z",
  "2027-01-01",
  "2027-01-01T00:00:00",
  isoTime(START),
  isoTime(START - 1),
  "1970-01-01T00:00:00Z",
];

test("B11: null never expires, and what is no time in the future is not accepted", async () => {
  gateway.clock.set(START);
  const isRefused = (error: unknown) =>
    error instanceof ClavigerError && error.status === 422 && error.fields[0]?.field === "expiresAt";
  const { id } = await stage.key("plain");
  for (const value of NO_EXPIRY) {
    const expiresAt = value as string;
    await assert.rejects(gateway.key("plain", { expiresAt }), isRefused, JSON.stringify(value));
    const change = updateKey(gateway.instance, LOCAL_CALLER, "plain", id, { expiresAt });
    await assert.rejects(change, isRefused, JSON.stringify(value));
  }
  for (const input of [{ expiresAt: null }, {}]) {
    gateway.clock.set(START);
    const { key } = await stage.key("plain", input);
    gateway.clock.set(Date.parse("9999-12-31T23:59:59.999Z"));
    assert.equal((await send(PROJECTS[2], key)).status, 204);
  }
});
