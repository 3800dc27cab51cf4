// Promise: under every framework a request pays before its handler runs, gets back what it paid when the handler fails, and is settled
// at what the handler says; whoever hears the answer hears what is left after that.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { suite, test } from "node:test";
import express from "express";
import { guard } from "../../src/adapters/express.ts";
import { askPort, bearer } from "../support/gateway.ts";
import { FRAMEWORKS, type Framework, running, start } from "./program.ts";
import { keyOf, openClaviger } from "./worlds.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

async function payer(context: TestContext, framework: Framework) {
  const claviger = await openClaviger(context);
  const program = await start(framework, claviger);
  context.after(() => program[Symbol.asyncDispose]());
  const account = await claviger.accounts.create("acme", { name: "Payer" });
  const { key } = await claviger.keys.create("acme", {
    account: account.id,
    name: "Payer",
    scopes: ["read", "speak"],
  });
  return {
    claviger,
    port: program.port,
    key,
    used: async () => (await claviger.accounts.get("acme", account.id)).allowance?.used,
    ask: (path: string, body?: string | Buffer, method = "POST") =>
      askPort(program.port, "acme.localhost", {
        path,
        method,
        headers: { ...bearer(key), ...(body !== undefined && JSON_TYPE) },
        ...(body !== undefined && { body }),
      }),
  };
}

/** Sent in pieces without a length; resolves with status and text. */
function askInPieces(port: number, key: string, pieces: readonly Buffer[]): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const headers = { Host: "acme.localhost", ...bearer(key), ...JSON_TYPE, "Transfer-Encoding": "chunked" };
    const sent = httpRequest(
      { host: "127.0.0.1", port, method: "POST", path: "/speech", headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => {
          text += part;
        });
        response.on("end", () => resolve([response.statusCode ?? 0, text]));
      },
    );
    sent.on("error", reject);
    const next = (index: number): void => {
      const piece = pieces[index];
      if (piece === undefined) sent.end();
      else sent.write(piece, () => setImmediate(next, index + 1));
    };
    next(0);
  });
}

for (const framework of FRAMEWORKS) {
  suite(framework, () => {
    test("a failure gives everything back before it is told", async (t) => {
      const { ask, used } = await payer(t, framework);
      const answer = await ask("/fail", "{}");
      assert.deepEqual(
        [answer.status, answer.headers["x-quota"], answer.text],
        [503, "100", '{"failed":true}'],
      );
      assert.equal(await used(), 0);
    });

    test("so does a handler that throws", async (t) => {
      const { ask, used } = await payer(t, framework);
      assert.equal((await ask("/throw", undefined, "GET")).status, 500);
      assert.equal(await used(), 0);
    });

    test("an answer that says its cost is settled at it", async (t) => {
      const { ask, used } = await payer(t, framework);
      const answer = await ask("/settle", "{}");
      assert.deepEqual([answer.status, answer.headers["x-quota"], await used()], [200, "97", 3]);
    });

    test("a body that was measured reaches the handler whole", async (t) => {
      const { ask, used } = await payer(t, framework);
      const sent = JSON.stringify({ text: "naïve 😀", more: "x".repeat(700_000) });
      const answer = await ask("/speech", sent);
      assert.equal(answer.status, 200, answer.text.slice(0, 300));
      assert.ok(answer.json.body === sent, "another body arrived");
      assert.equal(await used(), 7);
    });

    test("so does one that comes in pieces", async (t) => {
      const { port, key, used } = await payer(t, framework);
      const sent = Buffer.from(JSON.stringify({ text: "abc", more: "y".repeat(300_000) }));
      const pieces = [
        sent.subarray(0, 1),
        sent.subarray(1, 70_000),
        sent.subarray(70_000, -1),
        sent.subarray(-1),
      ];
      const [status, text] = await askInPieces(port, key, pieces);
      assert.equal(status, 200, text.slice(0, 300));
      assert.ok(JSON.parse(text).body === sent.toString(), "another body arrived");
      assert.equal(await used(), 3);
    });

    test("one that is too large in pieces is refused, and the next is served", async (t) => {
      const { port, key, used, ask } = await payer(t, framework);
      const piece = Buffer.alloc(400_000, " ");
      assert.equal((await askInPieces(port, key, [piece, piece, piece, piece]))[0], 413);
      assert.equal(await used(), 0);
      assert.equal((await ask("/speech", '{"text":"a"}')).status, 200);
    });

    test("an empty body is refused like any that says nothing", async (t) => {
      const { ask, port, key, used } = await payer(t, framework);
      assert.equal((await ask("/speech")).status, 400);
      assert.equal((await askInPieces(port, key, []))[0], 400);
      assert.equal(await used(), 0);
    });
  });
}

test("a body that was read before the guard is the program's fault, and nothing is spent", async (t) => {
  const claviger = await openClaviger(t);
  const app = express();
  app.use(express.json(), guard(claviger, { project: "acme" }));
  const faults: string[] = [];
  app.use(((fault, _request, response, _next) => {
    faults.push(fault.name);
    response.status(500).end();
  }) satisfies express.ErrorRequestHandler);
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  await using program = running(server);
  const account = await claviger.accounts.create("acme", { name: "Payer" });
  const { key } = await claviger.keys.create("acme", { account: account.id, name: "x", scopes: ["speak"] });
  const request = {
    path: "/speech",
    method: "POST",
    body: '{"text":"abc"}',
    headers: { ...bearer(key), ...JSON_TYPE },
  };
  assert.equal((await askPort(program.port, "acme.localhost", request)).status, 500);
  assert.deepEqual(faults, ["BodyTaken"]);
  assert.equal((await claviger.accounts.get("acme", account.id)).allowance?.used, 0);
});

test("headers given to writeHead in any form, and answers written in pieces, wait for the settlement", async (t) => {
  const claviger = await openClaviger(t);
  const guarded = guard(claviger, { project: "acme" });
  const forms: ((response: ServerResponse) => void)[] = [
    (response) => response.writeHead(500, { "X-Own": "1" }).end("end"),
    (response) => response.writeHead(500, "Oh", { "X-Own": "1" }).end("end"),
    (response) => response.writeHead(500, ["X-Own", "1"]).end("end"),
    (response) => {
      response.statusCode = 500;
      response.setHeader("X-Own", "1");
      response.flushHeaders();
      response.write("e");
      response.write("n", () => response.end("d"));
    },
    (response) => {
      response.statusCode = 500;
      response.setHeader("X-Own", "1");
      Readable.from(["e", "n", "d"]).pipe(response);
    },
  ];
  for (const [index, form] of forms.entries()) {
    const server = createServer((request, response) => void guarded(request, response, () => form(response)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await using program = running(server);
    const headers = bearer(await keyOf(claviger));
    const answer = await askPort(program.port, "acme.localhost", { path: "/fail", method: "POST", headers });
    const { "x-own": own, "x-quota": quota } = answer.headers;
    assert.deepEqual([answer.status, own, quota, answer.text], [500, "1", "100", "end"], `form ${index}`);
  }
});
