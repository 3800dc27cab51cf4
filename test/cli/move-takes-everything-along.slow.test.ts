// Promise: `claviger move` takes everything from the embedded store into PostgreSQL: the same keys are admitted and refused there, with
// the same balances, journal, audit and usage, and nothing that is secret is said on the way.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { MIGRATIONS } from "../../src/store/sql/migrations.ts";
import { MOVED_TABLES } from "../../src/store/sql/move.ts";
import { folderFor } from "../support/folder.ts";
import { startPostgres } from "../support/services.ts";
import { run, serve } from "./made-up-terminal.ts";

const PROJECT = `name: acme
hosts: [acme.localhost]
keys: { format: "acme_{env}_{secret:32}" }
plans: { free: { allowance: 100, features: [] } }
defaultPlan: free
routes:
  - { match: POST /v1/paid, cost: 3, pot: [allowance, credits] }
  - { match: POST /v1/held, cost: 5, pot: credits, hold: true }
  - { match: GET /v1/** }
`;

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
type Api = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<any>;

/** Speaks to a control plane with a root key. */
function apiOf(url: string, rootKey: string): Api {
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${rootKey}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return /^application\/json\b/.test(answer.headers.get("content-type") ?? "") ? JSON.parse(text) : text;
  };
}

interface Filled {
  readonly data: string;
  readonly rootKey: string;
  readonly account: string;
  /** Name to text. */
  readonly keys: Readonly<Record<string, string>>;
  /** Of a hold of 5 units that is open. */
  readonly hold: string;
  /** What the API answers of all that is kept. */
  readonly before: unknown;
}

const IDEMPOTENT = { "idempotency-key": "top-up-1" };

/** A store with something in every table, of a server that is stopped. */
async function fill(context: TestContext): Promise<Filled> {
  const folder = folderFor(context);
  const [data, file] = [join(folder, "data"), join(folder, "acme.yaml")];
  writeFileSync(file, PROJECT);
  const { banner, stop } = await serve(context, ["--json", "--port", "0", "--data", data, "--project", file]);
  const { controlPlane, rootKey } = JSON.parse(banner);
  const api = apiOf(controlPlane, rootKey);
  const { id: account } = await api("POST", "/v1/projects/acme/accounts", { name: "First — é 漢字 🦊" });
  await api("POST", "/v1/projects/acme/accounts", { name: "Second", externalId: "customer-2" });
  const keys: Record<string, string> = {};
  for (const name of ["living", "revoked", "disabled"]) {
    const { id, key } = await api("POST", "/v1/projects/acme/keys", { account, name });
    keys[name] = key;
    if (name === "revoked") await api("POST", `/v1/projects/acme/keys/${id}/revoke`, {});
    if (name === "disabled") await api("POST", `/v1/projects/acme/keys/${id}/disable`, {});
  }
  const credits = `/v1/projects/acme/accounts/${account}/credits`;
  await api("POST", credits, { amount: 1_000, reason: "bought" }, IDEMPOTENT);
  await api("POST", credits, { amount: 50, expiresAt: "2099-01-31T12:00:00Z" });
  for (let turn = 0; turn < 40; turn += 1) await verify(api, keys.living!, "POST", "/v1/paid");
  const { hold } = await verify(api, keys.living!, "POST", "/v1/held", { hold: true });
  await verify(api, keys.revoked!, "GET", "/v1/any");
  assert.equal(await stop(), 0);
  // Usage is written at the latest when a server ends.
  const again = await serve(context, ["--json", "--port", "0", "--data", data]);
  const { controlPlane: url } = JSON.parse(again.banner);
  const before = await everything(apiOf(url, rootKey), account);
  assert.equal(await again.stop(), 0);
  return { data, rootKey, account, keys, hold: hold.id, before };
}

function verify(api: Api, key: string, method: string, path: string, more = {}) {
  return api("POST", "/v1/verify", { project: "acme", key, method, path, ...more });
}

