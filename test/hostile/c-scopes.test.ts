// Rows C01 to C03, C05, C06, C14, C16 and C18: what a key may do. Scopes are compared whole, routes ask for all of theirs, and
// a request is served as what it was judged as.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClavigerError } from "../../src/base/errors.ts";
import { applyProject } from "../../src/manage/projects.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { ProjectFileError } from "../../src/project/load.ts";
import { type HostileRequest, layStage } from "./hostile-client.ts";

const stage = await layStage(["nur", "nudg3", "nohuman"]);
const { gateway } = stage;

async function ask(project: string, scopes: readonly string[], request: Omit<HostileRequest, "host">) {
  const { key } = await stage.key(project, { scopes });
  const lines = [`Authorization: Bearer ${key}`, ...(request.lines ?? [])];
  return stage.send({ host: `${project}.localhost`, ...request, lines });
}

test("C01: a scope is no prefix of another", async () => {
  const names = ["tts:read", "tts:readx", "tts:rea", "tts"];
  await stage.apply(`name: prefixes
scopes: { ${names.map((name) => `"${name}": x`).join(", ")} }
routes: [${names.map((name, index) => `{ match: GET /${index}, scopes: ["${name}"] }`).join(", ")}]`);
  for (const [held, scope] of names.entries()) {
    for (const [needed, name] of names.entries()) {
      const answer = await ask("prefixes", [scope], { target: `/${needed}` });
      assert.equal(answer.status, held === needed ? 204 : 403, `${scope} for ${name}`);
      if (held !== needed) assert.equal(answer.json.error.code, "insufficient_scope");
    }
  }
});

const ODD_SCOPES = [
  ...["tts:*", "*:read", "**", "*:*", "tts:", ":read", "TTS:READ", " tts:read ", "tts:read ", "tts:read\n"],
  ...[
    "a".repeat(300),
    "tts:read😀",
    "",
    "tts:read,tts:write",
    "tts:read tts:write",
    "tts:read\0",
    "__proto__",
  ],
];

test("C02: a key is not made with a scope that is not declared to the letter", async () => {
  for (const scope of ODD_SCOPES) {
    for (const scopes of [[scope], ["tts:read", scope]]) {
      await assert.rejects(
        gateway.key("nur", { scopes }),
        (error) => error instanceof ClavigerError && error.status === 422,
        JSON.stringify(scope),
      );
    }
  }
  const { scopes } = await gateway.key("nur", { scopes: ["tts:read", "*", "tts:read"] });
  assert.deepEqual(scopes, ["tts:read", "*"]);
  const declared = [
    "tts:*",
    "*:read",
    "**",
    "*:*",
    ":read",
    " tts:read ",
    "a".repeat(300),
    "tts:read😀",
    "a b",
    "",
  ];
  for (const name of declared) {
    const file = `name: odd\nscopes: { ${JSON.stringify(name)}: x }`;
    await assert.rejects(stage.apply(file), ProjectFileError, JSON.stringify(name));
  }
});

test("C03: a key with all scopes does not get those declared later, unless the project says so", async () => {
  for (const stands of ["frozen", "future"]) {
    const file = (more: readonly string[]) => `name: all-${stands}
scopes: { "*": { standsForAll: ${stands} }, ${["a", ...more].map((name) => `${name}: x`).join(", ")} }
routes: [${["a", ...more].map((name) => `{ match: GET /${name}, scopes: [${name}] }`).join(", ")}]`;
    await stage.apply(file([]));
    const { key } = await stage.key(`all-${stands}`, { scopes: ["*"] });
    const status = async (target: string, text: string) => {
      const lines = [`Authorization: Bearer ${text}`];
      return (await stage.send({ host: `all-${stands}.localhost`, target, lines })).status;
    };
    assert.equal(await status("/a", key), 204);
    await stage.apply(file(["b"]));
    assert.equal(await status("/a", key), 204);
    assert.equal(await status("/b", key), stands === "future" ? 204 : 403);
    const later = await stage.key(`all-${stands}`, { scopes: ["*"] });
    assert.equal(await status("/b", later.key), 204);
  }
});

