// Promise: a server that cannot hold the store is refused for a reason that can be mended, and an address never shows its password.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { readAddress } from "../../src/store/postgres/address.ts";
import { refusalOf } from "../../src/store/postgres/server.ts";

const FIT = { version: "PostgreSQL 15.4 on x86_64", number: 150_004, encoding: "UTF8", readOnly: "off" };

test("versions below 15 are refused, and named", () => {
  assert.equal(refusalOf(FIT), undefined);
  assert.equal(refusalOf({ ...FIT, number: 150_000 }), undefined);
  const old = { ...FIT, version: "PostgreSQL 14.12 (Debian) on x86_64", number: 140_012 };
  assert.equal(refusalOf(old), "is PostgreSQL 14.12: version 15 or later is needed");
  assert.match(refusalOf({ ...FIT, number: 149_999 }) ?? "", /version 15/);
});

test("others that speak the protocol are not judged by the version that they claim", () => {
  assert.equal(
    refusalOf({ ...FIT, version: "CockroachDB CCL v24.1.0 (x86_64)", number: 130_000 }),
    undefined,
  );
  assert.equal(
    refusalOf({ ...FIT, version: "PostgreSQL 11.2-YB-2.20.1.3 on x86_64", number: 110_002 }),
    undefined,
  );
});

test("an encoding that cannot hold every text is refused, and so is a standby", () => {
  for (const encoding of ["SQL_ASCII", "LATIN1"])
    assert.match(refusalOf({ ...FIT, encoding }) ?? "", new RegExp(`${encoding}.*UTF8`));
  assert.equal(refusalOf({ ...FIT, encoding: "utf8" }), undefined);
  assert.match(refusalOf({ ...FIT, readOnly: "on" }) ?? "", /read-only: give the address of the primary/);
});

test("an address is shown without user and password, wherever it names its host", () => {
  const cases: [string, string][] = [
    ["postgres://user:pass-WORD@db.example:5433/claviger", "db.example:5433/claviger"],
    ["postgresql://user:pass-WORD@db.example/claviger", "db.example/claviger"],
    ["postgresql:///claviger?host=/run/postgresql&user=u&password=pass-WORD", "/run/postgresql/claviger"],
    ["postgres://user:pass-WORD@%2Frun%2Fpostgresql/claviger", "/run/postgresql/claviger"],
    ["postgres://user:p%40ss-WORD@[::1]:5432/a%20b", "[::1]:5432/a b"],
  ];
  for (const [url, place] of cases) assert.equal(readAddress(url).place, place);
});

test("every word for TLS means that the server is verified, but the two that say it is not", () => {
  const modeOf = (mode: string) =>
    new URL(readAddress(`postgres://h/d?sslmode=${mode}`).config.connectionString ?? "").searchParams.get(
      "sslmode",
    );
  for (const mode of ["prefer", "require", "verify-ca", "verify-full"])
    assert.equal(modeOf(mode), "verify-full");
  for (const mode of ["disable", "no-verify"]) assert.equal(modeOf(mode), mode);
});

test("what is no address is refused without being repeated", () => {
  for (const url of [
    "",
    "nonsense",
    "mysql://u:pass-WORD@h/d",
    "postgres://u:pass-WORD@h:port/d",
    "postgres://u:pass-WORD@%zz/d",
  ])
    assert.throws(
      () => readAddress(url),
      (error) =>
        !/pass-WORD/.test(inspect(error, { showHidden: true })) && /not of the form/.test(String(error)),
      url,
    );
});
