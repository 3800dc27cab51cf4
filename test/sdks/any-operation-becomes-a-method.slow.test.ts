// Promise: an operation of any shape that the control plane may come to have becomes a method in both languages, strictly typed, by
// generation alone; one that the SDKs cannot send is told when they are generated.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { type OpenApi, readApi } from "../../tools/sdk/operations.ts";
import { pythonOperations } from "../../tools/sdk/python-operations.ts";
import { pythonShapes } from "../../tools/sdk/python-shapes.ts";
import { typescriptOperations, typescriptShapes } from "../../tools/sdk/typescript.ts";
import { pythonWith } from "../support/python.ts";
import { ROOT } from "../support/server-process.ts";
import { run } from "./npm-packages.ts";
import { KIT_PYTHON } from "./python-kit.ts";

const folder = mkdtempSync(join(tmpdir(), "claviger-any-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const answer = (type: string, schema?: object) => ({
  responses: { 200: { content: { [type]: schema ? { schema } : {} } } },
});
const json = (schema: object) => answer("application/json", schema);
const sends = (schema: object) => ({
  requestBody: { required: true, content: { "application/json": { schema } } },
});
const parameter = (name: string, place: string, schema: object, required = false) => ({
  ...{ name, in: place, schema, required },
  description: `About ${name}, "quoted" """ */ \\x`,
});
const text = { type: "string" };
const entry = {
  type: "object",
  required: ["id"],
  properties: { id: text, kind: { enum: ["a", "b"] }, "odd-name": { type: ["integer", "null"] } },
};

const MADE_UP = {
  components: {
    schemas: {
      Tree: {
        type: "object",
        properties: {
          from: text,
          children: { type: "array", items: { $ref: "#/components/schemas/Tree" } },
          leaf: { $ref: "#/components/schemas/Leaf" },
        },
      },
      Leaf: entry,
      Cookie: entry,
      Either: { anyOf: [entry, { type: "object", properties: { other: { const: 5 } } }, { type: "null" }] },
      Names: { type: "array", items: text, description: "A list." },
    },
  },
  paths: {
    "/v1/things": {
      get: {
        operationId: "listThings",
        parameters: [
          parameter("cursor", "query", text),
          parameter("class", "query", { enum: ["x", "y"] }),
          parameter("ids", "query", { type: "array", items: text }),
        ],
        ...json({
          type: "object",
          required: ["items"],
          properties: { items: { type: "array", items: entry }, nextCursor: text },
        }),
      },
      post: {
        operationId: "postThings",
        ...sends({ type: "array", items: entry }),
        ...json({ $ref: "#/components/schemas/Either" }),
      },
    },
    "/v1/things/{thing}": {
      put: {
        operationId: "putThing",
        parameters: [parameter("thing", "path", text, true), parameter("from", "query", text, true)],
        ...sends({ $ref: "#/components/schemas/Tree" }),
        ...json({ $ref: "#/components/schemas/Names" }),
      },
      delete: {
        operationId: "deleteThing",
        parameters: [parameter("thing", "path", text, true)],
        responses: { 204: {} },
      },
    },
    "/v1/forms": {
      get: {
        operationId: "getForms",
        parameters: [
          parameter("format", "query", { enum: ["csv", "ndjson"] }),
          parameter("from", "query", text),
        ],
        responses: {
          200: { content: { "text/csv": { schema: text }, "application/x-ndjson": { schema: entry } } },
        },
      },
    },
    "/v1/elsewhere": {
      get: {
        operationId: "getElsewhere",
        summary: "Speaks of a Leaf",
        servers: [{ url: "http://127.0.0.1:5", description: "The other place" }],
        ...answer("text/plain", text),
      },
    },
    "/auth/session": {
      get: { operationId: "getSession", ...json({ $ref: "#/components/schemas/Cookie" }) },
    },
    "/v1/raw": { get: { operationId: "getRaw", ...answer("application/octet-stream") } },
    "/v1/words": { get: { operationId: "getWords", ...answer("text/csv", text) } },
    "/v1/lines": { get: { operationId: "getLines", ...answer("application/x-ndjson", entry) } },
    "/v1/events": { get: { operationId: "followEvents", ...answer("text/event-stream") } },
  },
} as unknown as OpenApi;

const api = readApi(MADE_UP);

