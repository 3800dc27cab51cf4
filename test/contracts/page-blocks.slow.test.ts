// Promise (N6, K8, S2): what the vendors' pages print works as printed, with the address and the key replaced and nothing else: commands,
// headers, files of variables, answers. What needs the vendor's own package is run where that is installed, in test/sdks.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { type ServedVendor, serveVendor, VENDORS, type Vendor } from "../sdks/generated-clients.ts";
import { needProgram } from "../support/debian.ts";
import { bearer } from "../support/gateway.ts";
import { pythonWith } from "../support/python.ts";
import { adapted, type BlockKind, blocksOf, type PageBlock, pageOf } from "../support/vendor-pages.ts";

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "claviger-pages-"));
const served = new Map<Vendor, ServedVendor>();
before(async () => {
  needProgram("curl", "curl");
  for (const vendor of VENDORS) served.set(vendor, await serveVendor(vendor, folder));
});
after(async () => {
  await Promise.all([...served.values()].map(({ gateway }) => gateway.close()));
  rmSync(folder, { recursive: true, force: true });
});

const blocks = new Map(VENDORS.map((vendor) => [vendor, blocksOf(pageOf(vendor))]));

const blocksOfKind = (kind: BlockKind): [vendor: Vendor, block: PageBlock][] =>
  [...blocks].flatMap(([vendor, its]) =>
    its.filter((block) => block.kind === kind).map((block): [Vendor, PageBlock] => [vendor, block]),
  );

/** A key that may do all that its vendor's page shows. */
async function keyFor(vendor: Vendor): Promise<string> {
  const { gateway } = served.get(vendor)!;
  const { id: account } = await gateway.account(vendor);
  if (vendor === "nohuman") await gateway.grant(vendor, account, 100);
  return (await gateway.key(vendor, { account, ...(vendor === "nur" && { scopes: ["*"] }) })).key;
}

/** What a shell prints that runs this, in an empty place. */
async function inShell(script: string): Promise<string> {
  const { PATH = "" } = process.env;
  return (await execute("sh", ["-euc", script], { cwd: folder, env: { PATH } })).stdout;
}

test("the pages print these blocks and no other, of so many lines", () => {
  const told = Object.fromEntries(
    [...blocks].map(([vendor, its]) => [
      vendor,
      its.map(({ kind, code }) => `${kind} ${code.split("\n").length}`).join(", "),
    ]),
  );
  assert.deepEqual(told, {
    kugelaudio:
      "curl 4, webSocket 1, webSocket 7, python 8, typescript 8, curl 6, environment 2, environment 1, json 6, json 6, curl 2, json 11",
    murmr: "header 1, curl 5",
    nohuman: "curl 4, environment 2, http 13, python 12",
    nudg3: "",
    nur: "header 1, python 7, json 6",
  });
});