test("C05: a route that needs two scopes is not opened by one, and the challenge names both", async () => {
  const challenge = 'Bearer realm="Nudg3", error="insufficient_scope", scope="read:analytics export:data"';
  for (const scope of ["read:analytics", "export:data"]) {
    const answer = await ask("nudg3", [scope], { target: "/exports" });
    assert.equal(answer.status, 403);
    assert.equal(answer.json.error.code, "insufficient_scope");
    assert.equal(answer.headers["www-authenticate"], challenge);
  }
  assert.equal((await ask("nudg3", ["read:analytics", "export:data"], { target: "/exports" })).status, 204);
});

test("C06: write does not include read unless the project declares it", async () => {
  const cases = [
    ["nur", "voices:write", "/v1/voices", 403, "insufficient_scope"],
    ["nur", "agents:write", "/v1/agents", 403, "insufficient_scope"],
    ["nohuman", "videos:generate", "/v1/videos/1", 403, "insufficient_permissions"],
    ["nur", "tts:write", "/v1/tts/1", 204, undefined],
  ] as const;
  for (const [project, scope, target, status, code] of cases) {
    const answer = await ask(project, [scope], { target });
    assert.equal(answer.status, status, scope);
    assert.equal(answer.json?.error.code, code);
  }
});

test("C14: HEAD needs what GET needs", async () => {
  const request = { method: "HEAD", target: "/v1/voices/7" };
  const refused = await ask("nur", ["voices:write"], request);
  assert.equal(refused.status, 403);
  assert.equal(refused.text, "");
  assert.match(refused.headers["www-authenticate"] ?? "", /scope="voices:read"/);
  const admitted = await ask("nur", ["voices:read"], request);
  assert.equal(admitted.status, 204);
  assert.equal(admitted.reached[0]?.method, "HEAD");
});

test("C16: a method in a header or in the query changes neither the verdict nor the request", async () => {
  const names = [
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "X_HTTP_METHOD_OVERRIDE",
    "x-http_method",
  ];
  const lines = names.map((name) => `${name}: DELETE`);
  for (const target of ["/v1/voices/7", "/v1/voices/7?_method=DELETE"]) {
    const admitted = await ask("nur", ["voices:read"], { target, lines });
    assert.equal(admitted.status, 204);
    const [reached] = admitted.reached;
    assert.deepEqual([reached?.method, reached?.target], ["GET", target]);
    assert.doesNotMatch(reached?.rawHeaders.join(" ") ?? "", /method/i);
    const refused = await ask("nur", ["voices:write"], {
      target,
      lines: lines.map((line) => line.replace("DELETE", "POST")),
    });
    assert.equal(refused.status, 403);
  }
  const posted = {
    method: "POST",
    target: "/v1/voices",
    lines: ["X-HTTP-Method-Override: GET", "Content-Length: 0"],
  };
  assert.equal((await ask("nur", ["voices:read"], posted)).status, 403);
});

test("C18: 10,000 routes are judged one by one, and a pattern that looks like a regular expression is refused", async () => {
  const routes = Array.from({ length: 5_000 }, (_, index) => [
    { match: `GET /v1/product${index}/{id}/items/**`, scopes: ["read"] },
    { match: `POST /v1/product${index}/{id}/items`, scopes: ["write"] },
  ]).flat();
  const file = {
    name: "many",
    scopes: { read: "x", write: "x" },
    routes,
    upstream: stage.upstream.url,
  };
  await applyProject(gateway.instance, LOCAL_CALLER, { file });
  const { key } = await stage.key("many", { scopes: ["read"] });
  const lines = [`Authorization: Bearer ${key}`, "Content-Length: 0"];
  for (const index of [0, 1, 2_500, 4_998, 4_999]) {
    for (const [method, target, status] of [
      ["GET", `/v1/product${index}/7/items/9`, 204],
      ["POST", `/v1/product${index}/7/items`, 403],
      ["GET", `/v1/product${index}/7/item`, 403],
      ["GET", `/v1/product${index}${"/a".repeat(4_000)}`, 403],
    ] as const)
      assert.equal((await stage.send({ host: "many.localhost", method, target, lines })).status, status);
  }
  for (const pattern of [
    "/(a+)+$",
    "GET /v1/[a-z]+",
    "/v1/.*",
    "/^v1",
    "/v1/a|b",
    "/v1/{id:[0-9]+}",
    "/a?",
  ]) {
    const routes = [{ match: pattern }];
    await assert.rejects(
      applyProject(gateway.instance, LOCAL_CALLER, { file: { name: "many", routes } }),
      (error) => error instanceof ClavigerError && error.status === 422,
      pattern,
    );
  }
});
