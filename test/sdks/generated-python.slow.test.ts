// Promise (N6, K4, K8): the Python packages that `claviger sdk` writes for the five vendors build, pass their own tests, are strictly
// typed, install without a network from what was packed, and speak to the vendor's gateway under the vendor's own names.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { pythonOffline, pythonWith, wheelsOf } from "../support/python.ts";
import { ROOT } from "../support/server-process.ts";
import { adapted, blocksOf, pageOf } from "../support/vendor-pages.ts";
import {
  type ServedVendor,
  serveVendor,
  TRICKY,
  VENDORS,
  type Vendor,
  writeClient,
} from "./generated-clients.ts";

const execute = promisify(execFile);
const KIT = join(ROOT, "sdks/python/client");
const folder = mkdtempSync(join(tmpdir(), "claviger-generated-"));
const packed = join(folder, "packed");
const home = join(folder, "elsewhere");
const served = new Map<Vendor, ServedVendor>();
let python = "";
after(async () => {
  await Promise.all([...served.values()].map(({ gateway }) => gateway.close()));
  rmSync(folder, { recursive: true, force: true });
});

const sourceOf = (vendor: Vendor): string => join(folder, "source", vendor);

before(async () => {
  const builder = pythonWith("build==1.3.0", "hatchling==1.28.0");
  const pack = (source: string) =>
    execute(builder, ["-m", "build", "--wheel", "--no-isolation", "--outdir", packed, source]);
  // A copy: the build may write beside its source.
  const kit = join(folder, "kit");
  cpSync(KIT, kit, { recursive: true, filter: (path) => !/__pycache__|_cache/.test(relative(KIT, path)) });
  await pack(kit);
  mkdirSync(home);
  for (const vendor of VENDORS) {
    served.set(vendor, await serveVendor(vendor, folder));
    await writeClient(served.get(vendor)!.file, "python", sourceOf(vendor));
    await pack(sourceOf(vendor));
  }
  const wheels = wheelsOf("httpx==0.28.1", "anyio==4.12.1", "websockets==15.0.1", "mypy==1.19.1");
  python = pythonOffline(join(folder, "python"), [packed, wheels], [...VENDORS, "mypy"]);
});

/** What a program prints, as JSON. It finds the packages where pip put them, and no source. */
async function using(code: string, env: Record<string, string> = {}) {
  const { PATH = "" } = process.env;
  const { stdout } = await execute(python, ["-W", "error", "-c", `import json\n${code}`], {
    cwd: home,
    env: { PATH, ...env },
  }).catch((error) => assert.fail(error.stderr));
  return JSON.parse(stdout);
}

const keyFor = async (vendor: Vendor, input = {}): Promise<string> =>
  (await served.get(vendor)!.gateway.key(vendor, input)).key;

test("Nur: NurClient() reads NUR_API_KEY, and NurClient(api_key=…) takes it", async () => {
  const NUR_API_KEY = await keyFor("nur", { scopes: ["tts:read"] });
  const ask = `[c.tts.generate({"text": "Hello"})["request"][w] for w in ("method", "path")]`;
  const expected = ["POST", "/v1/tts"];
  const read = await using(`from nur import NurClient\nc = NurClient()\nprint(json.dumps(${ask}))`, {
    NUR_API_KEY,
  });
  assert.deepEqual(read, expected);
  const passed = `import os\nfrom nur import NurClient\nc = NurClient(api_key=os.environ["K"])\nprint(json.dumps(${ask}))`;
  assert.deepEqual(await using(passed, { K: NUR_API_KEY }), expected);
});

for (const [vendor, call] of [
  ["nur", 'client.tts.generate({"text": "Hello"})["request"]["path"]'],
  ["kugelaudio", 'client.models.list()["models"][0]["id"]'],
] as const) {
  test(`${vendor}: the Python that the page prints, with the key replaced, makes clients that work`, async () => {
    const { baseUrl } = served.get(vendor)!;
    const key = await keyFor(vendor, vendor === "nur" ? { scopes: ["*"] } : {});
    const blocks = blocksOf(pageOf(vendor)).filter(({ code }) => code.startsWith(`from ${vendor} import`));
    const [block = assert.fail("the page has none")] = blocks;
    const code = adapted(block, baseUrl, key);
    assert.equal(code.match(/^client = /gm)?.length, 2);
    // A call after each client that the block makes.
    const called = code.replaceAll(/^client = .*$/gm, (line) => `${line}\nclients.append(client)`);
    const program = `clients = []\n${called}\nprint(json.dumps([${call} for client in clients]))`;
    const env = { [`${vendor.toUpperCase()}_API_KEY`]: key };
    const expected = vendor === "nur" ? "/v1/tts" : "kugel-3";
    assert.deepEqual(await using(program, env), [expected, expected]);
  });
}

