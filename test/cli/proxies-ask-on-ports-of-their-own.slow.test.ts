// Promise: proxies are answered on ports that the operator names, and on none otherwise; and not without a secret.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkClient } from "../proxies/envoy.ts";
import { folderFor } from "../support/folder.ts";
import { run, serve } from "./made-up-terminal.ts";

const SECRET = "a-secret-of-these-tests-only";
const PORTS = ["--auth-port", "0", "--ext-authz-port", "0"];
const PROJECT = "name: acme\nnetwork: { trustedProxies: [127.0.0.1], forwardAuth: true }\n";

function folderWithProject(t: Parameters<typeof folderFor>[0]) {
  const folder = folderFor(t);
  const project = join(folder, "acme.yaml");
  writeFileSync(project, PROJECT);
  const flags = ["--json", "--port", "0", "--data", join(folder, "data"), "--project", project];
  return { folder, flags };
}

test("both listen, and know the secret of the environment or of a file", async (t) => {
  const { folder, flags } = folderWithProject(t);
  const file = join(folder, "secret");
  writeFileSync(file, `${SECRET}\n`);
  for (const [more, env] of [
    [[], { CLAVIGER_PROXY_SECRET: SECRET }],
    [["--proxy-secret-file", file], {}],
  ] as const) {
    const { banner, stop } = await serve(t, [...flags, ...PORTS, ...more], { env });
    const { forwardAuth, extAuthz } = JSON.parse(banner);
    const headers = {
      "Claviger-Proxy-Secret": SECRET,
      "X-Forwarded-Method": "GET",
      "X-Forwarded-Uri": "/",
      "X-Forwarded-Host": "acme.localhost",
    };
    const answer = await fetch(`${forwardAuth}/v1/forward-auth/acme`, { headers });
    assert.equal(answer.status, 401);
    const { check, close } = checkClient(Number(extAuthz.split(":").at(-1)), SECRET);
    const { denied_response: denied } = await check({
      attributes: { request: { http: { method: "GET", path: "/", host: "acme.localhost" } } },
    });
    assert.equal(denied?.status.code, 401);
    assert.equal(denied?.body, await answer.text());
    close();
    assert.equal(await stop(), 0);
  }
});

test("their ports can be named in the environment", async (t) => {
  const { flags } = folderWithProject(t);
  const env = { CLAVIGER_AUTH_PORT: "0", CLAVIGER_EXT_AUTHZ_PORT: "0", CLAVIGER_PROXY_SECRET: SECRET };
  const { banner } = await serve(t, flags, { env });
  assert.match(JSON.parse(banner).forwardAuth, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(JSON.parse(banner).extAuthz, /^127\.0\.0\.1:\d+$/);
});

test("neither is there unless it is named", async (t) => {
  const { flags } = folderWithProject(t);
  const { banner } = await serve(t, flags, { env: { CLAVIGER_PROXY_SECRET: SECRET } });
  const { forwardAuth, extAuthz } = JSON.parse(banner);
  assert.deepEqual([forwardAuth, extAuthz], [undefined, undefined]);
});

test("without a secret, or with a short one, nothing starts", async (t) => {
  const { flags } = folderWithProject(t);
  for (const env of [
    {},
    { CLAVIGER_PROXY_SECRET: "short" },
    { CLAVIGER_PROXY_SECRET: `${SECRET} with spaces` },
  ]) {
    const { code, err } = await run(["serve", ...flags, ...PORTS], { env });
    assert.equal(code, 2);
    assert.match(err, /proxies that ask need a secret of 22 or more/);
    assert.ok(!err.includes("short"));
  }
});

test("a port in use stops the start in words, and leaves nothing listening", async (t) => {
  const { flags } = folderWithProject(t);
  const env = { CLAVIGER_PROXY_SECRET: SECRET };
  const { banner } = await serve(t, [...flags, ...PORTS], { env });
  const { forwardAuth, extAuthz } = JSON.parse(banner);
  const other = folderWithProject(t);
  for (const [flag, address] of [
    ["--auth-port", forwardAuth],
    ["--ext-authz-port", extAuthz],
  ]) {
    const { code, err } = await run(["serve", ...other.flags, flag, address.split(":").at(-1)], { env });
    assert.equal(code, 1);
    assert.match(err, /port \d+ /);
  }
});
