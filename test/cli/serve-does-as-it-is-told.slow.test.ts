// Promise: `claviger serve` listens where flags and environment say, applies the project files it is given when they have
// changed, and says of itself whether it is ready.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Sqlite from "better-sqlite3";
import { planPorts } from "../../src/cli/ports.ts";
import { folderFor } from "../support/folder.ts";
import { bareServer } from "./bare-server.ts";
import { run, serve } from "./made-up-terminal.ts";

const PEPPER = Buffer.alloc(32, 7).toString("base64url");

/** Parsed answer of the control plane; `body` is sent by PUT, as YAML. */
async function api(url: string, rootKey: string, body?: string) {
  const headers = { authorization: `Bearer ${rootKey}`, ...(body && { "content-type": "application/yaml" }) };
  const answer = await fetch(url, { headers, ...(body && { method: "PUT", body }) });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  return { status: answer.status, json: (await answer.json()) as any };
}

test("one line of JSON says where everything is, and everything is there", async (t) => {
  const data = join(folderFor(t), "data");
  const { banner } = await serve(t, ["--json", "--demo", "--port", "0", "--data", data]);
  assert.ok(!banner.includes("\n"));
  const { controlPlane, gateway, hosts, commands, rootKey } = JSON.parse(banner);
  assert.equal((await fetch(`${controlPlane}/healthz`)).status, 200);
  assert.equal((await fetch(gateway)).status, 421);
  assert.equal(hosts.length, 7);
  for (const { url } of hosts) assert.equal((await fetch(`${url}/no/such/path`)).status, 401);
  assert.equal(commands.filter(({ title }: { title: string }) => title.includes("refused")).length, 5);
  const { json } = await api(`${controlPlane}/v1/projects`, rootKey);
  assert.deepEqual(
    json.items.flatMap(({ endpoints }: { endpoints: { url: string }[] }) => endpoints.map(({ url }) => url)),
    hosts.map(({ url }: { url: string }) => url),
  );
});

test("health and readiness need no key, and readiness names what was looked at", async (t) => {
  const folder = folderFor(t);
  const file = join(folder, "moody.yaml");
  // A sample that fails wherever it is asked is there all the same.
  writeFileSync(file, "name: moody\nsample: [{ match: /**, status: 500 }]\n");
  const upstream = join(folder, "other.yaml");
  writeFileSync(upstream, "name: other\nupstream: http://127.0.0.1:1\n");
  const flags = [
    "--json",
    "--port",
    "0",
    "--data",
    join(folder, "data"),
    "--project",
    file,
    "--project",
    upstream,
  ];
  const { controlPlane } = JSON.parse((await serve(t, flags)).banner);
  const health = await fetch(`${controlPlane}/healthz`);
  assert.deepEqual([health.status, await health.json()], [200, { status: "ok" }]);
  const ready = await fetch(`${controlPlane}/readyz`);
  assert.deepEqual(
    [ready.status, await ready.json()],
    [200, { ready: true, checks: { store: "ok", projects: "ok", gateway: "ok", "sample moody": "ok" } }],
  );
});

test("a stored project that cannot be served makes it not ready, and it says which", async (t) => {
  const folder = folderFor(t);
  const data = join(folder, "data");
  const [good, bad] = [join(folder, "good.yaml"), join(folder, "bad.yaml")];
  writeFileSync(good, "name: good\n");
  writeFileSync(bad, "name: bad\n");
  const flags = ["--json", "--port", "0", "--data", data];
  await (await serve(t, [...flags, "--project", good, "--project", bad])).stop();
  const store = new Sqlite(join(data, "claviger.db"));
  store
    .prepare("update projects set file = ? where name = 'bad'")
    .run('{"name":"bad","keys":{"format":"x"}}');
  store.close();
  const { controlPlane } = JSON.parse((await serve(t, flags)).banner);
  const ready = await fetch(`${controlPlane}/readyz`);
  assert.equal(ready.status, 503);
  const { checks } = (await ready.json()) as { checks: Record<string, string> };
  assert.deepEqual(checks, { store: "ok", projects: "not served: bad", gateway: "ok", "sample good": "ok" });
});

