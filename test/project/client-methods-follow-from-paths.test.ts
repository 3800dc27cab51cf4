/** What the methods of a client package are called follows from method and path, or from `routes[].name`; what is no name is told. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { clientPackage } from "../../src/project/clients.ts";
import { ProjectFileError } from "../../src/project/load.ts";
import { projectOf } from "./project-files.ts";

/** The rows of the README's table, each as `method | request`. */
function methodsOf(routes: string, language: "python" | "typescript" = "python"): string[] {
  const readme = clientPackage(projectOf(`name: acme\nroutes:\n${routes}`), language).get("README.md") ?? "";
  return [...readme.matchAll(/^\| `(.+?)` \| (.+?) `(.+?)` \|$/gm)].map(
    ([, method, verb, path]) => `${method} | ${verb} ${path}`,
  );
}

function problemsOf(text: string): string[] {
  try {
    clientPackage(projectOf(`name: acme\n${text}`), "typescript", { source: "acme.yaml" });
  } catch (error) {
    if (error instanceof ProjectFileError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test("the group is what the path is about, the method its verb and what follows", () => {
  const routes = `
  - match: GET /v1/voices
  - match: POST /v1/voices
  - match: GET|PATCH|DELETE /v1/voices/{voice}
  - match: GET /v1/voices/{voice}/samples
  - match: POST /api/v2beta1/tts/generate
  - match: POST /v1/voices/{voiceId}/clone/fast
  - match: GET /{tenant}/aio-metrics
`;
  assert.deepEqual(methodsOf(routes), [
    "voices.get() | GET /v1/voices",
    "voices.post(body) | POST /v1/voices",
    "voices.get_voice(voice) | GET /v1/voices/{voice}",
    "voices.patch_voice(voice, body) | PATCH /v1/voices/{voice}",
    "voices.delete_voice(voice) | DELETE /v1/voices/{voice}",
    "voices.get_samples(voice) | GET /v1/voices/{voice}/samples",
    "voices.clone_fast(voice_id, body) | POST /v1/voices/{voiceId}/clone/fast",
    "tts.generate(body) | POST /api/v2beta1/tts/generate",
    "aio_metrics.get(tenant) | GET /{tenant}/aio-metrics",
  ]);
  assert.deepEqual(methodsOf("  - match: GET /aio-metrics/{dayOfWeek}/top_ten", "typescript"), [
    "aioMetrics.getTopTen(dayOfWeek) | GET /aio-metrics/{dayOfWeek}/top_ten",
  ]);
});

test("what lies below an open path is passed, and any method is five", () => {
  assert.deepEqual(methodsOf("  - match: /v1/music/**"), [
    "music.get(*below) | GET /v1/music/**",
    "music.post(*below, body=…) | POST /v1/music/**",
    "music.put(*below, body=…) | PUT /v1/music/**",
    "music.patch(*below, body=…) | PATCH /v1/music/**",
    "music.delete(*below) | DELETE /v1/music/**",
  ]);
  assert.deepEqual(methodsOf("  - match: GET /v1/a/**\n  - match: '* /v1/a/**'", "typescript"), [
    "a.get(below) | GET /v1/a/**",
    "a.post(below, body) | POST /v1/a/**",
    "a.put(below, body) | PUT /v1/a/**",
    "a.patch(below, body) | PATCH /v1/a/**",
    "a.delete(below) | DELETE /v1/a/**",
  ]);
});

test("a path about nothing has no methods of its own, and the client is made all the same", () => {
  assert.deepEqual(
    methodsOf("  - match: /v1/**\n  - match: GET /\n  - match: OPTIONS /x\n  - match: 'GET /{a}/{b}'"),
    [],
  );
});

test("a route's name goes before what follows from its path", () => {
  const routes = `
  - { match: GET /v1/voices, name: voices.list }
  - { match: ["POST /v2/voices", "GET /v2/voices/{voice}"], name: voices_v2 }
  - { match: GET /v1/stream, name: speech.connect, webSocket: true }
  - { match: "GET /v1/live/{room}", webSocket: true }
`;
  assert.deepEqual(methodsOf(routes), [
    "voices.list() | GET /v1/voices",
    "voices_v2.post(body) | POST /v2/voices",
    "voices_v2.get_voice(voice) | GET /v2/voices/{voice}",
    "speech.connect() | WebSocket /v1/stream",
    "live.connect_room(room) | WebSocket /v1/live/{room}",
  ]);
});

test("words of either language are kept out of the way", () => {
  assert.deepEqual(methodsOf("  - match: 'POST /a/{class}/{body}/{self}/import'\n  - match: 'POST /a/3d'"), [
    "a.post_import(class_value, body_value, self_value, body) | POST /a/{class}/{body}/{self}/import",
    "a.post_3d(body) | POST /a/3d",
  ]);
});

test("two methods with one name, and names that cannot be, are told with the route", () => {
  const told = problemsOf(`routes:
  - match: GET /v1/voices
  - match: GET /v2/voices
  - match: GET /v1/usage
  - match: GET /v1/class
  - match: GET /v1/3d
  - match: GET /v1/then/x
  - match: GET /x/{a_b}/{aB}
  - { match: [GET /v1/p, GET /v1/q], name: p.list }
  - { match: GET /v1/r, name: a_1.x }
  - { match: GET /v1/s, name: a1.y }
`);
  assert.deepEqual(told, [
    "acme.yaml routes[1].match: GET /v2/voices is the method voices.get, as GET /v1/voices is: give one of them a name",
    'acme.yaml routes[2].match: GET /v1/usage: "usage" cannot be a group of the client\'s methods: give the route a name',
    'acme.yaml routes[3].match: GET /v1/class: "class" cannot be a group of the client\'s methods: give the route a name',
    'acme.yaml routes[4].match: GET /v1/3d: "3d" cannot be a group of the client\'s methods: give the route a name',
    'acme.yaml routes[5].match: GET /v1/then/x: "then" cannot be a group of the client\'s methods: give the route a name',
    "acme.yaml routes[6].match: GET /x/{a_b}/{aB}: two of its parameters have one name in the client",
    "acme.yaml routes[7].name: names one method, and this route is 2: name the group alone, or write an entry for each",
    "acme.yaml routes[7].match: GET /v1/q is the method p.list, as GET /v1/p is: give one of them a name",
    "acme.yaml routes[9].match: GET /v1/s: the groups a1 and a_1 are one word in TypeScript: name one of them otherwise",
  ]);
});

test("names of package, module and class that cannot be are told", () => {
  assert.deepEqual(problemsOf("client: { packageName: 3d, className: ApiError }"), [
    'acme.yaml client.moduleName: Python cannot import "3d": name another module',
    'acme.yaml client.className: "ApiError" cannot be the name of the class: name another',
  ]);
  for (const className of ["None", "Client", "Stream", "Response"])
    assert.equal(problemsOf(`client: { className: ${className} }`).length, 1, className);
  for (const moduleName of ["import", "json", "httpx", "tests"])
    assert.equal(problemsOf(`client: { moduleName: ${moduleName} }`).length, 1, moduleName);
});

test("a region without an address, a base URL that swallows paths and a key without a header are told", () => {
  assert.deepEqual(problemsOf("regions: { eu: { keyPrefix: eu- } }"), [
    "acme.yaml client.regions.eu: it is no address that paths can follow: give one such as https://api.acme.com",
  ]);
  assert.equal(problemsOf("client: { baseUrl: 'https://acme.com/?a=' }").length, 1);
  assert.deepEqual(problemsOf("credentials: { bearer: false, query: { on: upgrade } }"), [
    "acme.yaml credentials: names no header, and clients send the key in one",
  ]);
});

test("without names in the file they follow from title and name", () => {
  const client = (text: string) => clientPackage(projectOf(text), "typescript").get("src/client.ts") ?? "";
  assert.match(client("name: acme-corp\n"), /export class AcmeCorp extends/);
  assert.match(client("name: acme\ntitle: AcmeAI\n"), /export class AcmeAI extends/);
  assert.match(client("name: acme\ntitle: 'Acme & Sons'\n"), /export class Acme extends/);
});

test("each language may have a package name of its own", () => {
  const text = 'name: acme\nclient: { packageName: { python: acme-sdk, typescript: "@acme/client" } }\n';
  const manifest = JSON.parse(clientPackage(projectOf(text), "typescript").get("package.json") ?? "");
  assert.equal(manifest.name, "@acme/client");
  const python = clientPackage(projectOf(text), "python");
  assert.match(python.get("pyproject.toml") ?? "", /^name = "acme-sdk"$/m);
  assert.ok(python.has("src/acme_sdk/__init__.py"));
});

test("the packages ask for the kits as they are", async () => {
  const { KIT_VERSION } = await import("../../src/project/client/metadata.ts");
  const { readFileSync } = await import("node:fs");
  const read = (path: string) => readFileSync(new URL(`../../sdks/${path}`, import.meta.url), "utf8");
  assert.equal(JSON.parse(read("typescript/client/package.json")).version, KIT_VERSION);
  assert.match(read("python/client/pyproject.toml"), new RegExp(`^version = "${KIT_VERSION}"$`, "m"));
});
