// Rows B01 to B06, B15, B19 and B20: which texts are keys. A key that is not alive, not here or not exactly itself is refused,
// and why is told only to whoever holds it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClavigerError } from "../../src/base/errors.ts";
import { BASE62_ALPHABET, base62Random } from "../../src/key/base62.ts";
import { checksumOf } from "../../src/key/checksum.ts";
import { digestKey } from "../../src/key/digest.ts";
import { mintKey } from "../../src/key/mint.ts";
import { revokeKey } from "../../src/manage/end-key.ts";
import { listKeys } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { formatVectors } from "../key/key-vectors.ts";
import { bearer } from "../support/gateway.ts";
import { keyRecord } from "../support/records.ts";
import { sameChecksum } from "./collision.ts";
import { assertAdmitted, assertRefused, type Front, openFronts } from "./dialects.ts";
import { layStage, seen } from "./hostile-client.ts";

const stage = await layStage(["nur", "nudg3"]);
const fronts = await openFronts(stage);
const withId = fronts.filter(({ name }) => name !== "nur");
const { gateway } = stage;

const line = (key: string) => [`Authorization: Bearer ${key}`];

/** The same public part, another secret, a right checksum. */
function withOtherSecret(key: string): string {
  const body = key.slice(0, -32) + base62Random(26, (size) => crypto.getRandomValues(new Uint8Array(size)));
  return body + checksumOf(body);
}

/** In the form of the project's keys and never issued. */
function unknownKey(project: string, environment?: string): string {
  const { formats, environments } = gateway.instance.directory.project(project) ?? assert.fail(project);
  return mintKey(formats[0], { environment: environment ?? environments[0] }).text;
}

test("B01: one changed character at any position is refused without a look-up", async () => {
  for (const front of fronts) {
    for (const [index, character] of [...front.key].entries()) {
      const next = BASE62_ALPHABET[(BASE62_ALPHABET.indexOf(character) + 1) % 62] ?? "";
      const swapped =
        character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
      for (const other of new Set([next, swapped === character ? "-" : swapped])) {
        const changed = front.key.slice(0, index) + other + front.key.slice(index + 1);
        await assertRefused(stage, front, "invalid_key", line(changed));
      }
    }
  }
});

test("B02: a well-formed key that does not exist is invalid after one look-up", async () => {
  for (const front of fronts)
    await assertRefused(stage, front, "invalid_key", line(unknownKey(front.name)), 1);
});

test("B03: a known id with a wrong secret is answered to the letter like an unknown one", async () => {
  for (const front of withId) {
    await assertAdmitted(stage, front, line(front.key));
    const unknown = await assertRefused(stage, front, "invalid_key", line(unknownKey(front.name)), 1);
    const wrong = await assertRefused(stage, front, "invalid_key", line(withOtherSecret(front.key)), 1);
    assert.deepEqual(seen(wrong), seen(unknown));
  }
});

test("B04: a key of another environment is invalid, both ways", async () => {
  await stage.apply(`name: split
hosts: [{ host: split.localhost, environment: live }, { host: try.split.localhost, environment: test }]`);
  const places = [
    { project: "nudg3", hosts: ["nudg3.localhost", "sandbox.nudg3.localhost"], target: "/dashboard" },
    { project: "split", hosts: ["split.localhost", "try.split.localhost"], target: "/" },
  ];
  for (const { project, hosts, target } of places) {
    for (const [index, environment] of ["live", "test"].entries()) {
      const { key } = await stage.key(project, { environment });
      const own = await stage.send({ host: hosts[index] ?? "", target, lines: line(key) });
      const other = await stage.send({ host: hosts[1 - index] ?? "", target, lines: line(key) });
      assert.deepEqual([own.status, other.status], [204, 401]);
      assert.equal(other.json.error.code, "invalid_api_key");
    }
  }
});

test("B05: another project's key is answered like one that does not exist", async () => {
  for (const name of ["one", "two"]) await stage.apply(`name: ${name}\nkeys: { format: "twin_{secret:32}" }`);
  const { key } = await stage.key("one");
  assert.equal((await stage.send({ host: "one.localhost", lines: line(key) })).status, 204);
  const foreign = await stage.send({ host: "two.localhost", lines: line(key) });
  assert.equal(foreign.status, 401);
  assert.equal(foreign.json.error.code, "invalid_api_key");
  const unknown = await stage.send({ host: "two.localhost", lines: line(unknownKey("two")) });
  assert.deepEqual(seen(foreign), seen(unknown));
  for (const front of fronts) {
    for (const { key: other } of fronts.filter((one) => one !== front))
      await assertRefused(stage, front, "invalid_key", line(other));
  }
});

