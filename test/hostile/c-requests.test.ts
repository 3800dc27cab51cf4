// Rows C13, C17 and C19: which request a request is. Targets, methods and hosts that could mean two things are refused, and a
// refusal on a connection keeps its turn.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, test } from "node:test";
import { Agent } from "undici";
import { createGateway } from "../../src/gateway/gateway.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { rawStatus } from "../support/gateway.ts";
import { bytesOf, exchange, type HostileRequest, layStage, words } from "./hostile-client.ts";

const stage = await layStage(["nur", "kugelaudio"], (request, response) => {
  request.on("error", () => {});
  // One upstream does not wait for the body before it speaks.
  if (request.url === "/early") response.writeHead(200).write("early");
  else request.on("end", () => response.writeHead(204).end());
  request.resume();
});
const { gateway } = stage;

await stage.apply(`name: doors
scopes: { export: x, none: x }
routes: [{ match: /v1/exports, scopes: [export] }, { match: /** }]`);

const HOST = "doors.localhost";
const strong = (await stage.key("doors", { scopes: ["export"] })).key;
const weak = (await stage.key("doors", { scopes: ["none"] })).key;
const authorized = (key: string) => [`Authorization: Bearer ${key}`];

const ask = (request: Partial<HostileRequest>) =>
  stage.send({ host: HOST, target: "/pub", lines: authorized(strong), ...request });

test("C13: the absolute form of another authority, * and CONNECT are refused", async () => {
  const foreign = words(`
    http://evil.example/pub https://evil.example/pub http://doors.localhost:80/pub http://doors.localhost
    http://a@doors.localhost/pub ftp://doors.localhost/pub http:///pub
  `);
  for (const target of foreign) {
    const answer = await ask({ target });
    assert.equal(answer.status, 400, target);
    assert.equal(answer.lookUps, 0);
  }
  for (const method of ["OPTIONS", "GET"]) {
    const answer = await ask({ method, target: "*" });
    assert.equal(answer.status, 400, method);
  }
  for (const target of ["doors.localhost:443", "evil.example:443", "/pub", "http://doors.localhost/pub"]) {
    const answer = await ask({ method: "CONNECT", target });
    assert.equal(answer.status, 400, target);
    assert.equal(answer.headers.connection, "close");
  }
  await assertResetsAreSurvived("CONNECT doors.localhost:443 HTTP/1.1\r\nHost: doors.localhost\r\n\r\nmore");
  const own = await ask({ target: "HTTP://DOORS.localhost/v1/exports" });
  assert.deepEqual([own.status, own.reached[0]?.target], [204, "/v1/exports"]);
  const guarded = await ask({ target: "http://doors.localhost/v1/exports", lines: authorized(weak) });
  assert.equal(guarded.status, 403);
});

/** The socket of a refused tunnel has left the server's hands: its error must not end the process. */
async function assertResetsAreSurvived(bytes: string): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const socket = connect(gateway.port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write(bytes);
    await new Promise(setImmediate);
    socket.resetAndDestroy();
  }
}

test("C17: methods that nobody needs are refused", async () => {
  for (const method of words("TRACE PROPFIND PURGE LINK QUERY SEARCH MKCOL M-SEARCH")) {
    const answer = await ask({ method, target: "/pub" });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.json.error.code, "method_not_allowed");
    assert.match(answer.headers.allow ?? "", /GET.*DELETE/);
  }
  for (const method of ["FOO", "get", "Get", "GETT", "G", "", "GET\t", "\0", "PRI", "GÉT", "GET,POST"]) {
    const answer = await ask({ method, target: "/pub" });
    assert.equal(answer.status, 400, method);
    assert.equal(answer.lookUps, 0);
  }
});

test("C19: two Host lines, or none in HTTP/1.1, are malformed", async () => {
  const hosts = [HOST, "nur.localhost", "unknown.example", ""];
  for (const first of hosts) {
    for (const second of hosts) {
      for (const name of ["Host", "hOsT"]) {
        const lines = [`${name}: ${second}`, ...authorized(strong)];
        const answer = await stage.send({ host: first, target: "/pub", lines });
        assert.equal(answer.status, 400, `${first} and ${second}: ${answer.text}`);
        assert.equal(answer.json.error?.code ?? answer.json.code, "invalid_request");
        assert.equal(answer.lookUps, 0);
      }
    }
  }
  const bare = bytesOf({ host: "x", target: "/pub", lines: authorized(strong) })
    .toString()
    .replace("Host: x\r\n", "");
  assert.equal((await stage.sendBytes(bare)).status, 400);
  await assertOneHostOnItsOwnPort();
});

