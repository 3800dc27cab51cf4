// Promise: `claviger verify` says whether a key is allowed and why not; a program reads the exit code, and the key need not
// stand on the command line, where every process could read it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ServedAcme, serveAcme } from "./served.ts";

async function keyOf(acme: ServedAcme, ...flags: string[]) {
  const account = await acme.json("accounts", "create", "acme", "--name", "First");
  return acme.json("keys", "create", "acme", "--account", account.id, "--name", "Server", ...flags);
}

test("the key comes by flag, by environment or by standard input, in this order", async (t) => {
  const acme = await serveAcme(t);
  const { key, id, account } = await keyOf(acme);
  const allowed = { code: 0, out: `allowed ${id} (Server) of ${account}\n`, err: "", asked: [] };
  assert.deepEqual(await acme.run(["verify", "acme", "--key", key]), allowed);
  assert.deepEqual(await acme.run(["verify", "acme"], { env: { CLAVIGER_KEY: key } }), allowed);
  assert.deepEqual(await acme.run(["verify", "acme"], { input: `${key}\n` }), allowed);
  const told = { env: { CLAVIGER_KEY: "acme_live_wrong" }, input: "wrong too" };
  assert.deepEqual(await acme.run(["verify", "acme", "--key", key], told), allowed);
});

test("denied is exit code 3, with the code and what is needed", async (t) => {
  const acme = await serveAcme(t);
  const { key, id, account } = await keyOf(acme, "--scope", "notes:read", "--allow-ip", "10.0.0.0/8");
  const at = ["verify", "acme", "--key", key, "--ip", "10.1.2.3"];
  for (const [flags, words] of [
    [["--ip", "11.0.0.1"], `denied: ip_not_allowed ${id} (Server) of ${account}`],
    [["--environment", "test"], /^denied: wrong_environment/],
    [
      ["--scope", "notes:read", "--scope", "notes:write"],
      /^denied: insufficient_scope .*; needed: .*notes:write/,
    ],
    [["--method", "POST", "--path", "/v1/notes"], /^denied: insufficient_scope .*; needed: notes:write$/],
    [["--method", "GET", "--path", "/v2"], /^denied: no_route/],
  ] as const) {
    const { code, out, err } = await acme.run([...at, ...flags]);
    assert.deepEqual([code, err], [3, ""], flags.join(" "));
    if (typeof words === "string") assert.equal(out, `${words}\n`);
    else assert.match(out.trimEnd(), words);
  }
  assert.equal((await acme.run([...at, "--method", "GET", "--path", "/v1/notes/7"])).code, 0);
  assert.equal((await acme.run([...at, "--environment", "live", "--scope", "notes:read"])).code, 0);
});

test("an unknown key is denied without a word about any key, and so is none", async (t) => {
  const acme = await serveAcme(t);
  const { key } = await keyOf(acme);
  const typo = `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`;
  const { code, out } = await acme.run(["verify", "acme"], { input: typo });
  assert.equal(code, 3);
  assert.match(out, /^denied: invalid_key/);
  assert.ok(!out.includes("Server"));
  assert.match((await acme.run(["verify", "acme"], { input: "" })).out, /^denied: missing_key/);
});

test("--json prints the verdict, with the same exit codes", async (t) => {
  const acme = await serveAcme(t);
  const { key, id } = await keyOf(acme);
  const allowed = await acme.run(["verify", "acme", "--key", key, "--json"]);
  assert.equal(allowed.code, 0);
  assert.equal(allowed.out.trimEnd().split("\n").length, 1);
  assert.deepEqual([JSON.parse(allowed.out).allowed, JSON.parse(allowed.out).key.id], [true, id]);
  const denied = await acme.run(["verify", "acme", "--key", "x", "--json"]);
  assert.equal(denied.code, 3);
  assert.deepEqual([JSON.parse(denied.out).allowed, JSON.parse(denied.out).code], [false, "invalid_key"]);
});

test("--method and --path go together, and an unreadable question is no denial", async (t) => {
  const acme = await serveAcme(t);
  for (const flags of [
    ["--method", "GET"],
    ["--path", "/v1/notes"],
  ]) {
    const { code, out, err } = await acme.run(["verify", "acme", "--key", "x", ...flags]);
    assert.deepEqual([code, out, err], [2, "", "claviger: --method and --path go together\n"]);
  }
  const address = await acme.run(["verify", "acme", "--key", "x", "--ip", "nowhere"]);
  assert.deepEqual(
    [address.code, address.err],
    [1, "claviger: ip: is not an IP address (validation_failed)\n"],
  );
  const project = await acme.run(["verify", "nobody", "--key", "x"]);
  assert.equal(project.code, 1);
  assert.match(project.err, /^claviger: project: there is no such project\. \(not_found\)\n$/);
});