/** Whoever looks uses the root key, so that looking twice sees two times. */
// biome-ignore lint/suspicious/noExplicitAny: an answer of the API.
function withoutUse(page: any): unknown {
  return { ...page, items: page.items.map(({ lastUsedAt: _, ...rest }: { lastUsedAt: unknown }) => rest) };
}

async function everything(api: Api, account: string): Promise<unknown> {
  const of = `/v1/projects/acme/accounts/${account}`;
  const month = new Date().toISOString().slice(0, 7);
  return {
    project: (await api("GET", "/v1/projects/acme")).file,
    accounts: await api("GET", "/v1/projects/acme/accounts"),
    account: await api("GET", of),
    keys: await api("GET", "/v1/projects/acme/keys"),
    rootKeys: withoutUse(await api("GET", "/v1/projects/claviger/keys")),
    audit: await api("GET", "/v1/projects/acme/audit"),
    journal: await api("GET", `${of}/ledger`),
    usage: await api("GET", `${of}/usage`),
    bill: await api("GET", `/v1/projects/acme/usage/export?month=${month}`),
  };
}

async function databaseFor(context: TestContext) {
  const database = await startPostgres(context);
  return { ...database, env: { CLAVIGER_DATABASE_URL: database.url } };
}

test("a server on the database goes on where the one on the embedded store stopped", async (context) => {
  const { data, rootKey, account, keys, hold, before } = await fill(context);
  const { url, ask } = await startPostgres(context);
  const moved = await run(["move", "--data", data, "--database-url", url, "--yes"]);
  assert.deepEqual([moved.code, moved.err], [0, ""]);
  assert.match(moved.out, /^accounts +3 +3$/m);
  assert.match(moved.out, /^units of credits +\d+ +\d+$/m);
  assert.match(moved.out, /^journal of allowances +-100 +-100$/m);
  const [{ newest } = {}] = await ask("select max(seq)::int as newest from changes");
  assert.match(moved.out, new RegExp(`^number of the newest change +${newest} +${newest}$`, "m"));
  for (const secret of [new URL(url).password, pepperOf(data), ...Object.values(keys), rootKey])
    assert.ok(!moved.out.includes(secret), "a secret was said");

  const env = { CLAVIGER_PEPPER: pepperOf(data) };
  const elsewhere = join(folderFor(context), "nothing-here");
  const flags = ["--json", "--port", "0", "--data", elsewhere, "--database-url", url];
  const { banner } = await serve(context, flags, { env });
  const { controlPlane, rootKey: another } = JSON.parse(banner);
  assert.equal(another, undefined, "the root key is the old one");
  assert.ok(!existsSync(join(elsewhere, "pepper")));
  const api = apiOf(controlPlane, rootKey);
  assert.deepEqual(await everything(api, account), before);
  for (const [name, code] of Object.entries({
    living: "ok",
    revoked: "revoked_key",
    disabled: "disabled_key",
  }))
    assert.equal((await verify(api, keys[name]!, "GET", "/v1/any")).code, code);
  const credits = `/v1/projects/acme/accounts/${account}/credits`;
  const left = async (): Promise<number> =>
    (await api("GET", `/v1/projects/acme/accounts/${account}`)).credits;
  const had = await left();
  assert.ok(had > 0);
  await api("POST", credits, { amount: 1_000, reason: "bought" }, IDEMPOTENT);
  assert.equal(await left(), had, "what was answered before the move is not done again");
  await verify(api, keys.living!, "POST", "/v1/paid");
  assert.equal(await left(), had - 3);
  await api("POST", `/v1/holds/${hold}/settle`, { cost: 1 });
  assert.equal(await left(), had - 3 + 4, "a hold is settled where it was not opened");
});

function pepperOf(data: string): string {
  return readFileSync(join(data, "pepper"), "utf8").trim();
}

