// Writes the tests that each package carries: every method, the key, the regions, without a network.
import type { ClientDescription } from "./description.ts";
import { camelCase } from "./identifiers.ts";
import { pythonText, scriptText } from "./literals.ts";
import { MARK } from "./metadata.ts";
import { hasBody, type Operation } from "./operations.ts";

/** Stand in paths as parameters, and show that they are encoded. */
const PARAMETER = { text: "a b", encoded: "a%20b" };
const BELOW = { text: "c/d", encoded: "c%2Fd" };

const calls = ({ groups }: ClientDescription): Operation[] =>
  [...groups.values()].flat().filter(({ kind }) => kind === "call");

/** Below the base URL. */
function expectedPath({ pieces, isOpen }: Operation): string {
  const path = pieces.map((piece) => (typeof piece === "string" ? piece : PARAMETER.encoded)).join("");
  return isOpen ? `${path}/${BELOW.encoded}` : path;
}

function argumentsOf(operation: Operation, body: string): string {
  const { pieces, isOpen } = operation;
  const placed = pieces.flatMap((piece) => (typeof piece === "string" ? [] : [`"${PARAMETER.text}"`]));
  return [...placed, ...(isOpen ? [`"${BELOW.text}"`] : []), ...(hasBody(operation) ? [body] : [])].join(
    ", ",
  );
}

export function typescriptTests(client: ClientDescription): string {
  const { className, environmentVariable, baseUrlVariable, keyHeader, regions } = client;
  const header = scriptText(keyHeader ?? "authorization");
  const scheme = keyHeader === undefined ? '"Bearer " + ' : "";
  const table = calls(client).map((operation) => {
    const member = `${camelCase(operation.group)}.${camelCase(operation.name)}`;
    const call = `(client) => client.${member}(${argumentsOf(operation, "{ n: 1 }")})`;
    return `  ["${member}", ${call}, "${operation.method}", ${scriptText(expectedPath(operation))}],`;
  });
  const regionTests = regions.map(
    ({ prefix, baseUrl }) => `
test("a key behind ${prefix} goes to its region", () => {
  assert.equal(new ${className}({ apiKey: ${scriptText(prefix)} + sampleKey }).baseUrl, ${scriptText(baseUrl)});
});
`,
  );
  return `// ${MARK}
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, ${className} } from ${scriptText(client.packageName)};

/** Has the form of a key, and is none. */
const sampleKey = ${scriptText(client.sampleKey)};

delete process.env.${baseUrlVariable};

/** The one request that a call sends. */
async function sentBy(call, options) {
  const seen = [];
  const fetch = async (url, init) => {
    seen.push({ url: String(url), method: init.method, headers: new Headers(init.headers) });
    return Response.json({ done: true });
  };
  const client = new ${className}({ fetch, ...options });
  assert.deepEqual(await call(client), { done: true });
  assert.equal(seen.length, 1);
  return { ...seen[0], baseUrl: client.baseUrl };
}

test("the key comes from the environment, or is passed", async () => {
  const ask = (client) => client.get("/");
  process.env.${environmentVariable} = sampleKey;
  const fromEnvironment = await sentBy(ask, {});
  delete process.env.${environmentVariable};
  const passed = await sentBy(ask, { apiKey: sampleKey });
  for (const { headers } of [fromEnvironment, passed]) assert.equal(headers.get(${header}), ${scheme}sampleKey);
  assert.throws(() => new ${className}(), ConfigurationError);
});

test("what is no key is refused before anything is sent", () => {
  assert.throws(() => new ${className}({ apiKey: sampleKey + "x" }), ConfigurationError);
});
${regionTests.join("")}
for (const [name, call, method, path] of [
${table.join("\n")}
]) {
  test(\`\${name} is \${method} \${path}\`, async () => {
    const sent = await sentBy(call, { apiKey: sampleKey });
    assert.deepEqual([sent.method, sent.url], [method, sent.baseUrl + path]);
  });
}
`;
}

export function pythonTests(client: ClientDescription): string {
  const { className, moduleName, environmentVariable, baseUrlVariable, keyHeader, regions } = client;
  const header = pythonText(keyHeader ?? "authorization");
  const scheme = keyHeader === undefined ? '"Bearer " + ' : "";
  const table = calls(client).map((operation) => {
    const member = `${operation.group}.${operation.name}`;
    const call = `lambda client: client.${member}(${argumentsOf(operation, 'body={"n": 1}')})`;
    return `    ("${member}", ${call}, "${operation.method}", ${pythonText(expectedPath(operation))}),`;
  });
  const regionTests = regions.map(
    ({ prefix, baseUrl }, index) => `
    def test_region_${index + 1}(self):
        client = ${className}(api_key=${pythonText(prefix)} + _KEY)
        self.assertEqual(client.base_url, ${pythonText(baseUrl)})
`,
  );
  return `# ${MARK}
import asyncio
import os
import unittest
from unittest import mock

import httpx
from ${moduleName} import Async${className}, ConfigurationError, ${className}

# Has the form of a key, and is none.
_KEY = ${pythonText(client.sampleKey)}

_CALLS = [
${table.join("\n")}
]


class _Seen:
    """Answers every request, and keeps it."""

    def __init__(self):
        self.requests = []
        self.transport = httpx.MockTransport(self.answer)

    def answer(self, request):
        self.requests.append(request)
        return httpx.Response(200, json={"done": True})

    def client(self, **options):
        return ${className}(http_client=httpx.Client(transport=self.transport), **options)

    def async_client(self, **options):
        return Async${className}(http_client=httpx.AsyncClient(transport=self.transport), **options)


class _${className}Test(unittest.TestCase):
    def setUp(self):
        self.seen = _Seen()
        patch = mock.patch.dict(os.environ)
        patch.start()
        self.addCleanup(patch.stop)
        for name in ("${environmentVariable}", "${baseUrlVariable}"):
            os.environ.pop(name, None)

    def test_key(self):
        self.seen.client(api_key=_KEY).get("/")
        os.environ["${environmentVariable}"] = _KEY
        self.seen.client().get("/")
        sent = [request.headers[${header}] for request in self.seen.requests]
        self.assertEqual(sent, [${scheme}_KEY] * 2)

    def test_no_key(self):
        for options in ({}, {"api_key": _KEY + "x"}):
            with self.assertRaises(ConfigurationError):
                self.seen.client(**options)
${regionTests.join("")}
    def test_methods(self):
        for name, call, method, path in _CALLS:
            with self.subTest(name):
                self.seen.requests.clear()
                client = self.seen.client(api_key=_KEY)
                self.assertEqual(call(client), {"done": True})
                self.check(client, method, path)

    def test_asynchronous_methods(self):
        async def run():
            for name, call, method, path in _CALLS:
                with self.subTest(name):
                    self.seen.requests.clear()
                    client = self.seen.async_client(api_key=_KEY)
                    self.assertEqual(await call(client), {"done": True})
                    self.check(client, method, path)

        asyncio.run(run())

    def check(self, client, method, path):
        expected = (method, httpx.URL(client.base_url + path).raw_path)
        self.assertEqual([(one.method, one.url.raw_path) for one in self.seen.requests], [expected])


if __name__ == "__main__":
    unittest.main()
`;
}