for (const [index, [vendor, block]] of blocksOfKind("curl").entries()) {
  const [first] = block.code.match(/curl.*/) ?? [];
  test(`${vendor}: command ${index + 1}, ${first}`, async () => {
    const key = await keyFor(vendor);
    const printed = await inShell(adapted(block, served.get(vendor)!.baseUrl, key));
    const [, output] = /--output (\S+)/.exec(block.code) ?? [];
    const answer = JSON.parse(output === undefined ? printed : readFileSync(join(folder, output), "utf8"));
    if (/models/.test(block.code)) return assert.equal(answer.models[0].id, "kugel-3");
    const { method, path } = answer.request;
    assert.deepEqual([method, path], ["POST", /https:\/\/[^/]+([^"\s]+)/.exec(block.code)?.[1]]);
  });
}

const PATHS: Partial<Record<Vendor, string>> = {
  kugelaudio: "/v1/models",
  nohuman: "/v1/videos",
};

for (const [index, [vendor, block]] of blocksOfKind("environment").entries()) {
  test(`${vendor}: variables ${index + 1} hold the key for whoever reads them`, async () => {
    const { baseUrl } = served.get(vendor)!;
    const [, variable] = /(\w+_API_KEY)=/.exec(block.code) ?? [];
    const ask = `curl -s -o answer -w '%{http_code}' ${baseUrl}${PATHS[vendor]} -H "Authorization: Bearer $${variable}"`;
    const script = (key: string) => `set -a\n${adapted(block, baseUrl, key)}\n${ask}`;
    assert.equal(await inShell(script(await keyFor(vendor))), "200");
    assert.equal(await inShell(script("none")), "401");
  });
}

for (const [vendor, block] of blocksOfKind("header")) {
  test(`${vendor}: the header as printed opens the door`, async () => {
    const { gateway } = served.get(vendor)!;
    const body = '{"text":"Hello"}';
    const path = vendor === "nur" ? "/v1/tts" : "/v1/voices/design";
    const lines = [
      `POST ${path} HTTP/1.1`,
      "Host: localhost",
      adapted(block, "", await keyFor(vendor)),
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      "Connection: close",
    ];
    assert.match(await gateway.raw(`${lines.join("\r\n")}\r\n\r\n${body}`), /^HTTP\/1\.1 200 /);
  });
}

/** What comes of a request that the page says is answered so. */
const ANSWERS: Record<string, (its: ServedVendor) => Promise<string>> = {
  "nur 0": async ({ gateway }) => (await gateway.ask("localhost", { path: "/v1/voices" })).text,
  "kugelaudio 0": async ({ gateway }) => (await gateway.ask("localhost", { path: "/v1/models" })).text,
  "kugelaudio 1": async ({ gateway }) => {
    const headers = bearer(await keyFor("kugelaudio"));
    return (await gateway.ask("localhost", { path: "/v1/accounts/another/voices", headers })).text;
  },
  "kugelaudio 2": async ({ gateway }) => {
    const headers = bearer(await keyFor("kugelaudio"));
    return (await gateway.ask("localhost", { path: "/v1/models", headers })).text;
  },
};

for (const vendor of ["kugelaudio", "nur"] as const) {
  const printed = blocks.get(vendor)?.filter(({ kind }) => kind === "json") ?? [];
  for (const [index, { code }] of printed.entries()) {
    test(`${vendor}: answer ${index + 1} is what comes back`, async () => {
      const answer = await ANSWERS[`${vendor} ${index}`]!(served.get(vendor)!);
      assert.equal(answer, JSON.stringify(JSON.parse(code)));
    });
  }
}

test("nohuman: the 429 is what the sixth request at once gets, header by header", async () => {
  const [, { code } = assert.fail("none")] = blocksOfKind("http")[0] ?? [];
  const [head = "", ...body] = code.split(/^(?=\{)/m);
  const [status, ...lines] = head.trim().split("\n");
  const { gateway } = served.get("nohuman")!;
  const headers = { ...bearer(await keyFor("nohuman")), "Content-Type": "application/json" };
  const request = { method: "POST", path: "/v1/videos/generate", headers, body: '{"duration":1}' };
  const answers = await Promise.all(Array.from({ length: 6 }, () => gateway.ask("localhost", request)));
  const refused = answers.filter((answer) => answer.status !== 200);
  assert.equal(refused.length, 1);
  const [answer = assert.fail()] = refused;
  assert.equal(status, "HTTP/1.1 429 Too Many Requests");
  assert.equal(answer.status, 429);
  for (const line of lines) {
    const [name = "", value = ""] = line.split(": ");
    const told = answer.headers[name.toLowerCase()];
    if (name === "X-RateLimit-Reset") assert.match(String(told), /^\d{10}$/);
    else assert.equal(String(told).replace(/; charset=.*$/, ""), value, name);
  }
  assert.deepEqual(answer.json, JSON.parse(body.join("")));
});

test("nohuman: the retry loop is the one that nohuman-python.slow.test.ts runs, and it answers", async () => {
  const [, { code } = assert.fail("none")] =
    blocksOfKind("python").filter(([vendor]) => vendor === "nohuman")[0] ?? [];
  assert.equal(`${code}\n`, readFileSync(join(import.meta.dirname, "pages/nohuman_retry.py"), "utf8"));
  const { baseUrl } = served.get("nohuman")!;
  const headers = JSON.stringify(bearer(await keyFor("nohuman")));
  const call = `print(make_request_with_retry("${baseUrl}/v1/videos/generate", ${headers}, {"duration": 1}).status_code)`;
  const { stdout } = await execute(pythonWith("requests==2.32.5"), ["-c", `${code}\n${call}`]);
  assert.equal(stdout, "200\n");
});

test("without the pages the tests say what is missing", () => {
  const before = process.env.CLAVIGER_VENDOR_PAGES;
  process.env.CLAVIGER_VENDOR_PAGES = join(folder, "nowhere");
  try {
    assert.throws(
      () => pageOf("nur"),
      /nowhere\/nur\.txt is missing: the vendors' pages belong in shared\/vendors/,
    );
  } finally {
    if (before === undefined) delete process.env.CLAVIGER_VENDOR_PAGES;
    else process.env.CLAVIGER_VENDOR_PAGES = before;
  }
});