test("what is for pages is left out with its shapes, and what is served elsewhere says so", () => {
  const ids = api.operations.map(({ id }) => id);
  assert.equal(ids.length, 10);
  assert.ok(!ids.includes("getSession") && ids.includes("getElsewhere"));
  assert.ok(!api.shapes.has("Cookie") && api.shapes.has("Leaf"));
  assert.match(
    api.operations.find(({ id }) => id === "getElsewhere")?.words ?? "",
    /^Speaks of a Leaf\. Not served by the control plane: the client's URL has to be that of the other place\.$/,
  );
});

test("in TypeScript it compiles strictly, and gives what it says", async () => {
  const place = join(folder, "typescript");
  cpSync(join(ROOT, "sdks/typescript"), place, { recursive: true });
  const source = join(place, "sdk/src");
  writeFileSync(join(source, "shapes.ts"), typescriptShapes(api));
  writeFileSync(join(source, "operations.ts"), typescriptOperations(api));
  // The rest of the package speaks of a shape of the real one.
  writeFileSync(join(source, "problem.ts"), "// Not needed here.\nexport const none = 1;\n");
  writeFileSync(
    join(source, "index.ts"),
    `// Uses every method.
import type { ServerSentEvent } from "@claviger/client";
import { Claviger } from "./claviger.ts";
export async function use(claviger: Claviger): Promise<unknown[]> {
  const page = await claviger.listThings({ class: "x", ids: ["a", "b"] });
  const first: string | undefined = page.items[0]?.id;
  for await (const { id, kind } of claviger.allThings()) console.log(id.length, kind === "a");
  const either = await claviger.postThings([{ id: "x", "odd-name": null }]);
  const names: readonly string[] = await claviger.putThing("x", { from: "y", children: [{ children: [] }] }, { from: "z" });
  const nothing: void = await claviger.deleteThing("x");
  const raw: Uint8Array = await claviger.getRaw();
  const words: string = await claviger.getWords();
  const elsewhere: string = await claviger.getElsewhere();
  for await (const { id } of claviger.getForms({ from: "x" })) console.log(id.length);
  for await (const { id } of claviger.getLines()) console.log(id.length);
  for await (const { data, event } of claviger.followEvents() as AsyncIterable<ServerSentEvent>) console.log(data, event);
  return [first, either, names, nothing, raw, words, elsewhere];
}
`,
  );
  mkdirSync(join(place, "node_modules/@claviger"), { recursive: true });
  symlinkSync(join(place, "client"), join(place, "node_modules/@claviger/client"));
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  await run(tsc, ["-p", "."], join(place, "client"));
  await run(tsc, ["-p", "."], join(place, "sdk"));
  const program = `
    import { Claviger } from "./sdk/dist/claviger.js";
    const bodies = {
      "/v1/events": ["text/event-stream", "event: a\\ndata: 1\\n\\ndata: 2\\n\\n"],
      "/v1/raw": ["application/octet-stream", "bytes"],
      "/v1/words": ["text/csv", "a,b"],
      "/v1/forms": ["application/x-ndjson", '{"id":"x"}\\n'],
    };
    const queries = [];
    const fetch = async (url) => {
      const { pathname, search } = new URL(url);
      queries.push(search);
      const [type, body] = bodies[pathname];
      return new Response(body, { headers: { "content-type": type } });
    };
    const rootKey = "claviger_root_Xk2vT9qLw4RbN7yHc0ZsDf3mPjGa8eUi1o2sKgPA";
    const claviger = new Claviger({ rootKey, fetch });
    const events = [];
    for await (const { event, data } of claviger.followEvents()) events.push([event, data]);
    const told = [events, [...await claviger.getRaw()], await claviger.getWords()];
    for await (const { id } of claviger.getForms({ from: "y" })) told.push(id);
    console.log(JSON.stringify([...told, queries.at(-1)]));
  `;
  writeFileSync(join(place, "package.json"), '{ "type": "module" }');
  writeFileSync(join(place, "use.js"), program);
  assert.deepEqual(JSON.parse(await run(process.execPath, ["use.js"], place)), [
    [
      ["a", "1"],
      ["message", "2"],
    ],
    [...Buffer.from("bytes")],
    "a,b",
    "x",
    "?from=y&format=ndjson",
  ]);
});

