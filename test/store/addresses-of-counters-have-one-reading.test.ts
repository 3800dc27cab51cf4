// Promise: an address of counters is read as it was meant or refused, and never repeated when it is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { readValkeyAddress } from "../../src/store/valkey/address.ts";

const PLAIN = { username: undefined, password: undefined, database: 0, tls: false };

test("host, port, user, password, database and TLS are where they are in every such address", () => {
  const cases: [string, object][] = [
    ["redis://cache", { ...PLAIN, host: "cache", port: 6379, place: "cache:6379" }],
    ["valkey://cache:7000/", { ...PLAIN, host: "cache", port: 7000, place: "cache:7000" }],
    [
      "rediss://:p%40ss@cache/3",
      { ...PLAIN, host: "cache", port: 6379, place: "cache:6379", password: "p@ss", database: 3, tls: true },
    ],
    [
      "valkeys://u:p@[::1]:6380",
      { ...PLAIN, host: "::1", port: 6380, place: "[::1]:6380", username: "u", password: "p", tls: true },
    ],
  ];
  for (const [url, address] of cases) assert.deepEqual(readValkeyAddress(url), address, url);
});

test("anything else is refused without being repeated", () => {
  const bad = ["", "cache:6379", "http://u:pass-WORD@cache", "redis://", "redis://u:pass-WORD@cache:port"];
  for (const url of [...bad, "redis://u:pass-WORD@cache/one", "redis://u:%zzpass-WORD@cache", "redis:///1"])
    assert.throws(
      () => readValkeyAddress(url),
      (error) =>
        !/pass-WORD/.test(inspect(error, { showHidden: true })) && /not of the form/.test(String(error)),
      url,
    );
});
