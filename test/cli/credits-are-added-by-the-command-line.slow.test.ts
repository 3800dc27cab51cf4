// Promise: credits are added and taken by the command line, in words for people and as the API's answer for programs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ACME, type ServedAcme, serveAcme } from "./served.ts";

const METERED = ACME.replace(
  "plans: { free: { features: [] }, pro: { features: all } }",
  "plans: { free: { allowance: 50 }, pro: { allowance: unlimited } }",
);

async function accountOf(acme: ServedAcme): Promise<string> {
  return (await acme.json("accounts", "create", "acme", "--name", "First")).id;
}

test("credits are added with an end and a reason, and taken with an amount below 0", async (t) => {
  const acme = await serveAcme(t);
  const account = await accountOf(acme);
  const add = (...args: string[]) => acme.run(["credits", "add", "acme", account, ...args]);
  const words = await add("500");
  assert.deepEqual([words.code, words.out], [0, `Added 500 credits to ${account}; it has 500.\n`], words.err);
  const ending = await add("20", "--expires", "2999-01-31T12:00:00Z", "--reason", "Order 7");
  assert.equal(
    ending.out,
    `Added 20 credits to ${account} until 2999-01-31T12:00:00.000Z; it has 520.\n`,
    ending.err,
  );
  const taken = await add("-120");
  assert.deepEqual(
    [taken.code, taken.out],
    [0, `Took 120 credits from ${account}; it has 400.\n`],
    taken.err,
  );
  const told = await acme.json("credits", "add", "acme", account, "1", "--reason", "One");
  assert.deepEqual([told.account, told.amount, told.reason, told.credits], [account, 1, "One", 401]);
});

test("what is no amount is not sent, and what the account does not have is not taken", async (t) => {
  const acme = await serveAcme(t);
  const account = await accountOf(acme);
  const add = (...args: string[]) => acme.run(["credits", "add", "acme", ...args]);
  for (const amount of ["", "1.5", "1e3", "five", "9007199254740993", "+5", " 5", "0x5", "--5"]) {
    const { code, out, err } = await add(account, amount);
    assert.deepEqual([code, out], [2, ""], amount);
    assert.notEqual(err, "", amount);
  }
  for (const [args, words] of [
    [[account, "0"], /^claviger: amount: must not be 0 \(validation_failed\)\n$/],
    [[account, "-1"], /^claviger: The account has fewer than 1 credits \(now 0\); .* \(conflict\)\n$/],
    [[account, "1", "--expires", "soon"], /^claviger: .*expiresAt.* \(validation_failed\)\n$/],
    [["acc_none", "1"], /^claviger: There is no such account in the project\. \(not_found\)\n$/],
  ] as const) {
    const { code, out, err } = await add(...args);
    assert.deepEqual([code, out], [1, ""], args.join(" "));
    assert.match(err, words);
  }
});

test("a new account is told with what its plan allows", async (t) => {
  const acme = await serveAcme(t, METERED);
  const create = (...flags: string[]) => acme.run(["accounts", "create", "acme", "--name", "Ada", ...flags]);
  const free = await create("--plan", "free");
  assert.match(
    free.out,
    /^Created the account acc_\w+ \(Ada\) on the plan free: 50 units until \S+-01T00:00:00\.000Z\.\n$/,
  );
  assert.match((await create("--plan", "pro")).out, / on the plan pro: units without bound until /);
  assert.match((await create()).out, /^Created the account acc_\w+ \(Ada\)\.\n$/);
  const account = await acme.json("accounts", "create", "acme", "--name", "Eve", "--plan", "free");
  assert.deepEqual([account.credits, account.allowance.remaining], [0, 50]);
});
