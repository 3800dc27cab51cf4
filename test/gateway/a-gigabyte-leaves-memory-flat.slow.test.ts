// Promise: a body of 1 GB, either way, goes through the gateway's own process as it comes: its resident memory stays within 100 MB of
// what it was when idle.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type TestContext, test } from "node:test";
import { run } from "../cli/made-up-terminal.ts";
import { folderFor } from "../support/folder.ts";
import { printed, ROOT, startProcess } from "../support/server-process.ts";

const GIGABYTE = 1_073_741_824;
const MEGABYTE = 1_048_576;
const MOST_GROWTH = 100 * MEGABYTE;
const PIECE = Buffer.alloc(65_536, "claviger");

/** 1 GB without its length. */
function gigabyte(): Readable {
  return Readable.from(
    (function* pieces() {
      for (let sent = 0; sent < GIGABYTE; sent += PIECE.length) yield PIECE;
    })(),
    { objectMode: false },
  );
}

async function countBytes(body: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
}

/** In bytes, of the whole process. */
function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

async function served(context: TestContext) {
  const upstream = createServer(async (request, response) => {
    if (request.url === "/down") return void pipeline(gigabyte(), response).catch(() => {});
    response.end(String(await countBytes(request)));
    return undefined;
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  context.after(() => upstream.close());
  const folder = folderFor(context);
  const file = join(folder, "acme.yaml");
  const { port } = upstream.address() as AddressInfo;
  writeFileSync(file, `name: acme\nupstream: http://127.0.0.1:${port}\n`);
  const flags = ["--json", "--port", "0", "--data", join(folder, "data"), "--project", file];
  const server = startProcess(process.execPath, [join(ROOT, "bin/claviger.mjs"), "serve", ...flags]);
  context.after(() => server.kill());
  const { controlPlane, gateway, rootKey } = JSON.parse(await printed(server, /\n/));
  const env = { CLAVIGER_URL: controlPlane, CLAVIGER_ROOT_KEY: rootKey };
  const made = async (...args: string[]) => JSON.parse((await run([...args, "--json"], { env })).out);
  const account = await made("accounts", "create", "acme", "--name", "First");
  const { key } = await made("keys", "create", "acme", "--account", account.id, "--name", "First");
  const ask = (method: string, path: string, body?: Readable): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { Host: "acme.localhost", Authorization: `Bearer ${key}` };
      const asked = httpRequest(`${gateway}${path}`, { method, headers, agent: false }, resolve);
      asked.on("error", reject);
      if (body === undefined) asked.end();
      else pipeline(body, asked).catch(reject);
    });
  return { pid: server.pid, ask };
}

/** The most that the process held while the work went on, above what it held before. */
async function growth(pid: number, work: Promise<unknown>): Promise<number> {
  const idle = residentBytes(pid);
  let most = idle;
  const look = setInterval(() => {
    most = Math.max(most, residentBytes(pid));
  }, 20);
  await work.finally(() => clearInterval(look));
  return most - idle;
}

async function measured(context: TestContext): Promise<{ up: number; down: number }> {
  const { pid, ask } = await served(context);
  // What it takes to have served anything at all is not what a body takes.
  for (let count = 0; count < 20; count += 1)
    await countBytes(await ask("POST", "/up", Readable.from(["x"])));
  const up = await growth(
    pid,
    ask("POST", "/up", gigabyte()).then(async (answer) => {
      assert.equal(answer.statusCode, 200);
      assert.equal((await answer.toArray()).join(""), String(GIGABYTE));
    }),
  );
  const down = await growth(
    pid,
    ask("GET", "/down").then(async (answer) => assert.equal(await countBytes(answer), GIGABYTE)),
  );
  context.diagnostic(`up ${Math.round(up / MEGABYTE)} MB, down ${Math.round(down / MEGABYTE)} MB above idle`);
  return { up, down };
}

const isFlat = ({ up, down }: { up: number; down: number }): boolean =>
  up < MOST_GROWTH && down < MOST_GROWTH;

test("1 GB up, 1 GB down", { timeout: 240_000 }, async (context) => {
  // On a machine that is short of processors garbage waits for its collector, so that one of two has to do.
  const first = await measured(context);
  assert.ok(isFlat(first) || isFlat(await measured(context)));
});
