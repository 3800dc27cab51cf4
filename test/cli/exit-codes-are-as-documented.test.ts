// Promise: every way to end has the exit code that docs/cli.md says, and what went wrong is one clear line.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EXIT } from "../../src/cli/terminal.ts";
import { folderFor } from "../support/folder.ts";
import { bareServer } from "./bare-server.ts";
import { run, serve } from "./made-up-terminal.ts";
import { serveAcme } from "./served.ts";

const LIST = ["keys", "list", "acme"];
const KEY = { CLAVIGER_ROOT_KEY: "claviger_root_unknown" };

test("the documented codes are those of the program", () => {
  assert.deepEqual(EXIT, { ok: 0, failed: 1, usage: 2, denied: 3, unreachable: 4 });
});

test("help is an answer: exit code 0, on standard output", async () => {
  for (const args of [
    ["--help"],
    ["-h"],
    ["help"],
    ["keys", "--help"],
    ["help", "keys"],
    ["keys", "create", "-h"],
  ]) {
    const { code, out, err } = await run(args);
    assert.deepEqual([code, err], [0, ""], args.join(" "));
    assert.match(out, /^Usage: claviger /);
  }
  const { out } = await run(["--help"]);
  for (const command of [
    "init",
    "serve",
    "apply",
    "schema",
    "docs",
    "accounts",
    "keys",
    "verify",
    "root-key",
  ])
    assert.match(out, new RegExp(`^  ${command}\\b.*\\w`, "m"));
});

test("what is not understood is exit code 2, on standard error", async () => {
  for (const [args, words] of [
    [["nope"], /^error: unknown command 'nope'\n/],
    [["keys", "nope"], /^error: unknown command 'nope'\n/],
    [["schema", "--colour"], /^error: unknown option '--colour'\n/],
    [["keys", "lst", "acme"], /^error: unknown command 'lst'\n\(Did you mean list\?\)\n/],
    [["keys", "revoke", "acme"], /^error: missing required argument 'id'\n/],
    [["keys", "revoke", "acme", "a", "b"], /^error: too many arguments/],
    [["keys", "create", "acme", "--name", "n"], /^error: required option '--account <id>' not specified\n/],
    [["serve", "--port"], /^error: option '--port <n>' argument missing\n/],
    [["serve", "--port", "65536"], /^error: .*'65536' is invalid\. a port is a number from 0 to 65535\n/],
    [["serve", "--port", "4e3"], /^error: .*'4e3' is invalid/],
  ] as const) {
    const { code, out, err } = await run(args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, words);
    assert.match(err, /\nRun with --help to see what can be said\.\n$/);
  }
  for (const args of [[], ["keys"], ["accounts"], ["root-key"]]) {
    const { code, out, err } = await run(args);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^Usage: claviger /);
  }
});

test("what is needed and not given is exit code 2", async () => {
  const none = await run(LIST);
  assert.deepEqual(none, {
    code: 2,
    out: "",
    err: "claviger: no root key: set CLAVIGER_ROOT_KEY or name a file with --root-key-file\n",
    asked: [],
  });
  assert.equal((await run(LIST, { env: { CLAVIGER_ROOT_KEY: " " } })).code, 2);
  for (const url of ["", "nonsense", "ftp://127.0.0.1", "localhost:4000", "http://", "http://a b"]) {
    const { code, err } = await run([...LIST, "--url", url], { env: KEY });
    assert.deepEqual([code, err], [2, `claviger: ${url} is not a URL of a control plane\n`]);
  }
});

test("a mistake in the environment stops the command that reads it, and no other", async () => {
  for (const variable of ["CLAVIGER_PORT", "CLAVIGER_GATEWAY_PORT"]) {
    const env = { [variable]: "80 80" };
    const { code, err } = await run(["serve"], { env });
    assert.deepEqual([code, err], [2, `claviger: ${variable}: a port is a number from 0 to 65535\n`]);
    assert.equal((await run(["schema"], { env })).code, 0);
  }
});

test("nobody at the address is exit code 4", async (t) => {
  const gone = await bareServer(t);
  await gone.close();
  const { code, out, err } = await run([...LIST, "--url", gone.url], { env: KEY });
  assert.deepEqual([code, out], [4, ""]);
  assert.match(err, /^claviger: http:\/\/127\.0\.0\.1:\d+ does not answer: connect ECONNREFUSED .*\n$/);
});

