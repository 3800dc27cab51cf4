// Promise: `npm start` brings up five vendors that admit and refuse real requests, prints commands that work as printed, shows
// the same at its second start, and ends in good order when it is told to.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { folderFor } from "../support/folder.ts";
import { bareServer } from "./bare-server.ts";
import { addressOf, npmStart, offered } from "./npm-start.ts";

const VENDORS = ["kugelaudio", "murmr", "nohuman", "nudg3", "nur"];
const HOSTS = [
  ...VENDORS.map((name) => `${name}.localhost`),
  "eu.kugelaudio.localhost",
  "sandbox.nudg3.localhost",
];
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Through a shell, as it was printed: status and body. */
async function typed(command: string): Promise<{ status: number; text: string }> {
  const { stdout } = await promisify(execFile)("sh", ["-c", command]);
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(stdout)?.[1]), text: stdout };
}

/** Without what npm has to say about its own configuration. */
function own(stderr: string): string {
  return stderr.replace(/^npm .*\n/gm, "");
}

/** Ports that were free a moment ago. */
async function freePorts(t: TestContext, count: number): Promise<string[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => bareServer(t)));
  for (const server of servers) await server.close();
  return servers.map(({ port }) => String(port));
}

test("the first screen works as printed, and the second start shows the same keys and lines", async (t) => {
  const data = join(folderFor(t), "data");
  const [port, gatewayPort] = await freePorts(t, 2);
  const flags = ["--data", data, "--port", port!, "--gateway-port", gatewayPort!];
  const first = await npmStart(t, flags);
  const commands = offered(first.screen);
  const refusals = commands.filter(({ title }) => title.includes("refused"));
  assert.equal(refusals.length, VENDORS.length);
  for (const vendor of VENDORS) {
    const its = commands.filter(({ command }) => command.includes(`${vendor}.localhost:${gatewayPort}/`));
    assert.equal(its.filter((one) => refusals.includes(one)).length, 1, `one refusal for ${vendor}`);
    assert.ok(its.length >= 2, `and a request of ${vendor} that is admitted`);
  }
  assert.ok(commands.some(({ command }) => command.includes("sandbox.nudg3.localhost")));
  for (const { title, command } of commands) {
    const { status, text } = await typed(command);
    if (title.includes("refused")) assert.equal(status, 401, command);
    else assert.ok(status >= 200 && status < 300, `${command}\n${text}`);
  }

  assert.equal(addressOf(first.screen, "Control plane"), `http://127.0.0.1:${port}`);
  assert.equal(addressOf(first.screen, "Gateway"), `http://127.0.0.1:${gatewayPort}`);
  for (const host of HOSTS) {
    const answer = await fetch(`${addressOf(first.screen, host)}/v1/models`);
    assert.equal(answer.status, 401, `${host} on a port of its own`);
  }
  const [, rootKey] = /^ {2}export CLAVIGER_ROOT_KEY=(claviger_root_\w+)$/m.exec(first.screen)!;
  const headers = { authorization: `Bearer ${rootKey}` };
  assert.equal((await fetch(`http://127.0.0.1:${port}/v1/projects`, { headers })).status, 200);
  assert.equal(own(first.stderr()), "");

  assert.deepEqual(readdirSync(data).sort(), [
    "claviger.db",
    "claviger.db-wal",
    "demo-keys.json",
    "high-water",
    "people.db",
    "people.db-wal",
    "pepper",
  ]);
  assert.equal(modeOf(data), "700");
  for (const name of readdirSync(data)) assert.equal(modeOf(join(data, name)), "600", name);
  const demoKeys = readFileSync(join(data, "demo-keys.json"), "utf8");
  for (const { key } of JSON.parse(demoKeys)) assert.ok(first.screen.includes(key));
  for (const name of readdirSync(data)) assert.ok(!readFileSync(join(data, name)).includes(rootKey!), name);
  first.signal("SIGTERM");
  assert.deepEqual(await first.exited, { code: 0, signal: null });

  const second = await npmStart(t, flags);
  assert.equal(readFileSync(join(data, "demo-keys.json"), "utf8"), demoKeys);
  assert.deepEqual(offered(second.screen), commands);
  assert.ok(!second.screen.includes("claviger_root_"), "the root key is printed once");
  assert.equal((await fetch(`http://127.0.0.1:${port}/v1/projects`, { headers })).status, 200);
  assert.ok((await typed(commands[0]!.command)).status < 300);
  second.signal("SIGINT");
  assert.deepEqual(await second.exited, { code: 0, signal: null });
});