test("in Python it is strictly typed for every version, and gives what it says", async () => {
  const place = join(folder, "python");
  const source = join(place, "claviger_sdk");
  cpSync(join(ROOT, "sdks/python/sdk/src/claviger_sdk"), source, { recursive: true });
  cpSync(join(ROOT, "sdks/python/client/src/claviger_client"), join(place, "claviger_client"), {
    recursive: true,
  });
  writeFileSync(join(source, "shapes.py"), pythonShapes(api));
  writeFileSync(join(source, "_operations.py"), pythonOperations(api));
  writeFileSync(join(source, "_problem.py"), "problem_of = None\n");
  writeFileSync(
    join(place, "use.py"),
    `from __future__ import annotations

import asyncio
import json

import httpx

from claviger_sdk import AsyncClaviger, Claviger
from claviger_sdk.shapes import Either, Names

BODIES = {
    "/v1/events": ("text/event-stream", "event: a\\ndata: 1\\n\\ndata: 2\\n\\n"),
    "/v1/raw": ("application/octet-stream", "bytes"),
    "/v1/words": ("text/csv", "a,b"),
    "/v1/forms": ("application/x-ndjson", '{"id":"x"}\\n'),
}
KEY = "claviger_root_Xk2vT9qLw4RbN7yHc0ZsDf3mPjGa8eUi1o2sKgPA"


queries: list[str] = []


def answer(request: httpx.Request) -> httpx.Response:
    queries.append(request.url.query.decode())
    kind, body = BODIES[request.url.path]
    return httpx.Response(200, headers={"content-type": kind}, text=body)


def use(claviger: Claviger) -> None:
    page = claviger.list_things(class_="x", ids=["a", "b"])
    first: str = page["items"][0]["id"]
    for one in claviger.all_things():
        print(one["id"], one.get("odd-name"), first)
    either: Either = claviger.post_things([{"id": "x", "odd-name": None}])
    names: Names = claviger.put_thing("x", {"from": "y", "children": [{"children": []}]}, from_="z")
    claviger.delete_thing("x")
    for line in claviger.get_lines():
        print(line["id"], either, names[0])


async def asynchronously() -> list[object]:
    transport = httpx.MockTransport(answer)
    async with AsyncClaviger(root_key=KEY, http_client=httpx.AsyncClient(transport=transport)) as claviger:
        events = [[one.event, one.data] async for one in claviger.follow_events()]
        raw = (await claviger.get_raw()).decode()
        words = await claviger.get_words()
        ids = [one["id"] async for one in claviger.get_forms(from_="y")]
        return [events, raw, words, *ids, queries[-1]]


with Claviger(root_key=KEY, http_client=httpx.Client(transport=httpx.MockTransport(answer))) as claviger:
    events = [[one.event, one.data] for one in claviger.follow_events()]
    raw: bytes = claviger.get_raw()
    words: str = claviger.get_words()
    ids = [one["id"] for one in claviger.get_forms(from_="y")]
    told = [events, raw.decode(), words, *ids, queries[-1]]
    print(json.dumps([told, asyncio.run(asynchronously())]))
`,
  );
  const python = pythonWith(...KIT_PYTHON);
  for (const version of ["3.9", "3.13"]) {
    const args = ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy"), "--python-version", version];
    assert.match(await run(python, [...args, "use.py", "claviger_sdk"], place), /^Success/);
  }
  const { stdout } = await promisify(execFile)(python, ["-W", "error", "use.py"], { cwd: place });
  const expected = [
    [
      ["a", "1"],
      ["message", "2"],
    ],
    "bytes",
    "a,b",
    "x",
    "from=y&format=ndjson",
  ];
  assert.deepEqual(JSON.parse(stdout), [expected, expected]);
});

test("a body that the SDKs cannot send is told when they are generated", () => {
  const requestBody = { content: { "multipart/form-data": { schema: {} } } };
  const paths = { "/v1/upload": { post: { operationId: "upload", requestBody, responses: { 204: {} } } } };
  assert.throws(
    () => readApi({ components: { schemas: {} }, paths } as unknown as OpenApi),
    /^Error: upload: /,
  );
});

test("so is an answer of several forms that cannot be asked for as lines", () => {
  const forms = { "text/csv": {}, "application/x-ndjson": {} };
  const paths = { "/v1/forms": { get: { operationId: "forms", responses: { 200: { content: forms } } } } };
  assert.throws(
    () => readApi({ components: { schemas: {} }, paths } as unknown as OpenApi),
    /^Error: forms: /,
  );
});