test("a connection that breaks off in the answer is exit code 4", async (t) => {
  const { url } = await bareServer(t, (_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write("{", () => response.destroy());
  });
  const { code, err } = await run([...LIST, "--url", `${url}/`], { env: KEY });
  assert.equal(code, 4, err);
  assert.match(err, /^claviger: http:\/\/127\.0\.0\.1:\d+\/ does not answer: .+\n$/);
});

test("a store that does not answer is exit code 4, and any other refusal 1", async (t) => {
  let status = 503;
  const upstream = await bareServer(t, (_request, response) => {
    response.writeHead(status, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ title: "T", detail: `The detail of ${status}.`, code: "some_code" }));
  });
  for (const [answered, expected] of [
    [503, 4],
    [500, 1],
    [403, 1],
    [404, 1],
  ] as const) {
    status = answered;
    const { code, err } = await run(LIST, { env: { ...KEY, CLAVIGER_URL: upstream.url } });
    assert.deepEqual([code, err], [expected, `claviger: The detail of ${answered}. (some_code)\n`]);
  }
});

test("something that is not Claviger at the address is told without its page", async (t) => {
  const upstream = await bareServer(t, (_request, response) => {
    response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not found</h1>");
  });
  const { code, err } = await run([...LIST, "--url", upstream.url], { env: KEY });
  assert.deepEqual([code, err], [1, "claviger: answered 404\n"]);
});

test("a root key that is wrong or cannot be read is exit code 1, and never repeated", async (t) => {
  const acme = await serveAcme(t);
  const file = join(acme.folder, "no-such-file");
  const unknown = await acme.run(LIST, { env: { CLAVIGER_ROOT_KEY: "claviger_root_secret" } });
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /^claviger: .* \(invalid_key\)\n$/);
  const missing = await acme.run([...LIST, "--root-key-file", file]);
  assert.deepEqual(
    [missing.code, missing.err],
    [1, `claviger: ${file} cannot be read: no such file or directory\n`],
  );
  const folder = await acme.run([...LIST, "--root-key-file", acme.folder]);
  assert.deepEqual(
    [folder.code, folder.err],
    [1, `claviger: ${acme.folder} cannot be read: illegal operation on a directory\n`],
  );
  for (const text of ["claviger_root_a\nclaviger_root_b", "claviger_root_é", "claviger root"]) {
    writeFileSync(file, text);
    const { code, err } = await acme.run([...LIST, "--root-key-file", file]);
    assert.deepEqual([code, err], [1, "claviger: the root key is not one line of ASCII\n"]);
  }
  // The file wins over the environment, and the line end of an editor does no harm.
  writeFileSync(file, `${acme.rootKey}\r\n`);
  const found = await acme.run([...LIST, "--root-key-file", file], { env: KEY });
  assert.equal(found.code, 0, found.err);
});

test("a server that cannot start is exit code 1 and one line", async (t) => {
  const folder = folderFor(t);
  const [data, file] = [join(folder, "data"), join(folder, "acme.yaml")];
  const flags = ["serve", "--port", "0", "--data", data];
  const missing = await run([...flags, "--project", file]);
  assert.deepEqual(
    [missing.code, missing.err],
    [1, `claviger: ${file} cannot be read: no such file or directory\n`],
  );
  writeFileSync(file, "name: acme\ncolour: red\n");
  const wrong = await run([...flags, "--project", file]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /^claviger: acme\.yaml:2 colour: unknown field.*\n$/);
  const rootKey = await run([...flags, "--root-key-file", folder]);
  assert.deepEqual(
    [rootKey.code, rootKey.err],
    [1, `claviger: ${folder} cannot be written: illegal operation on a directory\n`],
  );
  const pepper = await run(flags, { env: { CLAVIGER_PEPPER: "short" } });
  assert.deepEqual(
    [pepper.code, pepper.err],
    [1, "claviger: the pepper must be at least 32 bytes in base64url\n"],
  );
});

test("a start that failed has made no root key that nobody was told", async (t) => {
  const folder = folderFor(t);
  const flags = ["--json", "--data", join(folder, "data")];
  const taken = await bareServer(t);
  const failed = await run(["serve", ...flags, "--port", String(taken.port), "--gateway-port", "0"]);
  assert.deepEqual(
    [failed.code, failed.out, failed.err],
    [1, "", `claviger: port ${taken.port} is in use; name another one or stop what uses it\n`],
  );
  const { banner } = await serve(t, [...flags, "--port", "0"]);
  assert.match(JSON.parse(banner).rootKey, /^claviger_root_/);
});