test("SIGTERM to npm lets a request in flight finish, ends with 0 and leaves no process behind", async (t) => {
  const folder = folderFor(t);
  const arrived = Promise.withResolvers<() => void>();
  const upstream = await bareServer(t, (_request, response) => {
    response.write("the first half, ");
    arrived.resolve(() => response.end("and the second"));
  });
  const file = join(folder, "acme.yaml");
  const rootKeyFile = join(folder, "root-key");
  writeFileSync(file, `name: acme\nupstream: ${upstream.url}\n`);
  const flags = ["--data", join(folder, "data"), "--port", "0", "--project", file];
  const server = await npmStart(t, [...flags, "--root-key-file", rootKeyFile, "--json"]);
  const banner = JSON.parse(/^\{.*\}$/m.exec(server.screen)![0]);
  assert.deepEqual(
    [banner.rootKeyFile, banner.rootKey, banner.commands],
    [rootKeyFile, undefined, []],
    "the root key is written and not printed",
  );
  assert.deepEqual(banner.hosts, [{ project: "acme", host: "acme.localhost", url: banner.hosts[0].url }]);
  assert.equal(modeOf(rootKeyFile), "600");
  const rootKey = readFileSync(rootKeyFile, "utf8").trim();
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${rootKey}`, "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(`${banner.controlPlane}/v1/projects/acme/${path}`, init)).json();
  };
  const { id } = (await post("accounts", { name: "First" })) as { id: string };
  const { key } = (await post("keys", { account: id, name: "Key" })) as { key: string };

  // Kept alive by the client, as clients do: an answered connection must not hold the drain up.
  const running = fetch(`${banner.hosts[0].url}/v1/hello`, { headers: { authorization: `Bearer ${key}` } });
  const finish = await arrived.promise;
  server.signal("SIGTERM");
  const refused = async () =>
    fetch(banner.gateway).then(
      () => false,
      () => true,
    );
  while (!(await refused())) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(server.isAlive());
  const finishedAt = performance.now();
  finish();
  const answer = await running;
  assert.deepEqual([answer.status, await answer.text()], [200, "the first half, and the second"]);
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  assert.ok(
    performance.now() - finishedAt < 5_000,
    "it ends when the last answer has, not when the grace does",
  );
  assert.ok(!server.isAlive());
  assert.equal(own(server.stderr()), "");
});

test("two instances stand side by side on the default ports, and the banner says which were taken", async (t) => {
  const folder = folderFor(t);
  const first = await npmStart(t, ["--data", join(folder, "one")]);
  const second = await npmStart(t, ["--data", join(folder, "two")]);
  for (const [name, port] of [
    ["Control plane", 4000],
    ["Gateway", 4001],
    ["kugelaudio.localhost", 4011],
    ["eu.kugelaudio.localhost", 4012],
    ["nur.localhost", 4017],
  ] as const) {
    const lines = [first, second].map(
      ({ screen }) => screen.split("\n").find((line) => line.startsWith(`  ${name} `))!,
    );
    // The first has the port, or somebody else had it before.
    for (const line of lines) {
      const has = line.endsWith(`:${port}`);
      assert.ok(has || line.endsWith(`  (${port} is in use)`), line);
    }
    if (lines[0]!.endsWith(`:${port}`)) assert.ok(lines[1]!.endsWith(`  (${port} is in use)`), lines[1]);
    assert.notEqual(addressOf(first.screen, name), addressOf(second.screen, name));
  }
  for (const { screen } of [first, second]) {
    const ready = await fetch(`${addressOf(screen, "Control plane")}/readyz`);
    assert.equal(ready.status, 200);
    const [admitted, refused] = offered(screen);
    assert.equal((await typed(admitted!.command)).status, 200);
    assert.equal((await typed(refused!.command)).status, 401);
  }
  // Each gateway knows its own keys only.
  const [, key] = /Bearer (\w+)/.exec(offered(first.screen)[0]!.command)!;
  const elsewhere = await fetch(`${addressOf(second.screen, "kugelaudio.localhost")}/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(elsewhere.status, 401);
});

test("a port that was named and is in use stops the start with one line and exit code 1", async (t) => {
  const taken = await bareServer(t);
  const data = join(folderFor(t), "data");
  for (const flags of [
    ["--port", String(taken.port), "--gateway-port", "0"],
    ["--gateway-port", String(taken.port)],
  ]) {
    const failed = npmStart(t, ["--data", data, ...flags]);
    await assert.rejects(failed, (error: Error) => {
      assert.match(error.message, /^ended with 1: /);
      assert.ok(
        error.message.includes(
          `claviger: port ${taken.port} is in use; name another one or stop what uses it\n`,
        ),
      );
      assert.ok(!error.message.includes("claviger_root_"));
      return true;
    });
  }
});
