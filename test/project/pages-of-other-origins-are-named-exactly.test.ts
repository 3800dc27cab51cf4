// Promise: an origin that no browser would ever send, and a header that two places would write, are told when the file is applied.
import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOf, projectOf } from "./project-files.ts";

const told = (cors: string, more = ""): string[] =>
  problemsOf(`name: acme\ncors: ${cors}\n${more}`).map((line) => line.replace(/^acme\.yaml:\d+ /, ""));

test("origins are scheme, host and port as a browser sends them", () => {
  for (const fine of ["https://a.example", "http://localhost:3000", "https://[::1]:8443", "capacitor://x"])
    assert.ok(projectOf(`name: acme\ncors: { origins: ["${fine}"] }`).cors, fine);
  assert.deepEqual(told('{ origins: ["https://a.example:443"] }'), [
    "cors.origins[0]: is sent by browsers as https://a.example",
  ]);
  assert.deepEqual(told('{ origins: ["https://A.example"] }'), [
    "cors.origins[0]: is sent by browsers as https://a.example",
  ]);
  for (const wrong of ["https://a.example/", "a.example", "https://*.example", "null", "https://u@a.example"])
    assert.match(told(`{ origins: ["${wrong}"] }`).join(), /must be \* or an origin/, wrong);
  assert.deepEqual(told("{ origins: [] }").length, 1);
});

test("* stands alone, and nothing is named twice", () => {
  assert.deepEqual(told('{ origins: ["*", "https://a.example"] }'), [
    "cors.origins[0]: stands for every origin: name no other beside it",
  ]);
  assert.deepEqual(told('{ origins: ["https://a.example", "https://a.example"] }'), [
    "cors.origins[1]: origin https://a.example is named twice",
  ]);
});

test("the dialect does not say what cors says", () => {
  assert.deepEqual(
    told('{ origins: ["*"] }', 'dialect: { headers: { Access-Control-Allow-Origin: "*" } }\n'),
    ["dialect.headers.Access-Control-Allow-Origin: Access-Control-Allow-Origin is written by cors"],
  );
});

test("names are told once, whatever their spelling", () => {
  const { cors } = projectOf(`name: acme
credentials: { bearer: false, headers: [X-Key] }
cors: { origins: ["*"], headers: [x-key, X-More], exposedHeaders: [retry-after, X-Told] }
`);
  assert.equal(
    cors?.preflight["access-control-allow-headers"],
    "X-Key, Content-Type, Idempotency-Key, X-More",
  );
  assert.equal(cors?.exposed, "X-Request-Id, Retry-After, WWW-Authenticate, Allow, X-Told");
});
