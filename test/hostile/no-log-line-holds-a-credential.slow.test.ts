// A16, A17 and A24 in a process of its own with every log line on: wherever a credential was put, good or bad, neither output
// holds it afterwards.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { folderFor } from "../support/folder.ts";
import { rawStatus } from "../support/gateway.ts";
import { bytesOf, exchange } from "./hostile-client.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/claviger.mjs", import.meta.url));
const PROJECT = fileURLToPath(new URL("../../projects/nudg3.yaml", import.meta.url));
const HOST = "nudg3.localhost";

/** Every place where a client might put a key, with what the gateway makes of it. */
function placements(
  key: string,
): readonly (readonly [status: number, target: string, lines: readonly string[]])[] {
  const good = `Authorization: Bearer ${key}`;
  return [
    [200, "/dashboard", [good]],
    [
      200,
      "/dashboard",
      [`X-API-Key: ${key}`, `Referer: https://example.org/?api_key=${key}`, `User-Agent: ${key}`],
    ],
    [200, "/dashboard", [good, `Cookie: api_key=${key}`, `X-${key.replaceAll("_", "-")}: ${key}`]],
    [400, "/dashboard", [good, `X-API-Key: ${key}`]],
    [400, `/dashboard?api_key=${key}`, [good]],
    [400, `/dashboard//${key}`, [good]],
    [401, `/dashboard?api_key=${key}`, []],
    [401, "/dashboard", [`Authorization: Basic ${Buffer.from(`${key}:`).toString("base64")}`]],
    [401, "/dashboard", [`Authorization: Bearer "${key}"`]],
    [403, `/${key}`, [good]],
    [400, "/dashboard", [`${good}\0`]],
    [431, "/dashboard", [`${good}${key.repeat(400)}`]],
  ];
}

test("no line of either output holds a credential that was sent", async (context) => {
  const folder = folderFor(context);
  const rootKeyFile = join(folder, "root-key");
  const flags = ["--data", join(folder, "data"), "--port", "0", "--gateway-port", "0", "--project", PROJECT];
  const child = spawn(
    process.execPath,
    [PROGRAM, "serve", ...flags, "--root-key-file", rootKeyFile, "--json"],
    {
      env: { ...process.env, CLAVIGER_LOG: "trace" },
    },
  );
  context.after(() => child.kill("SIGKILL"));
  let output = "";
  const ready = new Promise<string>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`ended before it was ready: ${output}`)));
    child.stderr.on("data", (chunk) => (output += String(chunk)));
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += String(chunk);
      output += String(chunk);
      if (said.includes("\n")) resolve(said);
    });
  });
  const { controlPlane, gateway } = JSON.parse((await ready).split("\n")[0] ?? "");
  const rootKey = readFileSync(rootKeyFile, "utf8").trim();
  const post = async (path: string, body: object) => {
    const headers = { Authorization: `Bearer ${rootKey}`, "Content-Type": "application/json" };
    const answer = await fetch(`${controlPlane}/v1/projects/nudg3/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return (await answer.json()) as { id: string; key: string };
  };
  const account = await post("accounts", { name: "Watched" });
  const { key } = await post("keys", { account: account.id, name: "Watched" });
  for (const [status, target, lines] of placements(key)) {
    const answer = await exchange(Number(new URL(gateway).port), bytesOf({ host: HOST, target, lines }));
    assert.equal(rawStatus(answer), status, `${target} ${lines.join(" ")}`.slice(0, 300));
  }
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "close"), [0, null]);
  const secrets = [
    key,
    key.slice(-32),
    Buffer.from(`${key}:`).toString("base64"),
    encodeURIComponent(key),
    rootKey,
  ];
  for (const secret of secrets) assert.ok(!output.includes(secret), "a credential was written out");
});
