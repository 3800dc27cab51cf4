// Promise: the example for Compose is two nodes over one PostgreSQL and one Valkey, says nothing that the program does not know, keeps
// control planes and stores from the outside, and starts with no secret that was not given to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { readAddress } from "../../src/store/postgres/address.ts";
import { readValkeyAddress } from "../../src/store/valkey/address.ts";
import { drainSeconds, read, variables } from "./program-facts.ts";

const TEXT = read("examples/compose.yaml");
const EXAMPLE = read("examples/compose.env.example");

/** What Compose makes of the text: `${NAME:?words}` is the value, or the end. */
function interpolated(values: Readonly<Record<string, string>>): string {
  return TEXT.replaceAll(/\$\{([^}]*)\}/g, (_, inside: string) => {
    const [, name, words] = /^([A-Z_]+):\?(.+)$/.exec(inside) ?? assert.fail(`a value of its own: ${inside}`);
    const value = values[name!];
    if (value === undefined || value === "") throw new Error(`${name}: ${words}`);
    return value;
  });
}

const VALUES = { POSTGRES_PASSWORD: "pg0secret", VALKEY_PASSWORD: "vk0secret", CLAVIGER_PEPPER: "pp0secret" };
// biome-ignore lint/suspicious/noExplicitAny: a document.
type Document = any;
const load = (values = VALUES): Document => parse(interpolated(values), { merge: true });

test("it does not start without each of the secrets, and the file that lists them gives none a value", () => {
  const listed = [...EXAMPLE.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  assert.deepEqual(
    listed,
    Object.keys(VALUES).map((name) => [name, ""]),
  );
  for (const name of Object.keys(VALUES))
    assert.throws(() => load({ ...VALUES, [name]: "" }), { message: `${name}: see compose.env.example` });
  assert.match(read(".gitignore"), /^examples\/compose\.env$/m);
  assert.doesNotMatch(TEXT, /\$[A-Za-z]/, "no other way to say a variable");
});

test("every secret of it comes from there", () => {
  const { services } = load();
  const said = Object.values(services).flatMap((service: Document) => [
    ...Object.entries(service.environment ?? {})
      .filter(([name]) => /PASSWORD|PEPPER|AUTH|URL/.test(name))
      .map(([, value]) => value),
    ...(service.command ?? []).filter(
      (_: string, index: number, all: string[]) => all[index - 1] === "--requirepass",
    ),
  ]);
  assert.equal(said.length, 9);
  for (const value of said) assert.match(String(value), /0secret/);
});

test("two nodes with the same stores and the same pepper, in words that the program reads", () => {
  const { services } = load();
  const [a, b] = [services["claviger-a"], services["claviger-b"]];
  assert.deepEqual({ ...a, ports: [] }, { ...b, ports: [] });
  for (const name of Object.keys(a.environment)) assert.ok(variables().has(name), name);
  assert.equal(readAddress(a.environment.CLAVIGER_DATABASE_URL).place, "postgres:5432/claviger");
  const { place, password } = readValkeyAddress(a.environment.CLAVIGER_VALKEY_URL);
  assert.deepEqual([place, password], ["valkey:6379", VALUES.VALKEY_PASSWORD]);
  assert.equal(a.build, "..");
  for (const name of ["postgres", "valkey"]) {
    assert.equal(a.depends_on[name].condition, "service_healthy");
    assert.ok(services[name].healthcheck.test.length > 1, name);
  }
});

test("a node can change nothing but its data, and has time to drain", () => {
  const node = load().services["claviger-a"];
  assert.equal(node.read_only, true);
  assert.deepEqual(node.cap_drop, ["ALL"]);
  assert.deepEqual(node.security_opt, ["no-new-privileges:true"]);
  const user = /^USER (\d+):(\d+)$/m.exec(read("Dockerfile"))!;
  assert.deepEqual(node.tmpfs, [`/data:mode=0700,uid=${user[1]},gid=${user[2]}`]);
  assert.ok(Number.parseInt(node.stop_grace_period, 10) > drainSeconds());
});

test("only gateways are published, and control planes on this machine alone", () => {
  const { services, networks } = load();
  const published = Object.entries(services).flatMap(([name, service]: [string, Document]) =>
    (service.ports ?? []).map((port: string) => `${name} ${port}`),
  );
  assert.equal(published.length, 4);
  for (const line of published) assert.match(line, /^claviger-[ab] (127\.0\.0\.1:\d+:4000|\d+:4001)$/);
  assert.equal(new Set(published.map((line) => line.split(" ")[1])).size, 4);
  assert.equal(networks.stores.internal, true);
  for (const name of ["postgres", "valkey"]) assert.deepEqual(services[name].networks, ["stores"]);
});

test("Valkey evicts nothing and asks for its password, and PostgreSQL is one that the program takes", () => {
  const { valkey, postgres } = load().services;
  const { command } = valkey;
  assert.equal(command[command.indexOf("--maxmemory-policy") + 1], "noeviction");
  assert.ok(Number(/^postgres:(\d+)$/.exec(postgres.image)![1]) >= 15);
  assert.ok(Number(/^valkey\/valkey:(\d+)$/.exec(valkey.image)![1]) >= 8);
});
