// Promise (N6, K4, K8): the TypeScript packages that `claviger sdk` writes for the five vendors compile strictly, pass their own tests,
// install without a network from what was packed, and speak to the vendor's gateway under the vendor's own names.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { ROOT } from "../support/server-process.ts";
import { adapted, blocksOf, pageOf, withRepeatedNames } from "../support/vendor-pages.ts";
import {
  type ServedVendor,
  serveVendor,
  TRICKY,
  VENDORS,
  type Vendor,
  writeClient,
} from "./generated-clients.ts";
import { complaints } from "./npm-packages.ts";

const execute = promisify(execFile);
const KIT = join(ROOT, "sdks/typescript/client");
const BIN = join(ROOT, "node_modules/.bin");
const folder = mkdtempSync(join(tmpdir(), "claviger-generated-"));
const packed = join(folder, "packed");
const home = join(folder, "elsewhere");
const path = `${BIN}${delimiter}${process.env.PATH}`;
const served = new Map<Vendor, ServedVendor>();
after(async () => {
  await Promise.all([...served.values()].map(({ gateway }) => gateway.close()));
  rmSync(folder, { recursive: true, force: true });
});

const sourceOf = (vendor: Vendor): string => join(folder, "source", vendor);

async function npm(cwd: string, ...args: string[]): Promise<string> {
  // What tells a test runner that it runs inside another, whose language it then speaks.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const env = { ...inherited, PATH: path, npm_config_update_notifier: "false" };
  return execute("npm", args, { cwd, env }).then(
    ({ stdout }) => stdout,
    (error) => assert.fail(`${error.stdout}${error.stderr}`),
  );
}

const INSTALL = ["install", "--no-audit", "--no-fund", "--offline"];

before(async () => {
  mkdirSync(packed);
  mkdirSync(home);
  mkdirSync(join(folder, "source"));
  // A copy: packing compiles, and a build that lies about is not packed.
  const kit = join(folder, "kit");
  cpSync(KIT, kit, { recursive: true, filter: (one) => relative(KIT, one).split("/")[0] !== "dist" });
  await npm(kit, "pack", "--pack-destination", packed);
  const [kitArchive = assert.fail("no kit")] = globSync(`${packed}/claviger-client-*.tgz`);
  // Above all of them, where their compiler finds it.
  writeFileSync(join(folder, "source/package.json"), '{ "name": "source", "private": true }');
  await npm(join(folder, "source"), ...INSTALL, kitArchive);
  for (const vendor of VENDORS) {
    served.set(vendor, await serveVendor(vendor, folder));
    await writeClient(served.get(vendor)!.file, "typescript", sourceOf(vendor));
    await npm(sourceOf(vendor), "pack", "--pack-destination", packed);
  }
  writeFileSync(join(home, "package.json"), '{ "name": "elsewhere", "private": true, "type": "module" }');
  await npm(home, ...INSTALL, ...globSync(`${packed}/*.tgz`));
});

test("publint and arethetypeswrong have nothing to say of any", async () => {
  const archives = globSync(`${packed}/*.tgz`);
  assert.equal(archives.length, 1 + VENDORS.length);
  for (const archive of archives) assert.deepEqual(await complaints(archive, folder), []);
});

/** What a module prints, as JSON. It finds the packages where npm put them, and no source. */
async function using(code: string, env: Record<string, string> = {}) {
  writeFileSync(join(home, "program.js"), code);
  const { stdout } = await execute(process.execPath, ["program.js"], {
    cwd: home,
    env: { PATH: path, ...env },
  }).catch((error) => assert.fail(error.stderr));
  return JSON.parse(stdout);
}

const keyFor = async (vendor: Vendor, input = {}): Promise<string> =>
  (await served.get(vendor)!.gateway.key(vendor, input)).key;