test("Nur: a refusal is an error of the package, in the vendor's words and without the key", async () => {
  const NUR_API_KEY = await keyFor("nur", { scopes: ["tts:read"] });
  const code = `
import nur
try:
    nur.NurClient().voices.get("alice", "samples")
except nur.PermissionError as error:
    print(json.dumps([error.status, error.code, str(error)]))
`;
  const [status, name, message] = await using(code, { NUR_API_KEY });
  assert.deepEqual([status, name], [403, "insufficient_scope"]);
  assert.match(message, /Needed: voices:read/);
  assert.ok(!message.includes(NUR_API_KEY));
  const without = `
import nur
try:
    nur.NurClient()
except nur.ConfigurationError as error:
    print(json.dumps(str(error)))
`;
  assert.equal(await using(without), "No Nur API key: pass api_key or set NUR_API_KEY.");
});

test("Nur: the asynchronous client does the same, and refuses an empty part of a path", async () => {
  const NUR_API_KEY = await keyFor("nur", { scopes: ["*"] });
  const code = `
import asyncio
from nur import AsyncNurClient
async def main():
    async with AsyncNurClient() as c:
        answer = await c.voices.get("a b", "samples")
        try:
            await c.voices.delete("")
        except TypeError as error:
            return [answer["request"]["path"], str(error)]
print(json.dumps(asyncio.run(main())))
`;
  assert.deepEqual(await using(code, { NUR_API_KEY }), [
    "/v1/voices/a%20b/samples",
    "A part of a path is empty.",
  ]);
});

test("KugelAudio: eu- before the key chooses the EU endpoint, and is taken off", async () => {
  const { baseUrl, otherUrl } = served.get("kugelaudio")!;
  const KUGELAUDIO_API_KEY = await keyFor("kugelaudio");
  const code = `
import os
from kugelaudio import KugelAudio
key = os.environ["KUGELAUDIO_API_KEY"]
told = []
for c in (KugelAudio(), KugelAudio(api_key="eu-" + key)):
    models = c.models.list()["models"]
    headers = c.tts.generate({"text": "Hello", "model_id": "kugel-3"})["request"]["headers"]
    told.append([c.base_url, models[0]["id"], headers.get("claviger-region")])
print(json.dumps(told))
`;
  assert.deepEqual(await using(code, { KUGELAUDIO_API_KEY }), [
    [baseUrl, "kugel-3", "-"],
    [otherUrl, "kugel-3", "eu"],
  ]);
});

test("murmr: what is left of the month stands in usage", async () => {
  const MURMR_API_KEY = await keyFor("murmr", { environment: "live" });
  const code = `
from murmr import Murmr
c = Murmr()
c.voices.design({"text": "Hello world", "voice_description": "A warm voice", "language": "English"})
print(json.dumps([c.usage.limit, c.usage.remaining, c.usage.reset_at.isoformat()]))
`;
  assert.deepEqual(await using(code, { MURMR_API_KEY }), [50_000, 49_989, "2026-12-01T00:00:00+00:00"]);
});

test("Nudg3: the live key and the sandbox's, each at its address; the scopes stand in usage", async () => {
  const NUDG3_API_KEY = await keyFor("nudg3", { environment: "live" });
  const { otherUrl } = served.get("nudg3")!;
  const code = `
import os
from nudg3 import AuthenticationError, Nudg3
c = Nudg3()
path = c.aio_metrics.get("daily")["request"]["path"]
sandbox = Nudg3(api_key=os.environ["TEST_KEY"], base_url="${otherUrl}")
try:
    Nudg3(api_key=os.environ["TEST_KEY"]).dashboard.get()
except AuthenticationError as error:
    print(json.dumps([path, c.usage.scopes, c.usage.tier, sandbox.dashboard.get()["request"]["path"], error.code]))
`;
  const TEST_KEY = await keyFor("nudg3", { environment: "test" });
  assert.deepEqual(await using(code, { NUDG3_API_KEY, TEST_KEY }), [
    "/aio-metrics/daily",
    ["read:analytics"],
    "basic",
    "/dashboard",
    "invalid_api_key",
  ]);
});

