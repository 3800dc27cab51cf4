// Promise: while the month turns on a real process under load, in a time zone where it is still December, every request counts in
// exactly one month; and when its clock is set back, no month opens again. Hostile cases E10, E12, E14, over libfaketime.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { onCopy } from "../crash/money-inspect.ts";
import { fakeTime } from "../support/fake-time.ts";
import { folderFor } from "../support/folder.ts";
import { printed, startProcess } from "../support/server-process.ts";

const JANUARY = Date.parse("2027-01-01T00:00:00.000Z");
const DECEMBER = Date.parse("2026-12-01T00:00:00.000Z");
const FEBRUARY = Date.parse("2027-02-01T00:00:00.000Z");
const ALLOWANCE = 1_000_000;
const CALLERS = 32;

interface Told {
  readonly id: string;
  readonly key: string;
  readonly code: string;
  readonly cost: number;
  readonly allowance: { readonly used: number; readonly resetsAt: string };
}

async function serverOf(t: TestContext) {
  const folder = folderFor(t);
  const [file, data, rootKeyFile] = ["acme.yaml", "data", "root-key"].map((name) => join(folder, name));
  writeFileSync(file!, `name: acme\nplans: { metered: { allowance: ${ALLOWANCE} } }\ndefaultPlan: metered\n`);
  const time = fakeTime(folder, JANUARY - 10 * 60_000);
  const flags = [
    "--project",
    file!,
    "--data",
    data!,
    "--root-key-file",
    rootKeyFile!,
    "--port",
    "0",
    "--json",
  ];
  const server = startProcess(process.execPath, ["bin/claviger.mjs", "serve", ...flags], {
    env: { ...time.env, TZ: "America/Sao_Paulo" },
  });
  t.after(() => server.kill());
  const { controlPlane } = JSON.parse(await printed(server, /^\{.*\}\n$/));
  const rootKey = readFileSync(rootKeyFile!, "utf8").trim();
  const post = async (path: string, body: object): Promise<Told> => {
    const headers = { authorization: `Bearer ${rootKey}`, "content-type": "application/json" };
    const answer = await fetch(`${controlPlane}/v1/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return JSON.parse(text);
  };
  const { id: account } = await post("projects/acme/accounts", { name: "Customer" });
  const { key } = await post("projects/acme/keys", { account, name: "Key" });
  const spend = async (cost: number) => {
    const told = await post("verify", { project: "acme", key, cost });
    assert.equal(told.code, "ok");
    return told;
  };
  return { data: data!, server, time, spend };
}

interface Month {
  readonly period: number;
  readonly units: number;
}

/** What the store says: uses of the allowance, and the journal. */
function monthsOf(data: string): Record<"allowances" | "journal", Month[]> {
  const months = onCopy(data, (database) => {
    const read = (sql: string) => database.prepare(sql).all() as Month[];
    return {
      allowances: read("select period, used as units from allowances order by period"),
      journal: read("select period, -sum(units) as units from journal group by period order by period"),
    };
  });
  return months!;
}

test("each request counts in the month that it was told, and a clock set back changes nothing", async (t) => {
  const { data, server, time, spend } = await serverOf(t);
  const accepted = new Map([
    [JANUARY, 0],
    [FEBRUARY, 0],
  ]);
  let requests = 0;
  const take = async (): Promise<number> => {
    requests += 1;
    const { cost, allowance } = await spend(1 + (requests % 7));
    const resetsAt = Date.parse(allowance.resetsAt);
    accepted.set(resetsAt, accepted.get(resetsAt)! + cost);
    return resetsAt;
  };

  time.set(JANUARY - 700);
  const stopAt = performance.now() + 1_500;
  const seen: number[] = [];
  const call = async (): Promise<void> => {
    while (performance.now() < stopAt) seen.push(await take());
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  assert.deepEqual(new Set(seen), new Set([JANUARY, FEBRUARY]));
  t.diagnostic(`${seen.filter((one) => one === JANUARY).length} of ${seen.length} requests in December`);

  // Back into December: what is asked for now is January's.
  time.set(JANUARY - 60_000);
  for (let back = 0; back < 50; back++) assert.equal(await take(), FEBRUARY);

  server.signal("SIGTERM");
  assert.equal((await server.exited).code, 0);
  const expected = [
    { period: DECEMBER, units: accepted.get(JANUARY)! },
    { period: JANUARY, units: accepted.get(FEBRUARY)! },
  ];
  const { allowances, journal } = monthsOf(data);
  assert.deepEqual(allowances, expected);
  assert.deepEqual(journal, expected);
});