test("a project that was changed by PUT survives a restart unless its file has changed", async (t) => {
  const folder = folderFor(t);
  const file = join(folder, "acme.yaml");
  writeFileSync(file, "name: acme\ntitle: From the file\n");
  const rootKeyFile = join(folder, "root-key");
  const flags = ["--json", "--port", "0", "--data", join(folder, "data"), "--project", file];
  const titleAfterStart = async (change?: string): Promise<string> => {
    const { banner, stop } = await serve(t, [...flags, "--root-key-file", rootKeyFile]);
    const url = `${JSON.parse(banner).controlPlane}/v1/projects/acme`;
    const rootKey = readFileSync(rootKeyFile, "utf8").trim();
    const { title } = (await api(url, rootKey)).json;
    if (change !== undefined) assert.equal((await api(url, rootKey, change)).status, 200);
    await stop();
    return title;
  };
  assert.equal(await titleAfterStart("name: acme\ntitle: By PUT\n"), "From the file");
  assert.equal(await titleAfterStart(), "By PUT");
  writeFileSync(file, "name: acme\ntitle: From the file again\n");
  assert.equal(await titleAfterStart("name: acme\ntitle: By PUT again\n"), "From the file again");
  assert.equal(await titleAfterStart(), "By PUT again");
});

test("--project is repeatable and leaves the demo out", async (t) => {
  const folder = folderFor(t);
  const data = join(folder, "data");
  const files = ["one", "two"].map((name) => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, `name: ${name}\n`);
    return ["--project", file];
  });
  const { banner } = await serve(t, ["--json", "--demo", "--port", "0", "--data", data, ...files.flat()]);
  const { hosts, commands } = JSON.parse(banner);
  assert.deepEqual(
    hosts.map(({ host }: { host: string }) => host),
    ["one.localhost", "two.localhost"],
  );
  assert.deepEqual(commands, []);
  assert.ok(!existsSync(join(data, "demo-keys.json")));
});

test("a demo key that was revoked is replaced at the next start, and the others stay", async (t) => {
  const folder = folderFor(t);
  const data = join(folder, "data");
  const rootKeyFile = join(folder, "root-key");
  const flags = ["--json", "--demo", "--port", "0", "--data", data, "--root-key-file", rootKeyFile];
  const keys = () => JSON.parse(readFileSync(join(data, "demo-keys.json"), "utf8"));
  const { banner, stop } = await serve(t, flags);
  const before = keys();
  const [{ project, id }, ...rest] = before;
  const url = JSON.parse(banner).controlPlane;
  const revoked = await run(["keys", "revoke", project, id, "--url", url, "--root-key-file", rootKeyFile]);
  assert.equal(revoked.code, 0, revoked.err);
  await stop();
  const { commands } = JSON.parse((await serve(t, flags)).banner);
  const [replaced, ...others] = keys();
  assert.deepEqual(others, rest);
  assert.notEqual(replaced.key, before[0].key);
  assert.deepEqual([replaced.project, replaced.account], [project, before[0].account]);
  assert.ok(JSON.stringify(commands).includes(replaced.key));
});

test("the environment says what no flag says", async (t) => {
  const folder = folderFor(t);
  const [one, two] = [await bareServer(t), await bareServer(t)];
  await Promise.all([one.close(), two.close()]);
  const env = {
    CLAVIGER_DATA: join(folder, "by-environment"),
    CLAVIGER_PORT: String(one.port),
    CLAVIGER_GATEWAY_PORT: String(two.port),
    CLAVIGER_HOST: "127.0.0.2",
    CLAVIGER_PEPPER: PEPPER,
  };
  const { banner, stop } = await serve(t, ["--json"], { env });
  const { controlPlane, gateway } = JSON.parse(banner);
  assert.deepEqual([controlPlane, gateway], [`http://127.0.0.2:${one.port}`, `http://127.0.0.2:${two.port}`]);
  assert.equal((await fetch(`${controlPlane}/readyz`)).status, 200);
  assert.ok(existsSync(join(env.CLAVIGER_DATA, "claviger.db")));
  assert.ok(!existsSync(join(env.CLAVIGER_DATA, "pepper")), "a pepper that is given is not written down");
  await stop();

  const data = join(folder, "by-flag");
  const flags = ["--json", "--data", data, "--port", "0", "--gateway-port", "0", "--host", "127.0.0.1"];
  const flagged = JSON.parse((await serve(t, flags, { env })).banner);
  for (const url of [flagged.controlPlane, flagged.gateway]) assert.match(url, /^http:\/\/127\.0\.0\.1:/);
  assert.notEqual(flagged.controlPlane, controlPlane);
  assert.ok(existsSync(join(data, "claviger.db")));
});

