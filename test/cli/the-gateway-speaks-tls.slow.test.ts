// Promise: with a certificate and its key in two files the gateway speaks HTTPS, WebSockets included, tells the upstream so, reads new
// files without dropping a connection, and speaks nothing else (hostile I19).
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, type RequestOptions, request } from "node:https";
import { createConnection } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { WebSocket } from "ws";
import { type CertificateFiles, makeCertificate } from "../support/certificate.ts";
import { folderFor } from "../support/folder.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { startUpstream, valuesOf } from "../support/upstream.ts";
import { run, serve } from "./made-up-terminal.ts";

const HOST = "acme.localhost";

async function served(context: TestContext, upstream: string) {
  const folder = folderFor(context);
  const first = makeCertificate(folder, "first", HOST);
  const next = makeCertificate(folder, "next", HOST);
  const files: CertificateFiles = { cert: join(folder, "tls.crt"), key: join(folder, "tls.key") };
  const put = (pair: CertificateFiles): void => {
    copyFileSync(pair.cert, files.cert);
    copyFileSync(pair.key, files.key);
  };
  put(first);
  const file = join(folder, "acme.yaml");
  writeFileSync(file, `name: acme\nupstream: ${upstream}\nnetwork: { trustedProxies: [127.0.0.1] }\n`);
  const flags = ["--json", "--port", "0", "--data", join(folder, "data"), "--project", file];
  const tls = ["--tls-cert", files.cert, "--tls-key", files.key];
  const { banner, hangUp } = await serve(context, [...flags, ...tls]);
  const { controlPlane, gateway, rootKey } = JSON.parse(banner);
  const env = { CLAVIGER_URL: controlPlane, CLAVIGER_ROOT_KEY: rootKey };
  const made = async (...args: string[]) => JSON.parse((await run([...args, "--json"], { env })).out);
  const account = await made("accounts", "create", "acme", "--name", "First");
  const { key } = await made("keys", "create", "acme", "--account", account.id, "--name", "First");
  const { port } = new URL(gateway);
  const ca = [first, next].map(({ cert }) => readFileSync(cert));
  return { controlPlane, gateway, key, port: Number(port), ca, first, next, files, put, hangUp };
}

type Served = Awaited<ReturnType<typeof served>>;

/** With the certificate that was shown. */
async function ask({ port, ca, key }: Served, more: RequestOptions = {}) {
  const headers = { Host: HOST, Authorization: `Bearer ${key}`, ...more.headers };
  const options = { host: "127.0.0.1", port, servername: HOST, ca, agent: false as const, ...more, headers };
  return new Promise<{ status: number; body: string; serial: string }>((resolve, reject) => {
    const sent = request(options, async (response) => {
      const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
      resolve({ status: response.statusCode ?? 0, body: await text(response), serial: serialNumber });
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** Resolves with the protocol that was agreed on, rejects with why there is no session. */
function shake({ port, ca }: Served, more: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, servername: HOST, ca, ...more }, () => {
      resolve(`${socket.getProtocol()} ${socket.alpnProtocol}`);
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => reject(new Error(error.code)));
  });
}

test("requests and WebSockets go over TLS, the upstream is told, and the instance is ready", async (t) => {
  await using upstream = await startUpstream();
  const gateway = await served(t, upstream.url);
  assert.match(gateway.gateway, /^https:/);
  assert.equal((await ask(gateway)).status, 204);
  assert.deepEqual(valuesOf(upstream.received.at(-1)!.rawHeaders, "x-forwarded-proto"), ["https"]);
  // A proxy in front that is trusted and has spoken plain HTTP with its client says so.
  await ask(gateway, { headers: { "X-Forwarded-Proto": "http" } });
  assert.deepEqual(valuesOf(upstream.received.at(-1)!.rawHeaders, "x-forwarded-proto"), ["http"]);
  const ready = await fetch(`${gateway.controlPlane}/readyz`);
  assert.equal(ready.status, 200, await ready.text());
});

test("a WebSocket over TLS is judged, opened and passed on", async (t) => {
  await using upstream = await startSocketUpstream();
  const { port, ca, key } = await served(t, upstream.url);
  const open = (headers: Record<string, string>) =>
    new Promise<number | WebSocket>((resolve, reject) => {
      const options = { ca, servername: HOST, headers: { Host: HOST, ...headers } };
      const socket = new WebSocket(`wss://127.0.0.1:${port}/live`, options);
      socket.once("open", () => resolve(socket));
      socket.once("unexpected-response", (_request, { statusCode = 0 }) => resolve(statusCode));
      socket.once("error", reject);
    });
  assert.equal(await open({}), 401);
  const socket = await open({ Authorization: `Bearer ${key}` });
  assert.ok(socket instanceof WebSocket);
  socket.send("hello");
  const server = await upstream.opened();
  assert.deepEqual(await server.received(1), ["hello"]);
  assert.deepEqual(valuesOf(upstream.handshakes.at(-1)!.rawHeaders, "x-forwarded-proto"), ["https"]);
  socket.terminate();
});

test("new files are for new connections, and files that do not fit together for none", async (t) => {
  await using upstream = await startUpstream();
  const gateway = await served(t, upstream.url);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const before = await ask(gateway, { agent });
  gateway.put(gateway.next);
  gateway.hangUp();
  const renewed = await ask(gateway);
  assert.notEqual(renewed.serial, before.serial);
  assert.equal((await ask(gateway, { agent })).serial, before.serial, "the open connection goes on");
  copyFileSync(gateway.first.cert, gateway.files.cert);
  gateway.hangUp();
  assert.equal((await ask(gateway)).serial, renewed.serial, "a certificate without its key changes nothing");
  writeFileSync(gateway.files.key, "none");
  gateway.hangUp();
  assert.deepEqual([(await ask(gateway)).status, (await ask(gateway)).serial], [204, renewed.serial]);
});

test("nothing else is spoken: no HTTP/2, no old TLS, no plain HTTP", async (t) => {
  await using upstream = await startUpstream();
  const gateway = await served(t, upstream.url);
  assert.equal(await shake(gateway, { ALPNProtocols: ["h2", "http/1.1"] }), "TLSv1.3 http/1.1");
  assert.equal(await shake(gateway, {}), "TLSv1.3 false");
  await assert.rejects(shake(gateway, { ALPNProtocols: ["h2"] }), /NO_APPLICATION_PROTOCOL/);
  await assert.rejects(shake(gateway, { minVersion: "TLSv1.1", maxVersion: "TLSv1.1" }));
  const plain = await new Promise<string>((resolve) => {
    let got = "";
    const socket = createConnection(gateway.port, "127.0.0.1", () => {
      socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    });
    socket.on("data", (chunk) => {
      got += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(got));
  });
  assert.ok(!plain.includes("HTTP/"), "no answer outside of TLS");
  assert.equal((await ask(gateway)).status, 204, "and it goes on");
});

test("what cannot be used is told at the start", async (t) => {
  const folder = folderFor(t);
  const one = makeCertificate(folder, "one", HOST);
  const other = makeCertificate(folder, "other", HOST);
  const flags = ["serve", "--port", "0", "--data", join(folder, "data")];
  const half = await run([...flags, "--tls-cert", one.cert]);
  assert.equal(half.code, 2);
  assert.match(half.err, /together or not at all/);
  const mixed = await run([...flags, "--tls-cert", one.cert, "--tls-key", other.key]);
  assert.equal(mixed.code, 1);
  assert.match(mixed.err, /are no certificate and its key/);
  const missing = await run([...flags, "--tls-cert", one.cert, "--tls-key", join(folder, "none")]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /cannot be read/);
});
