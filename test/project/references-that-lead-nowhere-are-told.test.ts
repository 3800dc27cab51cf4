/** What the shape cannot tell is found when the file is compiled: names that are not declared, and things said twice. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOf, projectOf } from "./project-files.ts";

/** Below `name: acme`, so that the first line of each text is line 2. */
const mistakes = (text: string) => problemsOf(`name: acme\n${text}\n`);

test("a scope that is not declared is told wherever it is used", () => {
  const undeclared = 'scope "write" is not declared under scopes';
  assert.deepEqual(
    mistakes(
      `scopes:
  read: { description: Read, implies: [write] }
keys: { defaultScopes: [read, write] }
tiers:
  basic: { scopes: [write] }
routes:
  - match: /a
    scopes: [read]
  - match: /b
    scopes: [read, write]`,
    ),
    [
      'acme.yaml:3 scopes.read.implies[0]: scope "write" is not declared',
      `acme.yaml:4 keys.defaultScopes[1]: ${undeclared}`,
      `acme.yaml:6 tiers.basic.scopes[0]: ${undeclared}`,
      `acme.yaml:11 routes[1].scopes[1]: ${undeclared}`,
    ],
  );
});

test("a plan, an environment and a region that are not declared are told", () => {
  assert.deepEqual(mistakes("plans: { free: {} }\ndefaultPlan: pro"), [
    'acme.yaml:3 defaultPlan: plan "pro" is not declared under plans',
  ]);
  assert.deepEqual(mistakes("hosts:\n  - a.example\n  - { host: b.example, environment: prod }"), [
    'acme.yaml:4 hosts[1].environment: environment "prod" is not declared',
  ]);
  assert.deepEqual(
    mistakes("regions: { eu: { keyPrefix: eu- } }\nhosts: [{ host: b.example, region: us }]"),
    ['acme.yaml:3 hosts[0].region: region "us" is not declared under regions'],
  );
});

test("what is named twice is told at its second place", () => {
  assert.deepEqual(mistakes("hosts:\n  - a.example\n  - { host: a.example }"), [
    "acme.yaml:4 hosts[1]: host a.example is named twice",
  ]);
  assert.deepEqual(mistakes("keys: { format: 'acme_{secret:40}' }\nenvironments: [a, b, a]"), [
    'acme.yaml:3 environments[2]: environment "a" is named twice',
  ]);
  assert.deepEqual(mistakes("regions:\n  eu: { keyPrefix: eu- }\n  europe: { keyPrefix: eu- }"), [
    "acme.yaml:4 regions.europe.keyPrefix: eu- is the prefix of region eu already",
  ]);
  assert.deepEqual(mistakes("credentials: { headers: [X-Key, x-key] }"), [
    "acme.yaml:2 credentials.headers[1]: header x-key is named twice",
  ]);
});

test("of two routes that claim the same, the second is told with its line", () => {
  assert.deepEqual(
    mistakes(
      `routes:
  - match: GET /a
  - match: [POST /a, GET /b]
  - match: /c
  - match: [/d, GET|PUT /b]
  - match: /e`,
    ),
    ['acme.yaml:6 routes[3]: routes "GET /b" and "GET|PUT /b" claim the same method of the same path'],
  );
  assert.match(
    mistakes("routes:\n  - match: /v/{a}\n  - match: /v/{b}")[0] ?? "",
    /^acme\.yaml:4 routes\[1\]: routes "\/v\/\{a\}" and "\/v\/\{b\}" claim the same/,
  );
  assert.notEqual(projectOf("name: acme\nroutes: [{ match: GET /a }, { match: /a }]\n").routes, undefined);
});

test("a pattern that cannot be meant is told with its route", () => {
  assert.deepEqual(mistakes("routes:\n  - match: /a\n  - match: FETCH /b"), [
    'acme.yaml:4 routes[1].match: route "FETCH /b": "FETCH" is not one of GET POST PUT PATCH DELETE OPTIONS',
  ]);
});

test("an own account needs a parameter that names it", () => {
  assert.deepEqual(mistakes("routes:\n  - match: ['/a/{account}', '/b/{acc}']\n    ownAccount: account"), [
    "acme.yaml:4 routes[0].ownAccount: /b/{acc} has no parameter {account}",
  ]);
});

test("a bad key format is told with its field", () => {
  assert.match(
    mistakes("keys:\n  format: acme_{secret:10}")[0] ?? "",
    /^acme\.yaml:3 keys\.format: key format "acme_\{secret:10\}": the secret has 4 random characters/,
  );
  assert.match(
    mistakes("keys:\n  accept:\n    - format: old_{nope}")[0] ?? "",
    /^acme\.yaml:4 keys\.accept\[0\]\.format: .*unknown placeholder \{nope\}/,
  );
  assert.match(
    mistakes("regions: { eu: { keyPrefix: eu- } }\nkeys: { format: 'eu-key_{secret:40}' }")[0] ?? "",
    /^acme\.yaml:3 keys\.format: .*may begin with the region prefix "eu-"/,
  );
  assert.match(
    mistakes(
      "keys:\n  format: acme_{secret:40}\n  accept: [{ format: 'acme_{secret:40}', checksum: none }]",
    )[0] ?? "",
    /^acme\.yaml:4 keys\.accept\[0\]\.format: also fits acme_\{secret:40\}, whose checksum differs/,
  );
  assert.match(
    mistakes("environments: [live, pre-prod]")[0] ?? "",
    /^acme\.yaml:1 keys\.format: .*illegal environment name "pre-prod"/,
  );
});

test("headers that HTTP itself uses carry no key and are not answered with", () => {
  for (const name of ["Cookie", "Host", "X-Forwarded-For", "authorization", "Claviger-Key", "Connection"]) {
    assert.deepEqual(mistakes(`credentials: { headers: [${name}] }`), [
      `acme.yaml:2 credentials.headers[0]: ${name} cannot carry a key: it has a meaning of its own`,
    ]);
  }
  for (const name of ["Transfer-Encoding", "content-length", "Connection"]) {
    const told = `${name} is set by the gateway itself`;
    assert.deepEqual(mistakes(`dialect: { headers: { ${name}: x } }`), [
      `acme.yaml:2 dialect.headers.${name}: ${told}`,
    ]);
    assert.deepEqual(mistakes(`dialect: { answers: { missing_key: { headers: { ${name}: x } } } }`), [
      `acme.yaml:2 dialect.answers.missing_key.headers.${name}: ${told}`,
    ]);
  }
});

test("a project leaves some place for a key", () => {
  assert.deepEqual(mistakes("credentials: { bearer: false }"), [
    "acme.yaml:2 credentials: leaves no place where a key could stand",
  ]);
  for (const place of ["headers: [X-Key]", "query: { on: upgrade }"]) {
    const text = `name: acme\ncredentials: { bearer: false, ${place} }\n`;
    assert.equal(projectOf(text).credentials.bearer, false);
  }
});

test("a trusted proxy is an address or a range", () => {
  assert.match(
    mistakes("network:\n  trustedProxies: [10.0.0.0/8, proxy.example]")[0] ?? "",
    /^acme\.yaml:3 network\.trustedProxies\[1\]: not an IP address/,
  );
  assert.match(
    mistakes("network: { trustedProxies: [0.0.0.0/0] }")[0] ?? "",
    /^acme\.yaml:2 network\.trustedProxies\[0\]: /,
  );
});
