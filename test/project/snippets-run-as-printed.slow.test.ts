/** The snippets of a page, run as they stand, send the documented request with the key from the documented variable. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Project } from "../../src/project/compile.ts";
import { authenticationPage } from "../../src/project/pages.ts";
import { projectOf, vendorProject } from "./project-files.ts";

const run = promisify(execFile);

interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A value that every language would stumble over if it were not quoted. */
const AWKWARD = `it's "x" \`y\` $HOME \${z} \\ é 😀 <b> {{u}}\n`;

const BODIED: Readonly<Record<string, unknown>> = {
  text: AWKWARD,
  on: true,
  off: false,
  none: null,
  list: [1.5, "a", { "k'": AWKWARD }],
};

const AWKWARD_PROJECT = projectOf(
  JSON.stringify({
    name: "acme",
    credentials: { bearer: false, headers: ["X-Api-Key"] },
    client: { example: { method: "PATCH", path: "/v1/$(x)/`y`/[1-2]?q={a,b}", body: BODIED } },
  }),
);

function snippetOf(project: Project, language: string): string {
  const page = authenticationPage(project, { baseUrl });
  const fences = [...page.matchAll(/^(`{3,})(\w+)\n([\s\S]*?)\n\1$/gm)];
  const text = fences.map(([, , name, code]) => (name === language ? code : undefined)).filter(Boolean);
  return text.at(-1) ?? assert.fail(`no ${language} in the page`);
}

const LANGUAGES: Readonly<Record<string, (code: string) => [string, string[]]>> = {
  sh: (code) => ["sh", ["-c", code.replace("curl ", "curl -sS ")]],
  python: (code) => ["python3", ["-c", code]],
  ts: (code) => [process.execPath, ["--input-type=module-typescript", "-e", code]],
};

// Asked before any test is registered: one that is registered later would come after the server was closed.
const skips = new Map(
  await Promise.all(
    Object.keys(LANGUAGES).map(async (language) => [language, await reasonToSkip(language)] as const),
  ),
);

async function reasonToSkip(language: string): Promise<string | false> {
  const [command, ...args] = language === "sh" ? ["curl", "--version"] : ["python3", "-c", "import requests"];
  if (language === "ts" || command === undefined) return false;
  return run(command, args).then(
    () => false as const,
    () => `platform: ${command} ${args.join(" ")} does not work here`,
  );
}

const seen: Seen[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  seen.push({
    line: `${request.method} ${request.url}`,
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  });
  response.setHeader("content-type", "text/plain").end("ok");
});
let baseUrl = "";

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

for (const [language, command] of Object.entries(LANGUAGES)) {
  const skip = skips.get(language) ?? false;

  const send = async (project: Project, variable: string): Promise<Seen> => {
    const [file, args] = command(snippetOf(project, language));
    seen.length = 0;
    await run(file, args, { env: { ...process.env, [variable]: "a_key" } });
    assert.equal(seen.length, 1);
    return seen[0] as Seen;
  };

  test(`${language}: a body and a bearer key arrive`, { skip }, async () => {
    const { line, headers, body } = await send(vendorProject("murmr"), "MURMR_API_KEY");
    assert.equal(line, "POST /v1/voices/design");
    assert.equal(headers.authorization, "Bearer a_key");
    assert.equal(headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(body), {
      text: "Hello world",
      voice_description: "A warm voice",
      language: "English",
    });
  });

  test(`${language}: a request without a body is a plain GET`, { skip }, async () => {
    const { line, headers, body } = await send(vendorProject("kugelaudio"), "KUGELAUDIO_API_KEY");
    assert.deepEqual([line, body], ["GET /v1/models", ""]);
    assert.equal(headers.authorization, "Bearer a_key");
    assert.equal(headers["content-type"], undefined);
  });

  test(`${language}: nothing in the file escapes its quotes`, { skip }, async () => {
    const { line, headers, body } = await send(AWKWARD_PROJECT, "ACME_API_KEY");
    assert.match(decodeURIComponent(line), /^PATCH \/v1\/\$\(x\)\/`y`\/\[1-2\]\?q=\{a,b\}$/);
    assert.equal(headers["x-api-key"], "a_key");
    assert.equal(headers.authorization, undefined);
    assert.deepEqual(JSON.parse(body), BODIED);
  });
}

test("where a key may stand in the URL of an upgrade only, the snippet opens a WebSocket", () => {
  const project = projectOf("name: acme\ncredentials: { bearer: false, query: { name: k, on: upgrade } }\n");
  const page = authenticationPage(project);
  assert.doesNotMatch(page, /^curl|import requests/m);
  assert.ok(page.includes('const url = new URL("ws://acme.localhost/");'));
  assert.ok(page.includes('url.searchParams.set("k", key);'));
});