test("Nur: new NurClient() reads NUR_API_KEY, and new NurClient({ apiKey }) takes it", async () => {
  const NUR_API_KEY = await keyFor("nur", { scopes: ["tts:read"] });
  const ask = `const { request } = await client.tts.generate({ text: "Hello" });
    console.log(JSON.stringify([request.method, request.path]));`;
  const from = 'import { NurClient } from "nur";';
  const expected = ["POST", "/v1/tts"];
  const read = await using(`${from} const client = new NurClient(); ${ask}`, { NUR_API_KEY });
  assert.deepEqual(read, expected);
  const passed = `${from} const client = new NurClient({ apiKey: process.env.K }); ${ask}`;
  assert.deepEqual(await using(passed, { K: NUR_API_KEY }), expected);
});

test("Nur: a refusal is an error of the package, in the vendor's words and without the key", async () => {
  const NUR_API_KEY = await keyFor("nur", { scopes: ["tts:read"] });
  const code = `
    import { ConfigurationError, NurClient, PermissionError } from "nur";
    const error = await new NurClient().voices.get(["alice", "samples"]).catch((failure) => failure);
    delete process.env.NUR_API_KEY;
    let none;
    try { new NurClient(); } catch (failure) { none = failure; }
    const kinds = [error instanceof PermissionError, none instanceof ConfigurationError];
    console.log(JSON.stringify([kinds, error.status, error.code, error.message, none.message]));
  `;
  const [kinds, status, name, message, none] = await using(code, { NUR_API_KEY });
  assert.deepEqual([kinds, status, name], [[true, true], 403, "insufficient_scope"]);
  assert.match(message, /Needed: voices:read/);
  assert.ok(!message.includes(NUR_API_KEY));
  assert.equal(none, "No Nur API key: pass apiKey or set NUR_API_KEY.");
});

test("Nur: parts of a path are encoded, and an empty one is refused", async () => {
  const NUR_API_KEY = await keyFor("nur", { scopes: ["*"] });
  const code = `
    import { NurClient } from "nur";
    const client = new NurClient();
    const { request } = await client.voices.get(["a b", "samples"]);
    let refused;
    try { await client.voices.delete(""); } catch (error) { refused = error; }
    console.log(JSON.stringify([request.path, refused instanceof TypeError]));
  `;
  assert.deepEqual(await using(code, { NUR_API_KEY }), ["/v1/voices/a%20b/samples", true]);
});

test("KugelAudio: eu- before the key chooses the EU endpoint, and is taken off", async () => {
  const { baseUrl, otherUrl } = served.get("kugelaudio")!;
  const KUGELAUDIO_API_KEY = await keyFor("kugelaudio");
  const code = `
    import { KugelAudio } from "kugelaudio";
    const key = process.env.KUGELAUDIO_API_KEY;
    const told = [];
    for (const client of [new KugelAudio(), new KugelAudio({ apiKey: "eu-" + key })]) {
      const { models } = await client.models.list();
      const { request } = await client.tts.generate({ text: "Hello", model_id: "kugel-3" });
      told.push([client.baseUrl, models[0].id, request.headers["claviger-region"]]);
    }
    console.log(JSON.stringify(told));
  `;
  assert.deepEqual(await using(code, { KUGELAUDIO_API_KEY }), [
    [baseUrl, "kugel-3", "-"],
    [otherUrl, "kugel-3", "eu"],
  ]);
});

