// Rows C07 to C12: which path a path is. What could be read in two ways is refused before anybody is asked for a key, and no
// spelling of a path finds a weaker rule than the path itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layStage, words } from "./hostile-client.ts";

const stage = await layStage(["nur", "nudg3"]);

/** Every key may go anywhere but to the exports. */
await stage.apply(`name: doors
scopes: { export: x, none: x }
routes: [{ match: /v1/exports, scopes: [export] }, { match: /exports/**, scopes: [export] }, { match: /** }]`);

const strong = (await stage.key("doors", { scopes: ["export"] })).key;
const weak = (await stage.key("doors", { scopes: ["none"] })).key;
const vendorKeys = {
  nur: (await stage.key("nur", { scopes: ["*"] })).key,
  nudg3: (await stage.key("nudg3", { tier: "premium" })).key,
};

const authorized = (key: string) => [`Authorization: Bearer ${key}`];

/** Whoever asks: a key for everything, a key for nothing much, nobody. */
async function assertAmbiguous(target: string): Promise<void> {
  for (const [host, key] of [
    ["doors.localhost", strong],
    ["doors.localhost", weak],
    ["nur.localhost", vendorKeys.nur],
    ["nudg3.localhost", vendorKeys.nudg3],
    ["nudg3.localhost", undefined],
  ] as const) {
    const answer = await stage.send({ host, target, lines: key === undefined ? [] : authorized(key) });
    assert.equal(answer.status, 400, `${target}: ${answer.text}`);
    assert.equal(answer.json.error.code, "ambiguous_path", target);
    assert.equal(answer.headers["www-authenticate"], undefined);
    assert.equal(answer.lookUps, 0);
  }
}

test("C07: empty segments are ambiguous", async () => {
  for (const target of words("//v1/exports /v1//exports /v1/exports// // ///v1/exports //nur.localhost/v1"))
    await assertAmbiguous(target);
});

test("C08: dot segments in any encoding are ambiguous", async () => {
  const dots = words(".. . %2e%2e %2E%2e .%2e %2e. %2e %EF%BC%8E%EF%BC%8E %E2%80%A5");
  for (const dot of dots) {
    for (const target of [`/pub/${dot}/exports`, `/${dot}/exports`, `/v1/exports/${dot}`])
      await assertAmbiguous(target);
  }
});

test("C09: path parameters are ambiguous", async () => {
  for (const target of words(
    "/pub/..;/exports /exports;x=1 /exports; /pub;/exports /pub/..;a=b/exports /exports%3bx",
  ))
    await assertAmbiguous(target);
});

test("C10: encoded slashes, backslashes and double encodings are ambiguous", async () => {
  const parts = words(String.raw`%2f %2F %5c %5C %252f %255c %25 %2525 \ \..\ %EF%BC%8F %EF%BC%BC`);
  for (const part of parts) {
    for (const target of [`/v1${part}exports`, `/pub/${part}`]) await assertAmbiguous(target);
  }
});

test("C11: no look-alike of a guarded path is guarded less", async () => {
  const alike = words("/V1/Exports /v1/EXPORTS /v1/exports/ /v1/exports.json /v1/exports%20 /v1/exports.");
  const encoded = words("/v1/%65xports /%761/exports /v1/exports%2ejson /v1/%45XPORTS /v1/%EF%BD%85xports");
  const below = words(
    "/Exports /exports/ /EXPORTS/x /exports.csv /exports%20/x /%65xports/x /exports.tar.gz",
  );
  for (const target of [...alike, ...encoded, ...below]) {
    const answer = await stage.send({ host: "doors.localhost", target, lines: authorized(weak) });
    assert.equal(answer.status, 403, `${target}: ${answer.text}`);
    assert.match(answer.json.error.code, /^(?:forbidden|insufficient_scope)$/);
  }
  const basic = (await stage.key("nudg3", { tier: "basic" })).key;
  for (const target of words("/Exports /exports/ /exports.json /exports%20 /nothing / /dashboards")) {
    const answer = await stage.send({ host: "nudg3.localhost", target, lines: authorized(basic) });
    assert.equal(answer.status, 403, target);
  }
  const unmatched = await stage.send({
    host: "nudg3.localhost",
    target: "/Dashboard",
    lines: authorized(vendorKeys.nudg3),
  });
  assert.deepEqual([unmatched.status, unmatched.json.error.code], [403, "forbidden"]);
});

test("C12: fragments, paths in the query and NUL are ambiguous, and a query takes no part in routing", async () => {
  for (const target of words(
    "/exports#/pub /pub#/exports /pub?/exports /pub?%2fexports /exports%00 /exports%00.json /%0a /pub?#",
  ))
    await assertAmbiguous(target);
  for (const [target, key, status] of [
    ["/pub?path=/exports", weak, 204],
    ["/pub?exports", weak, 204],
    ["/exports?path=/pub", weak, 403],
    ["/exports?", weak, 403],
    ["/exports?path=/pub", strong, 204],
  ] as const) {
    const answer = await stage.send({ host: "doors.localhost", target, lines: authorized(key) });
    assert.equal(answer.status, status, target);
  }
});
