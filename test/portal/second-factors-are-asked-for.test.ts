// Promise: who has a second factor signs in with it or not at all, and nobody guesses one.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { expect, PASSWORD, portalFor } from "../support/portal.ts";

const CREDENTIALS = { email: "ada@example.com", password: PASSWORD };

/** RFC 6238 over the base32 secret, for the present moment of this machine. */
function totp(secret: string, at = Date.now()): string {
  const bits = [...secret.replace(/=+$/, "")]
    .map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest.at(-1)! & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("enrolled, asked for, guessed in vain, and taken away with the password", async (context) => {
  const { member, visitor } = await portalFor(context);
  const ada = await member();
  assert.equal(
    (await ada.ask("POST /auth/second-factor/enrol", { body: { password: "wrong password" } })).status,
    401,
  );
  const { uri, secret, backupCodes } = await expect(
    ada,
    "POST /auth/second-factor/enrol",
    { password: PASSWORD },
    200,
  );
  assert.match(uri, /^otpauth:\/\/totp\//);
  assert.equal(backupCodes.length, 10);
  // Not in force before the first code, so that nobody locks themselves out.
  assert.deepEqual(await expect(visitor(), "POST /auth/sign-in", CREDENTIALS, 200), { secondFactor: false });
  assert.equal(
    (await ada.ask("POST /auth/second-factor/activate", { body: { code: "000000" } })).status,
    401,
  );
  await expect(ada, "POST /auth/second-factor/activate", { code: totp(secret) }, 204);
  assert.equal((await expect(ada, "GET /auth/session", undefined, 200)).person.secondFactor, true);

  const again = visitor();
  assert.deepEqual(await expect(again, "POST /auth/sign-in", CREDENTIALS, 200), { secondFactor: true });
  assert.equal((await again.ask("GET /auth/session")).status, 401, "the password alone is no session");
  await expect(again, "POST /auth/second-factor", { code: totp(secret) }, 200);
  assert.equal((await again.ask("GET /auth/session")).status, 200);

  const byBackup = visitor();
  await expect(byBackup, "POST /auth/sign-in", CREDENTIALS, 200);
  await expect(byBackup, "POST /auth/second-factor", { backupCode: backupCodes[0] }, 200);
  const twice = visitor();
  await expect(twice, "POST /auth/sign-in", CREDENTIALS, 200);
  assert.equal(
    (await twice.ask("POST /auth/second-factor", { body: { backupCode: backupCodes[0] } })).status,
    401,
  );

  await expect(ada, "POST /auth/second-factor/remove", { password: PASSWORD }, 204);
  assert.deepEqual(await expect(visitor(), "POST /auth/sign-in", CREDENTIALS, 200), { secondFactor: false });
});

test("a code is guessed a few times and no more", async (context) => {
  const { member, visitor } = await portalFor(context);
  const ada = await member();
  const { secret } = await expect(ada, "POST /auth/second-factor/enrol", { password: PASSWORD }, 200);
  await expect(ada, "POST /auth/second-factor/activate", { code: totp(secret) }, 204);
  const statuses: number[] = [];
  for (let signIn = 0; signIn < 3; signIn++) {
    const thief = visitor();
    await expect(thief, "POST /auth/sign-in", CREDENTIALS, 200);
    for (let guess = 0; guess < 6; guess++)
      statuses.push((await thief.ask("POST /auth/second-factor", { body: { code: "123456" } })).status);
    // What five wrong codes spoiled, the right one does not mend.
    assert.notEqual(
      (await thief.ask("POST /auth/second-factor", { body: { code: totp(secret) } })).status,
      200,
    );
  }
  assert.ok(statuses.every((status) => status !== 200));
  const owner = visitor();
  await expect(owner, "POST /auth/sign-in", CREDENTIALS, 200);
  assert.equal((await owner.ask("POST /auth/second-factor", { body: { code: totp(secret) } })).status, 429);
});
