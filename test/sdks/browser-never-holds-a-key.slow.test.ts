// Promise (N8): the browser of examples/backend-proxy uses a vendor's API over HTTP and WebSocket, and no key is in anything that reaches
// it: no answer, address, message, storage or page. A ticket that someone took from it opens nothing any more.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { printed, type ServerProcess, startProcess } from "../support/server-process.ts";
import { type Operated, startClaviger } from "./operator-sdk.ts";

let claviger: Operated;
let backend: ServerProcess;
let url = "";
let key = "";
let secrets: string[] = [];
const ends: (() => unknown)[] = [];
const context = { after: (end: () => unknown) => void ends.unshift(end) };

before(async () => {
  claviger = await startClaviger("--demo");
  context.after(() => claviger.end());
  const keys: { project: string; key: string }[] = JSON.parse(
    readFileSync(join(claviger.data, "demo-keys.json"), "utf8"),
  );
  key = keys.find(({ project }) => project === "kugelaudio")?.key ?? assert.fail("no demo key");
  secrets = [claviger.rootKey, ...keys.map((one) => one.key)];
  const host = claviger.hosts.find((one) => one.host === "kugelaudio.localhost") ?? assert.fail("no host");
  backend = startProcess(process.execPath, ["examples/backend-proxy/server.ts"], {
    env: {
      KUGELAUDIO_BASE_URL: host.url,
      KUGELAUDIO_API_KEY: key,
      CLAVIGER_URL: claviger.url,
      CLAVIGER_ROOT_KEY: claviger.rootKey,
    },
  });
  context.after(() => backend.kill());
  url = (await printed(backend, /^http:.*\n/)).trim();
});
after(async () => {
  await closeBrowser();
  for (const end of ends) await end();
});

/** A key of any of the vendors or of Claviger, whether it is one or not. */
const KEY_SHAPED =
  /(?<![0-9A-Za-z_-])(?:claviger_root|ka|nh|nur|murmr_sk_[a-z]+|nudg3_[a-z]+_ak)_[0-9A-Za-z]{8}/;

function assertKeyless(text: string, where: string): void {
  assert.doesNotMatch(text, KEY_SHAPED, where);
  for (const secret of secrets) {
    const rest = secret.slice(-20);
    for (const shown of [rest, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")])
      assert.ok(!text.includes(shown), `a key in ${where}`);
  }
}

interface Watched {
  readonly page: Page;
  /** What reached the browser or left it, with the place where it was. */
  readonly seen: { readonly where: string; readonly text: string }[];
  /** The addresses of sockets. */
  readonly sockets: string[];
  /** Until the bodies are read. */
  settled(): Promise<void>;
}

async function watched(visit: BrowserContext): Promise<Watched> {
  const page = await visit.newPage();
  const seen: { where: string; text: string }[] = [];
  const sockets: string[] = [];
  const reading: Promise<unknown>[] = [];
  const note = (where: string, text: string): void => void seen.push({ where, text });
  visit.on("request", (request) => {
    note(`request ${request.url()}`, request.url());
    reading.push(
      request.allHeaders().then((headers) => note(`headers of ${request.url()}`, JSON.stringify(headers))),
    );
    note(`body of request ${request.url()}`, request.postData() ?? "");
  });
  visit.on("response", (response) => {
    const where = `answer of ${response.url()}`;
    reading.push(response.allHeaders().then((headers) => note(where, JSON.stringify(headers))));
    reading.push(response.body().then((body) => note(where, body.toString("latin1"))));
  });
  page.on("websocket", (socket) => {
    sockets.push(socket.url());
    note("address of a socket", socket.url());
    const heard = (where: string) => (frame: { payload: string | Buffer }) =>
      note(where, frame.payload.toString("latin1" as never));
    socket.on("framereceived", heard("message received")).on("framesent", heard("message sent"));
  });
  page.on("console", (message) => note("console", message.text()));
  page.on("pageerror", (error) => assert.fail(error));
  return { page, seen, sockets, settled: async () => void (await Promise.all(reading)) };
}

/** Everything that a page may keep. */
async function storageOf(page: Page, visit: BrowserContext): Promise<string> {
  const kept = await page.evaluate(`(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: globalThis.caches ? await caches.keys() : [],
    workers: (await navigator.serviceWorker?.getRegistrations() ?? []).length,
    name: window.name,
    history: [history.length, JSON.stringify(history.state)],
    cookie: document.cookie,
    entries: performance.getEntries().map(({ name }) => name),
  }))()`);
  const state = await visit.storageState({ indexedDB: true });
  return JSON.stringify([kept, state, page.url(), await page.content()]);
}

test("it speaks over HTTP and over WebSocket, and no key is anywhere in the browser", async (context) => {
  const visit = await openBrowser(context);
  const { page, seen, sockets, settled } = await watched(visit);
  await page.goto(url);
  await page.getByText("Models: Kugel 3").waitFor();
  await page.getByLabel("Text").fill("Good morning");
  await page.getByRole("button", { name: "Speak over HTTP" }).click();
  await page.getByText("HTTP: POST /v1/tts/generate").waitFor();
  await page.getByRole("button", { name: "Speak over WebSocket" }).click();
  await page.getByText(/WebSocket: [1-9]\d* bytes of audio/).waitFor();
  await settled();

  // What it watches is there to be watched: the calls, the socket with its ticket, messages, what is kept.
  const places = seen.map(({ where }) => where).join("\n");
  for (const place of [
    "/api/models",
    "/api/speech",
    "/api/ticket",
    "/app.js",
    "message received",
    "message sent",
  ])
    assert.ok(places.includes(place), place);
  assert.equal(sockets.length, 1);
  assert.match(sockets[0] ?? "", /^ws:.*\/ws\/tts\?api_key=claviger_ticket_/);
  const storage = await storageOf(page, visit);
  assert.match(storage, /Good morning/);
  for (const { where, text } of [...seen, { where: "storage", text: storage }]) assertKeyless(text, where);
  assert.ok(!seen.some(({ where, text }) => where.startsWith("headers") && /"authorization"/i.test(text)));

  // Someone who took the ticket from there comes too late.
  const late = await fetch((sockets[0] ?? "").replace(/^ws/, "http"), {
    headers: { "x-was": "a socket" },
  });
  assert.equal(late.status, 401);
  await assert.rejects(opened(sockets[0] ?? ""));
  await visit.close();
});

function opened(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error("refused"));
  });
}

