// Promise: a key with an allowlist works from those addresses only, is refused where the address is not known, and follows a
// changed list with the next verdict; a list that could be misread is refused whole. CONTRACTS D3, hostile cases D04, D06 to D10.
import assert from "node:assert/strict";
import { test } from "node:test";
import { updateKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { parseAddress } from "../../src/policy/network.ts";
import { type Engine, engineFor } from "../support/engine.ts";

const from = (address: string) => ({ clientAddress: parseAddress(address) });

async function assertCodes(engine: Engine, key: string, codes: Record<string, string>): Promise<void> {
  for (const [address, code] of Object.entries(codes)) {
    assert.ok(parseAddress(address), address);
    assert.equal(await engine.code("acme", key, from(address)), code, address);
  }
}

test("addresses and ranges of both families are compared in binary (D06, D07)", async (context) => {
  const engine = await engineFor(context);
  const allowedIps = ["203.0.113.7", "198.51.100.0/24", "2001:DB8:0::/48"];
  const made = await engine.key("acme", { allowedIps });
  assert.deepEqual(made.allowedIps, ["203.0.113.7", "198.51.100.0/24", "2001:db8::/48"], "stored canonical");
  await assertCodes(engine, made.key, {
    "203.0.113.7": "ok",
    "203.0.113.8": "ip_not_allowed",
    "::ffff:203.0.113.7": "ok",
    "::FFFF:cb00:7107": "ok",
    "0000:0000:0000:0000:0000:ffff:cb00:7107": "ok",
    "::203.0.113.7": "ip_not_allowed",
    "64:ff9b::cb00:7107": "ip_not_allowed",
    "2002:cb00:7107::": "ip_not_allowed",
    "198.51.100.0": "ok",
    "198.51.100.255": "ok",
    "198.51.101.0": "ip_not_allowed",
    "198.51.99.255": "ip_not_allowed",
    "2001:db8:0:ffff::1": "ok",
    "2001:db8:1::": "ip_not_allowed",
  });
  assert.equal(await engine.code("acme", made.key), "ip_not_allowed", "an address that is not known (D04)");
});

test("a key without a list works from everywhere, known or not", async (context) => {
  const engine = await engineFor(context);
  for (const input of [{}, { allowedIps: [] }]) {
    const { key } = await engine.key("acme", input);
    assert.equal(await engine.code("acme", key), "ok");
    await assertCodes(engine, key, { "192.0.2.1": "ok", "2001:db8::1": "ok" });
  }
});

test("every address has to be confirmed, and one family does not admit the other (D08)", async (context) => {
  const engine = await engineFor(context);
  const account = (await engine.account("acme")).id;
  for (const any of ["0.0.0.0/0", "::/0"]) {
    const input = { account, allowedIps: ["203.0.113.7", any] };
    await assert.rejects(engine.key("acme", input), { code: "validation_failed", message: /confirmed/ });
    await assert.rejects(engine.key("acme", { ...input, confirmAnyAddress: false }), {
      code: "validation_failed",
    });
  }
  const four = await engine.key("acme", { account, allowedIps: ["0.0.0.0/0"], confirmAnyAddress: true });
  await assertCodes(engine, four.key, { "192.0.2.1": "ok", "2001:db8::1": "ip_not_allowed" });
  const six = await engine.key("acme", { account, allowedIps: ["::/0"], confirmAnyAddress: true });
  await assertCodes(engine, six.key, { "192.0.2.1": "ip_not_allowed", "2001:db8::1": "ok" });
});

const MISREAD = [
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0/08",
  "10.0.0.0/",
  "1.2.3",
  "010.0.0.1",
  "1.2.3.256",
  "0x7f.1",
  "2130706433",
  "fe80::1%eth0",
  "host.name",
  "10.0.0.1/8",
  "2001:db8::1/32",
  "",
  " 10.0.0.1",
  "10.0.0.1:80",
];

test("one entry that could be misread refuses the whole list, named by its place (D09, D10)", async (context) => {
  const engine = await engineFor(context);
  const kept = await engine.key("acme", { allowedIps: ["203.0.113.7"] });
  for (const entry of MISREAD) {
    const allowedIps = ["192.0.2.1", entry];
    const named = (error: { code?: string; fields?: { field: string }[] }) => {
      assert.equal(error.code, "validation_failed");
      assert.deepEqual(
        error.fields?.map(({ field }) => field),
        ["allowedIps[1]"],
        entry,
      );
      return true;
    };
    await assert.rejects(engine.key("acme", { account: kept.account, allowedIps }), named);
    await assert.rejects(updateKey(engine.instance, LOCAL_CALLER, "acme", kept.id, { allowedIps }), named);
  }
  await assertCodes(engine, kept.key, { "203.0.113.7": "ok", "192.0.2.1": "ip_not_allowed" });
});

test("a changed list holds from the next verdict on, and an empty one lets everyone in", async (context) => {
  const engine = await engineFor(context);
  const { id, key } = await engine.key("acme", { allowedIps: ["203.0.113.7"] });
  await assertCodes(engine, key, { "203.0.113.7": "ok", "198.51.100.1": "ip_not_allowed" });
  const change = (allowedIps: string[], confirmAnyAddress?: boolean) =>
    updateKey(engine.instance, LOCAL_CALLER, "acme", id, {
      allowedIps,
      ...(confirmAnyAddress !== undefined && { confirmAnyAddress }),
    });
  assert.deepEqual((await change(["198.51.100.0/24"])).allowedIps, ["198.51.100.0/24"]);
  await assertCodes(engine, key, { "203.0.113.7": "ip_not_allowed", "198.51.100.1": "ok" });
  await assert.rejects(change(["::/0"]), { code: "validation_failed" });
  await change(["::/0"], true);
  await assertCodes(engine, key, { "198.51.100.1": "ip_not_allowed", "2001:db8::1": "ok" });
  await change([]);
  await assertCodes(engine, key, { "203.0.113.7": "ok", "2001:db8::1": "ok" });
  await engine.reopen();
  assert.equal(await engine.code("acme", key), "ok");
});

test("a stored list that is damaged admits nobody", async (context) => {
  const engine = await engineFor(context);
  const { id, key } = await engine.key("acme", { allowedIps: ["203.0.113.7"] });
  const { store } = engine.instance;
  const record = (await store.key("acme", id))!;
  const damaged = { ...record, allowedIps: ["203.0.113.7", "nonsense"], version: 2 };
  await store.commit({ at: 0, audit: [], writes: [{ kind: "update-key", record: damaged, replaces: 1 }] });
  await assertCodes(engine, key, { "203.0.113.7": "ip_not_allowed" });
});