test("Nohuman: without credits a payment is asked for; with them the video is made", async () => {
  const { gateway } = served.get("nohuman")!;
  const { id: account } = await gateway.account("nohuman");
  const NOHUMAN_API_KEY = await keyFor("nohuman", { account });
  const code = (then: string) => `
from nohuman import Nohuman, PaymentRequiredError
try:
    answer = Nohuman().videos.generate({"prompt": "A sunset over the ocean", "duration": 5})
    print(json.dumps(answer["request"]["path"]))
except PaymentRequiredError as error:
    print(json.dumps(${then}))
`;
  const refused = await using(code("[error.status, error.code]"), { NOHUMAN_API_KEY });
  assert.deepEqual(refused, [402, "insufficient_credits"]);
  await gateway.grant("nohuman", account, 5);
  assert.equal(await using(code("None"), { NOHUMAN_API_KEY }), "/v1/videos/generate");
});

for (const vendor of VENDORS) {
  test(`${vendor}: the package's own tests pass`, async () => {
    const { stderr } = await execute(python, ["-m", "unittest", "discover", "-s", "tests"], {
      cwd: sourceOf(vendor),
      env: { PATH: process.env.PATH ?? "", PYTHONDONTWRITEBYTECODE: "1" },
    }).catch((error) => assert.fail(`${error.stdout}${error.stderr}`));
    assert.match(stderr, /^Ran [4-9] tests .*\n\nOK$/m);
  });
}

test("all are strictly typed, and so are programs that use them", async () => {
  const program = join(home, "program.py");
  writeFileSync(
    program,
    `from typing import Any
from kugelaudio import AsyncKugelAudio, KugelAudio
from nur import ApiError, NurClient, Usage

client = NurClient(api_key="YOUR_API_KEY", max_retries=0)
answer: dict[str, Any] = client.tts.generate({"text": "Hello"}, timeout_seconds=2.5)
usage: "Usage | None" = client.usage
listed: list[str] = [model["id"] for model in KugelAudio().models.list()["models"]]


async def listen() -> None:
    async with AsyncKugelAudio() as api:
        socket = await api.tts.connect()
        await socket.send("x")
        reveal_type(socket)
`,
  );
  const mypy = async (...args: string[]): Promise<string> =>
    (
      await execute(python, ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy"), ...args], {
        cwd: home,
      }).catch((error) => assert.fail(`${error.stdout}${error.stderr}`))
    ).stdout;
  assert.match(await mypy(program), /Revealed type is "websockets\.asyncio\.client\.ClientConnection"/);
  // The oldest Python that they run on; all at once, because reading what they import takes longest.
  const sources = VENDORS.map((vendor) => join(sourceOf(vendor), "src", vendor));
  assert.match(
    await mypy("--python-version", "3.9", ...sources),
    /^Success: no issues found in 25 source files/,
  );
});

test("names that mean something to Python are in nobody's way", async () => {
  const file = join(folder, "tricky.yaml");
  const source = join(folder, "source/tricky");
  writeFileSync(file, TRICKY);
  await writeClient(file, "python", source);
  const env = { PATH: process.env.PATH ?? "", PYTHONPATH: "src", PYTHONDONTWRITEBYTECODE: "1" };
  const options = { cwd: source, env };
  const inPython = (...args: string[]) =>
    execute(python, ["-W", "error", ...args], options).catch((error) =>
      assert.fail(`${error.stdout}${error.stderr}`),
    );
  assert.match(
    (await inPython("-m", "unittest", "discover", "-s", "tests")).stderr,
    /^Ran 4 tests .*\n\nOK$/m,
  );
  const mypy = ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy"), "src/tricky"];
  assert.match((await inPython(...mypy)).stdout, /^Success: no issues found in 5 source files/);
});

test("a program that misuses a method is told by mypy", async () => {
  const program = join(home, "wrong.py");
  writeFileSync(program, 'from nur import NurClient\nNurClient().tts.generate({}, timeout_seconds="1")\n');
  const args = ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy"), program];
  const failed = await execute(python, args, { cwd: home }).catch((error) => error);
  assert.match(failed.stdout, /"timeout_seconds".*has incompatible type "str"/);
});