test("the watch finds a key where there is one", () => {
  for (const secret of secrets) {
    assert.throws(() => assertKeyless(`{"a":"${secret}"}`, "here"));
    assert.throws(() => assertKeyless(Buffer.from(secret).toString("base64"), "here"));
  }
  assertKeyless("claviger_ticket_abcdefghijklmnop key_0123456789", "nowhere");
});

test("who has not opened the page, or calls from another site, spends nothing", async () => {
  for (const path of ["/api/speech", "/api/ticket"]) {
    const bare = await fetch(`${url}${path}`, { method: "POST", body: '{"text":"x"}' });
    assert.equal(bare.status, 403);
    const [cookie = ""] = (await fetch(url)).headers.getSetCookie();
    assert.match(cookie, /; HttpOnly; SameSite=Strict/);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    const foreign = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { ...headers, "sec-fetch-site": "cross-site" },
    });
    assert.equal(foreign.status, 403);
  }
});

test("a session has so many calls a minute, and the backend passes on three calls and no other", async () => {
  const [cookie = ""] = (await fetch(url)).headers.getSetCookie();
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  for (const path of ["/api/keys", "/v1/models", "/server.ts", "/../server.ts", "/page/../vendor.ts"])
    assert.equal((await fetch(`${url}${path}`, { headers })).status, 404, path);
  const long = await fetch(`${url}/api/speech`, {
    method: "POST",
    headers,
    body: JSON.stringify({ text: "x".repeat(1001) }),
  });
  assert.equal(long.status, 422);
  const statuses = new Set<number>();
  for (let call = 0; call < 65; call++)
    statuses.add((await fetch(`${url}/api/speech`, { method: "POST", headers, body: "{}" })).status);
  assert.deepEqual(statuses, new Set([422, 429]));
});

test("when the key is revoked the page is told that the service does not answer, and nothing of keys", async (context) => {
  const { sdk } = await import("./operator-sdk.ts");
  const operator = new sdk.Claviger({ rootKey: claviger.rootKey, url: claviger.url });
  const { sub = "" } = await operator.introspectKey({ token: key, project: "kugelaudio" });
  await operator.revokeKey("kugelaudio", sub);
  const visit = await openBrowser(context);
  const { page, seen, settled } = await watched(visit);
  await page.goto(url);
  await page.getByRole("button", { name: "Speak over HTTP" }).click();
  await page.getByText("Models: none now").waitFor();
  await page.getByText("Not spoken: The service does not answer.").waitFor();
  await settled();
  for (const { where, text } of seen) assertKeyless(text, where);
  assert.equal(seen.filter(({ text }) => /invalid or missing|unauthorized/i.test(text)).length, 0);
});
