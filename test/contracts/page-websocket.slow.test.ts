// Promise (N6, K1, K8): every WebSocket block that the vendors' pages print runs as printed against what `npm start` starts, with the
// address and the key replaced and nothing else; a key that is none opens no socket.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { npmStart } from "../cli/npm-start.ts";
import { VENDORS, type Vendor } from "../sdks/generated-clients.ts";
import { pythonWith } from "../support/python.ts";
import { ROOT, type ServerProcess } from "../support/server-process.ts";
import { adapted, blocksOf, type PageBlock, pageOf, withOwnCode } from "../support/vendor-pages.ts";

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "claviger-pages-"));
let server: ServerProcess | undefined;
let hosts: { project: string; url: string }[] = [];
let keys: { project: string; key: string }[] = [];

before(async () => {
  const data = join(folder, "data");
  const ends: (() => unknown)[] = [];
  const context = { after: (end: () => unknown) => void ends.push(end) };
  const started = await npmStart(context, ["--json", "--port", "0", "--data", data]);
  server = started;
  hosts = JSON.parse(started.screen.slice(started.screen.indexOf("{"))).hosts;
  keys = JSON.parse(readFileSync(join(data, "demo-keys.json"), "utf8"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
});
after(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const blocks = VENDORS.flatMap((vendor) =>
  blocksOf(pageOf(vendor))
    .filter(({ kind }) => kind === "webSocket")
    .map((block): [Vendor, PageBlock] => [vendor, block]),
);

const isPython = ({ code }: PageBlock): boolean => /^import websockets$/m.test(code);

/** With the demo key of the vendor, or another. */
function block([vendor, printed]: [Vendor, PageBlock], other?: string): string {
  const { url } = hosts.find(({ project }) => project === vendor) ?? assert.fail(vendor);
  const { key } = keys.find(({ project }) => project === vendor) ?? assert.fail(vendor);
  return adapted(printed, url, other ?? key);
}

/** What was printed, or how it ended otherwise. */
async function run(program: string, args: readonly string[]): Promise<string> {
  return execute(program, args, { cwd: folder, timeout: 30_000 }).then(
    ({ stdout }) => stdout.trim(),
    (error) => `failed: ${error.stdout}${error.stderr}`,
  );
}

test("the pages print two, one in each language", () => {
  assert.deepEqual(
    blocks.map(([vendor, one]) => [vendor, isPython(one) ? "python" : "javascript"]),
    [
      ["kugelaudio", "javascript"],
      ["kugelaudio", "python"],
    ],
  );
});

/** Says a sentence, and prints what comes: audio, and what the upstream was asked. */
const JAVASCRIPT = `
ws.binaryType = "arraybuffer";
const told = [];
ws.onopen = () => ws.send(JSON.stringify({ text: "Hello, world!" }));
ws.onmessage = ({ data }) => {
  told.push(typeof data === "string" ? JSON.parse(data).message.body.text : data.byteLength > 0);
  if (told.length < 2) return;
  console.log(JSON.stringify(told));
  ws.close();
};
ws.onerror = ({ message }) => console.log("refused", message ?? "");
`;

/** With the package \`ws\`, and with what Node has. */
const IMPORTS = { ws: 'import WebSocket from "ws";\n', "Node's own": "" };

for (const [index, one] of blocks.filter(([, printed]) => !isPython(printed)).entries()) {
  for (const [name, first] of Object.entries(IMPORTS)) {
    test(`${one[0]}: JavaScript ${index + 1} with ${name}`, async () => {
      const file = join(folder, "block.mjs");
      writeFileSync(file, first + block(one) + JAVASCRIPT);
      assert.equal(await run(process.execPath, [file]), '[true,"Hello, world!"]');
      writeFileSync(file, first + block(one, `ka_${"x".repeat(40)}`) + JAVASCRIPT);
      assert.match(await run(process.execPath, [file]), /^refused/);
    });
  }
}

const PYTHON = [
  'await ws.send(\'{"text": "Hello, world!"}\')',
  "audio = await ws.recv()",
  "print(isinstance(audio, bytes) and len(audio) > 0, 'Hello, world!' in await ws.recv())",
];

/** Awaits outside of a function, as the block does and notebooks allow. */
const NOTEBOOK = `
import ast, asyncio, sys
code = compile(open(sys.argv[1]).read(), sys.argv[1], "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
asyncio.run(eval(code, {"__name__": "block"}))
`;

for (const [index, one] of blocks.filter(([, printed]) => isPython(printed)).entries()) {
  test(`${one[0]}: Python ${index + 1} with the websockets of its time, which took extra_headers`, async () => {
    const python = pythonWith("websockets==13.1");
    const [file, notebook] = [join(folder, "block.py"), join(folder, "notebook.py")];
    writeFileSync(notebook, NOTEBOOK);
    writeFileSync(file, withOwnCode(block(one), PYTHON));
    assert.equal(await run(python, ["-W", "ignore", notebook, file]), "True True");
    writeFileSync(file, withOwnCode(block(one, `ka_${"x".repeat(40)}`), PYTHON));
    assert.match(await run(python, ["-W", "ignore", notebook, file]), /InvalidStatus.*401/);
  });
}