test("with another pepper than the store's the start is refused in words", async (t) => {
  const data = join(folderFor(t), "data");
  const flags = ["--json", "--port", "0", "--data", data];
  await (await serve(t, flags, { env: { CLAVIGER_PEPPER: PEPPER } })).stop();
  const other = { CLAVIGER_PEPPER: Buffer.alloc(32, 8).toString("base64url") };
  const wrong = await run(["serve", ...flags], { env: other });
  assert.deepEqual([wrong.code, wrong.out], [1, ""]);
  assert.match(
    wrong.err,
    /^claviger: the pepper in CLAVIGER_PEPPER is not the one this store was filled with: .*\n$/,
  );
  for (const text of Object.values(other)) assert.ok(!wrong.err.includes(text));
  const missing = await run(["serve", ...flags]);
  assert.equal(missing.code, 1);
  assert.match(
    missing.err,
    /^claviger: the pepper file .* is missing: bring it back, or give the pepper .*\n$/,
  );
});

test("a store that another one serves is left alone", async (t) => {
  const data = join(folderFor(t), "data");
  const flags = ["--json", "--port", "0", "--data", data];
  await serve(t, flags);
  const { code, err } = await run(["serve", ...flags]);
  assert.equal(code, 1);
  assert.match(err, /^claviger: the store .* is in use by another process: stop it first, .*\n$/);
});

test("hosts come and go with the projects, each on a port of its own while it is there", async (t) => {
  const folder = folderFor(t);
  const { banner } = await serve(t, ["--json", "--port", "0", "--data", join(folder, "data")]);
  const { controlPlane, rootKey } = JSON.parse(banner);
  const url = `${controlPlane}/v1/projects/acme`;
  const put = (hosts: string) => api(url, rootKey, `name: acme\nhosts: [${hosts}]\n`);
  const endpoints = async (): Promise<Record<string, string>> => {
    const { json } = await api(url, rootKey);
    return Object.fromEntries(
      json.endpoints.map((one: { host: string; url: string }) => [one.host, one.url]),
    );
  };
  const created = await put("one.localhost, two.localhost");
  assert.equal(created.status, 201);
  const before = await endpoints();
  assert.equal(created.json.project.endpoints.length, 2, "the answer comes when the ports are open");
  assert.deepEqual(Object.keys(before), ["one.localhost", "two.localhost"]);
  for (const address of Object.values(before)) assert.equal((await fetch(address)).status, 401);
  assert.equal((await put("two.localhost, three.localhost")).status, 200);
  const after = await endpoints();
  assert.deepEqual(Object.keys(after), ["two.localhost", "three.localhost"]);
  assert.equal(after["two.localhost"], before["two.localhost"]);
  for (const address of Object.values(after)) assert.equal((await fetch(address)).status, 401);
  await assert.rejects(fetch(before["one.localhost"]!), "nobody listens for a host that has gone");
});

test("ports that are not named follow those that are", () => {
  const named = (control: boolean, gateway: boolean) => ({ named: { control, gateway, portal: false } });
  for (const [control, gateway, plan] of [
    [
      undefined,
      undefined,
      { control: 4000, gateway: 4001, portal: 4002, firstHost: 4011, ...named(false, false) },
    ],
    [5000, undefined, { control: 5000, gateway: 5001, portal: 5002, firstHost: 5011, ...named(true, false) }],
    [undefined, 6001, { control: 6000, gateway: 6001, portal: 6002, firstHost: 6011, ...named(false, true) }],
    [5000, 6001, { control: 5000, gateway: 6001, portal: 6002, firstHost: 6011, ...named(true, true) }],
    [0, undefined, { control: 0, gateway: 0, portal: 0, firstHost: 0, ...named(true, false) }],
    [undefined, 0, { control: 4000, gateway: 0, portal: 0, firstHost: 0, ...named(false, true) }],
    // Where there is no such port, any free one will do.
    [65535, undefined, { control: 65535, gateway: 0, portal: 0, firstHost: 0, ...named(true, false) }],
    [
      undefined,
      65530,
      { control: 65529, gateway: 65530, portal: 65531, firstHost: 0, ...named(false, true) },
    ],
  ] as const)
    assert.deepEqual(planPorts(control, gateway), plan);
  assert.deepEqual(planPorts(undefined, undefined, 7000).portal, 7000);
});