const REVOKED: Readonly<Record<string, readonly [string, RegExp]>> = {
  nur: ["unauthorized", /^This API key has been revoked\./],
  nudg3: ["expired_api_key", /^API key has been revoked\./],
  plain: ["revoked_api_key", /^The API key has been revoked\./],
};

test("B06: a revoked key says so to its holder only", async () => {
  for (const front of fronts) {
    const { id, key } = await stage.key(front.name, {
      ...(front.name === "nur" && { scopes: ["voices:read"] }),
    });
    await assertAdmitted(stage, { ...front, key }, line(key));
    await revokeKey(gateway.instance, LOCAL_CALLER, front.name, id);
    const answer = await stage.send({ host: front.host, target: front.target, lines: line(key) });
    const [code, message] = REVOKED[front.name] ?? assert.fail();
    assert.equal(answer.status, 401);
    assert.equal(answer.json.error.code, code);
    assert.match(answer.json.error.message, message);
    if (front.name === "nur") continue;
    const wrong = await assertRefused(stage, front, "invalid_key", line(withOtherSecret(key)), 1);
    const unknown = await assertRefused(stage, front, "invalid_key", line(unknownKey(front.name)), 1);
    assert.deepEqual(seen(wrong), seen(unknown));
  }
});

test("B15: of concurrent rotations of one key exactly one gives a successor", async () => {
  const statusOf = async (text: string) =>
    (await gateway.ask("plain.localhost", { headers: bearer(text) })).status;
  for (const graceSeconds of [0, 60]) {
    const { id, account, key } = await gateway.key("plain");
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        rotateKey(gateway.instance, LOCAL_CALLER, "plain", id, { graceSeconds }),
      ),
    );
    const [winner, ...more] = attempts.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    assert.deepEqual(more, []);
    for (const one of attempts) {
      if (one.status === "fulfilled") continue;
      assert.ok(one.reason instanceof ClavigerError);
      assert.deepEqual([one.reason.status, one.reason.code], [409, "conflict"]);
    }
    const { items } = await listKeys(gateway.instance, "plain", { account });
    const others = items.filter((one) => one.id !== id);
    assert.deepEqual(
      others.map((one) => [one.id, one.status]),
      [[winner?.id, "active"]],
    );
    assert.deepEqual(
      [await statusOf(key), await statusOf(winner?.key ?? "")],
      [graceSeconds === 0 ? 401 : 204, 204],
    );
  }
});

test("B19: the published keys, once stored, are admitted for ever", async () => {
  for (const [index, { template, format, valid }] of formatVectors.entries()) {
    const project = `golden-${index}`;
    const environments = JSON.stringify(format.environments.length > 0 ? format.environments : ["live"]);
    await stage.apply(`name: ${project}
environments: ${environments}
keys: { accept: [{ format: ${JSON.stringify(template)}, checksum: ${format.checksum} }] }`);
    const account = await gateway.account(project);
    const owner = (await gateway.instance.store.account(project, account.id)) ?? assert.fail();
    for (const { text, environment } of valid) {
      const digest = digestKey(gateway.instance.pepper, text);
      const record = keyRecord(owner, { digest, ...(environment !== undefined && { environment }) });
      await gateway.instance.store.commit({
        at: gateway.clock.now(),
        writes: [{ kind: "insert-key", record }],
        audit: [],
      });
      const answer = await stage.send({ host: `${project}.localhost`, lines: line(text) });
      assert.equal(answer.status, 204, `${template}: ${answer.text}`);
    }
  }
});

test("B20: another key with the same checksum is refused by its digest", async (context) => {
  const front = withId.find(({ name }) => name === "plain") as Front;
  const [idAt, secretAt] = [front.key.length - 32 - 9, front.key.length - 32];
  const forged = sameChecksum(front.key, idAt, secretAt);
  assert.equal(forged.slice(-6), front.key.slice(-6));
  assert.notEqual(forged.slice(idAt, secretAt), front.key.slice(idAt, secretAt));
  await assertRefused(stage, front, "invalid_key", line(forged), 1);
  // Even a store that hands out the wrong row does not let it in.
  const { store, pepper } = gateway.instance;
  const row = await store.keyByDigest(digestKey(pepper, front.key));
  context.mock.method(store, "keyByDigest", async () => row);
  await assertRefused(stage, front, "invalid_key", line(forged));
  await assertAdmitted(stage, front, line(front.key));
});
