// How three projects tell the same verdict: two of the bundled ones, and one that leaves every answer to the defaults.
import assert from "node:assert/strict";
import type { HostileAnswer, HostileRequest, Siege } from "./hostile-client.ts";

export type Told = "missing_key" | "invalid_key" | "multiple_credentials";

/** One project with a key that `target` admits. */
export interface Front {
  readonly name: string;
  readonly host: string;
  readonly target: string;
  readonly key: string;
  readonly otherKey: string;
  /** Whether `X-API-Key` carries a key here. */
  readonly hasHeader: boolean;
  readonly says: Readonly<Record<Told, readonly [status: number, code: string, message: RegExp]>>;
}

const MANY: Front["says"]["multiple_credentials"] = [400, "multiple_credentials", /once, in one place\.$/];

const FRONTS: Readonly<
  Record<string, Pick<Front, "target" | "hasHeader" | "says"> & { scopes?: readonly string[] }>
> = {
  nur: {
    target: "/v1/voices",
    hasHeader: false,
    scopes: ["voices:read"],
    says: {
      missing_key: [401, "unauthorized", /^Missing Authorization header\.$/],
      invalid_key: [401, "unauthorized", /^Invalid API key\./],
      multiple_credentials: MANY,
    },
  },
  nudg3: {
    target: "/dashboard",
    hasHeader: true,
    says: {
      missing_key: [401, "invalid_api_key", /^API key is missing\./],
      invalid_key: [401, "invalid_api_key", /^API key is invalid or malformed\./],
      multiple_credentials: MANY,
    },
  },
  plain: {
    target: "/anything",
    hasHeader: true,
    says: {
      missing_key: [401, "missing_api_key", /^No API key was sent\./],
      invalid_key: [401, "invalid_api_key", /^The API key is not valid\./],
      multiple_credentials: MANY,
    },
  },
};

const PLAIN = `name: plain
keys: { format: "plain_{env}_{id:8}_{secret:32}" }
credentials: { headers: [X-API-Key] }`;

/** The stage has to serve `nur` and `nudg3`. */
export async function openFronts(stage: Siege): Promise<Front[]> {
  await stage.apply(PLAIN);
  const fronts: Front[] = [];
  for (const [name, { scopes, ...front }] of Object.entries(FRONTS)) {
    const mint = async () => (await stage.key(name, { ...(scopes && { scopes }) })).key;
    fronts.push({ ...front, name, host: `${name}.localhost`, key: await mint(), otherKey: await mint() });
  }
  return fronts;
}

export type Sent = Omit<HostileRequest, "host"> | readonly (string | Buffer)[];

function requestOf(front: Front, sent: Sent): HostileRequest {
  const request = Array.isArray(sent) ? { lines: sent } : (sent as Omit<HostileRequest, "host">);
  return { host: front.host, target: front.target, ...request };
}

/** The request gets through once, without its credential. */
export async function assertAdmitted(stage: Siege, front: Front, sent: Sent): Promise<HostileAnswer> {
  const answer = await stage.send(requestOf(front, sent));
  assert.equal(answer.status, 204, `${front.name}: ${answer.text}`);
  assert.equal(answer.reached.length, 1, front.name);
  assert.ok(!JSON.stringify(answer.reached).includes(front.key), "the upstream saw the key");
  return answer;
}

/** Refused in the project's words, and the store was not asked unless `lookUps` says so. */
export async function assertRefused(
  stage: Siege,
  front: Front,
  told: Told,
  sent: Sent,
  lookUps = 0,
): Promise<HostileAnswer> {
  const answer = await stage.send(requestOf(front, sent));
  const [status, code, message] = front.says[told];
  assert.equal(answer.status, status, `${front.name}: ${answer.text}`);
  assert.equal(answer.json.error.code, code, front.name);
  assert.match(answer.json.error.message, message, front.name);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.lookUps, lookUps, `${front.name}: look-ups`);
  const challenge = answer.headers["www-authenticate"];
  if (status !== 401) assert.equal(challenge, undefined);
  else assert.match(challenge ?? "", told === "missing_key" ? BARE : INVALID_TOKEN);
  return answer;
}

const BARE = /^Bearer realm="[^"]+"$/;
const INVALID_TOKEN = /^Bearer realm="[^"]+", error="invalid_token"$/;