test("KugelAudio: the TypeScript that the page prints, with the key replaced, makes clients that work", async () => {
  const key = await keyFor("kugelaudio");
  const [block = assert.fail("none")] = blocksOf(pageOf("kugelaudio")).filter(
    ({ kind }) => kind === "typescript",
  );
  const code = withRepeatedNames(adapted(block, served.get("kugelaudio")!.baseUrl, key));
  assert.equal(code.match(/new KugelAudio\(/g)?.length, 2);
  // A call with each client that the block makes.
  const called = code.replaceAll(/^var client = .*$/gm, (line) => `${line}\nclients.push(client);`);
  const program = `const clients = [];\n${called}
    const told = await Promise.all(clients.map((one) => one.models.list()));
    console.log(JSON.stringify(told.map(({ models }) => models[0].id)));`;
  assert.deepEqual(await using(program, { KUGELAUDIO_API_KEY: key }), ["kugel-3", "kugel-3"]);
});

test("murmr, Nudg3 and Nohuman: what the answers say of limits, scopes and credits", async () => {
  const env = {
    MURMR_API_KEY: await keyFor("murmr", { environment: "live" }),
    NUDG3_API_KEY: await keyFor("nudg3", { environment: "live" }),
    NOHUMAN_API_KEY: await keyFor("nohuman"),
  };
  const code = `
    import { Murmr } from "murmr";
    import { Nohuman, PaymentRequiredError } from "nohuman";
    import { Nudg3 } from "nudg3";
    const [murmr, nudg3, nohuman] = [new Murmr(), new Nudg3(), new Nohuman()];
    await murmr.voices.design({ text: "Hello world", voice_description: "A warm voice", language: "English" });
    const { request } = await nudg3.aioMetrics.get("daily");
    const error = await nohuman.videos.generate({ prompt: "A sunset", duration: 5 }).catch((failure) => failure);
    console.log(JSON.stringify([
      [murmr.usage.limit, murmr.usage.remaining, murmr.usage.resetAt],
      [request.path, nudg3.usage.scopes, nudg3.usage.tier],
      [error instanceof PaymentRequiredError, error.code],
    ]));
  `;
  assert.deepEqual(await using(code, env), [
    [50_000, 49_989, "2026-12-01T00:00:00.000Z"],
    ["/aio-metrics/daily", ["read:analytics"], "basic"],
    [true, "insufficient_credits"],
  ]);
});

for (const vendor of VENDORS) {
  test(`${vendor}: the package's own tests pass`, async () => {
    const printed = await npm(sourceOf(vendor), "test");
    const [, passed = 0] = /^[^a-z]*pass (\d+)$/m.exec(printed) ?? [];
    assert.ok(Number(passed) >= 2, printed);
    assert.match(printed, /^[^a-z]*fail 0$/m);
  });
}

test("names that mean something to TypeScript are in nobody's way", async () => {
  const file = join(folder, "tricky.yaml");
  writeFileSync(file, TRICKY);
  await writeClient(file, "typescript", join(folder, "source/tricky"));
  const printed = await npm(join(folder, "source/tricky"), "test");
  assert.match(printed, /^[^a-z]*pass 43$/m);
  assert.match(printed, /^[^a-z]*fail 0$/m);
});

test("programs that use them are typed, for a page's libraries and for Node's, and misuse is told", async () => {
  symlinkSync(join(ROOT, "node_modules/@types"), join(home, "node_modules/@types"));
  symlinkSync(join(ROOT, "node_modules/undici-types"), join(home, "node_modules/undici-types"));
  const program = `
    import { KugelAudio } from "kugelaudio";
    import { type ApiError, NurClient, type Usage } from "nur";
    const client = new NurClient({ apiKey: "YOUR_API_KEY", maxRetries: 0 });
    const audio: AsyncIterable<Uint8Array> = await client.tts.generate({ text: "Hello" }, { stream: "bytes" });
    const { id } = await client.voices.get<{ id: string }>("alice", { timeoutMs: 500 });
    const usage: Usage | undefined = client.usage;
    const socket: WebSocket = await new KugelAudio().tts.connect({ query: { voice: id } });
    const status = (error: ApiError): number | undefined => error.status;
    console.log(audio, usage, socket.url, status);
    // @ts-expect-error: a part of a path is a text
    await client.voices.get(5);
    // @ts-expect-error: an option that there is not
    await client.tts.generate({}, { timeout: 5 });
    // @ts-expect-error: a method that there is not
    await client.tts.speak({});
  `;
  writeFileSync(join(home, "program.ts"), program);
  const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
  const modules = ["--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext"];
  for (const libraries of [
    ["--lib", "es2022,dom,dom.iterable,dom.asynciterable", "--types", ""],
    ["--lib", "es2022", "--types", "node"],
  ])
    await execute(join(BIN, "tsc"), [...strict, ...modules, ...libraries, "program.ts"], {
      cwd: home,
      env: { PATH: path },
    }).catch((error) => assert.fail(`${libraries}: ${error.stdout}`));
});