/** A port that belongs to one host needs no header to find the project, and asks for it all the same. */
async function assertOneHostOnItsOwnPort(): Promise<void> {
  const dispatcher = new Agent();
  const handler = createGateway({ ...gateway.instance, dispatcher, upstreamOf: ({ upstream }) => upstream });
  const server = createHttpServer((request, response) => void handler(request, response, HOST));
  const port = await listen(server, 0, "127.0.0.1");
  after(async () => {
    await drain(server, 0);
    await dispatcher.destroy();
  });
  const status = async (lines: readonly string[], version = "1.1") => {
    const head = [
      "GET /pub HTTP/1.1".replace("1.1", version),
      ...lines,
      ...authorized(strong),
      "Connection: close",
    ];
    return rawStatus(await exchange(port, `${head.join("\r\n")}\r\n\r\n`));
  };
  assert.equal(await status([`Host: 127.0.0.1:${port}`]), 204);
  assert.equal(await status([]), 400);
  assert.equal(await status([`Host: 127.0.0.1:${port}`, `Host: 127.0.0.1:${port}`]), 400);
  assert.equal(await status([], "1.0"), 204);
}

test("a malformed request behind good ones is answered after them", async () => {
  const good = bytesOf({ host: HOST, target: "/pub", lines: authorized(strong) })
    .toString()
    .replace("Connection: close\r\n", "");
  for (const bad of [
    "GARBAGE\r\n\r\n",
    "GET / HTTP/1.1\r\nA : b\r\n\r\n",
    "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
  ]) {
    const answers = await exchange(gateway.port, good + good + bad + bad);
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
    assert.deepEqual(statuses, [204, 204, 400]);
  }
});

test("a body that turns out malformed after the answer has begun ends the connection without another answer", async () => {
  const socket = connect(gateway.port, "127.0.0.1");
  const chunks: string[] = [];
  socket.setEncoding("latin1").on("error", () => {});
  const lines = [...authorized(strong), "Transfer-Encoding: chunked"];
  const body = "5\r\nhello\r\n";
  socket.write(bytesOf({ host: HOST, method: "POST", target: "/early", lines, body }));
  socket.on("data", (chunk: string) => {
    chunks.push(chunk);
    if (chunk.includes("early")) socket.write("ZZ\r\n");
  });
  await once(socket, "close");
  assert.match(chunks.join(""), /^HTTP\/1\.1 200 /);
  assert.doesNotMatch(chunks.join(""), /HTTP\/1\.1 400/);
});

test("an Upgrade that Connection does not name leaves the request plain HTTP, where no key is read from the query", async () => {
  const { key } = await stage.key("kugelaudio");
  const request = { host: "kugelaudio.localhost", target: `/v1/models?api_key=${key}` };
  for (const lines of [
    [],
    ["Upgrade: websocket"],
    ["Connection: upgrade"],
    ["Upgrade: h2c", "Connection: Upgrade"],
  ]) {
    const answer = await stage.send({ ...request, lines });
    assert.equal(answer.status, 401, lines.join(" "));
    assert.equal(answer.json.error.message, "Invalid or missing API key");
  }
});

test("a request that asks for another protocol is answered as what it is, and nothing behind it is read", async () => {
  const open = (lines: readonly string[], body: string) =>
    bytesOf({ host: HOST, method: "POST", target: "/pub", lines: [...authorized(strong), ...lines], body })
      .toString()
      .replace("Connection: close\r\n", "");
  const inner = bytesOf({ host: HOST, target: "/inner", lines: authorized(strong) }).toString();
  const before = stage.upstream.received.length;
  for (const protocol of ["websocket", "h2c", "TLS/1.0", "x"]) {
    const lines = ["Connection: Upgrade", `Upgrade: ${protocol}`, "Content-Length: 5"];
    const answers = await exchange(gateway.port, open(lines, "hello") + inner);
    assert.deepEqual(answers.match(/HTTP\/1\.1 \d{3}/g), ["HTTP/1.1 204"], protocol);
  }
  const reached = stage.upstream.received.slice(before);
  assert.deepEqual(
    reached.map(({ target }) => target),
    ["/pub", "/pub", "/pub", "/pub"],
  );
  for (const { rawHeaders } of reached) assert.doesNotMatch(rawHeaders.join(" "), /upgrade/i);
});

test("an expectation that nobody knows is ignored", async () => {
  const lines = ["Expect: the-unexpected"];
  assert.equal((await ask({ lines: [...authorized(strong), ...lines] })).status, 204);
  assert.equal((await ask({ lines })).json.error.code, "missing_api_key");
});