test("it asks first, and does nothing when nobody says yes", async (context) => {
  const { data } = await fill(context);
  const { env, ask } = await databaseFor(context);
  const nobody = await run(["move", "--data", data], { env });
  assert.deepEqual([nobody.code, nobody.err], [2, "claviger: nobody to ask: add --yes to move\n"]);
  const no = await run(["move", "--data", data], { env, answers: ["n"] });
  assert.deepEqual([no.code, no.err], [1, "claviger: not moved\n"]);
  assert.match(
    no.asked[0]!,
    /^Copy all of the store .*claviger\.db into the database 127\.0\.0\.1:\d+\/\w+\? \[y\/N\] $/,
  );
  assert.deepEqual(await ask("select 1 from pg_tables where schemaname = 'public'"), []);
  assert.equal((await run(["move", "--data", data], { env, answers: ["y"] })).code, 0);
});

test("a running server, a database in use or with something in it, and another schema are refused in words", async (context) => {
  const { data, account } = await fill(context);
  const move = (url: string, from = data) => run(["move", "--data", from, "--database-url", url, "--yes"]);
  const refuses = async (words: RegExp, ran: ReturnType<typeof run>) => {
    const { code, out, err } = await ran;
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, words);
    assert.equal(err.trimEnd().split("\n").length, 1);
  };
  const { url, ask } = await startPostgres(context);
  assert.equal((await run(["move", "--data", data])).code, 2, "no database named");
  await refuses(/^claviger: there is no store in /, move(url, join(data, "elsewhere")));
  await refuses(/is not of the form postgres:\/\//, move("mysql://u:p@h/d"));

  const running = await serve(context, ["--json", "--port", "0", "--data", data]);
  await refuses(/is in use by another process: stop it first/, move(url));
  await running.stop();

  assert.equal((await run(["migrate", "--database-url", url])).code, 0);
  await ask("insert into nodes values ('nod_x', 0, extract(epoch from now()) * 1000 + 60000, 0)");
  await refuses(/is in use: stop every server that runs on it/, move(url));
  await ask("delete from nodes");
  await ask("insert into settings values ('pepper.1', 'another')");
  await refuses(/is not empty: it has rows in settings;/, move(url));
  await ask("delete from settings");
  await ask("delete from migrations where number = $1", [MIGRATIONS.length]);
  await refuses(
    new RegExp(
      `the database .* has schema ${MIGRATIONS.length - 1} and this program ${MIGRATIONS.length}: bring it up`,
    ),
    move(url),
  );
  await ask("insert into migrations values ($1, 'again')", [MIGRATIONS.length]);

  assert.equal((await move(url)).code, 0);
  await refuses(/is not empty: it has rows in projects, accounts, keys, /, move(url));
  const [row] = await ask("select count(*)::int as n from accounts where id = $1", [account]);
  assert.equal(row?.n, 1);
});

test("a copy that differs by a unit is no copy: nothing of it stays", async (context) => {
  const { data, account } = await fill(context);
  const { url, ask } = await startPostgres(context);
  assert.equal((await run(["migrate", "--database-url", url])).code, 0);
  await ask(`create function shave() returns trigger language plpgsql as
    'begin new.remaining := new.remaining - 1; return new; end'`);
  await ask("create trigger shave before insert on credit_lots for each row execute function shave()");
  const { code, err } = await run(["move", "--data", data, "--database-url", url, "--yes"]);
  assert.equal(code, 1);
  assert.equal(
    err,
    `claviger: the copy differs in units of credits of the account ${account} of acme: nothing was moved\n`,
  );
  for (const table of MOVED_TABLES.filter((name) => name !== "counters"))
    assert.deepEqual(await ask(`select 1 from ${table} limit 1`), [], table);
  await ask("drop trigger shave on credit_lots");
  assert.equal((await run(["move", "--data", data, "--database-url", url, "--yes"])).code, 0);
});

test("every table of the schema is moved, but for who runs on it", () => {
  const made = MIGRATIONS.flatMap(({ statements }) => statements).flatMap(
    (statement) => /^create table (\w+)/.exec(statement)?.[1] ?? [],
  );
  assert.deepEqual([...MOVED_TABLES, "nodes"].sort(), made.sort());
});
