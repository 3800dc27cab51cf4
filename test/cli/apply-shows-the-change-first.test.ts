// Promise: `claviger apply` shows what a project file would change and changes it only when somebody says so.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { ACME, type ServedAcme, serveAcme } from "./served.ts";

/** The version counts the changes. */
async function versionOf({ url, rootKey }: ServedAcme, name = "acme"): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${rootKey}` };
  return ((await (await fetch(`${url}/v1/projects/${name}`, { headers })).json()) as { version?: number })
    .version;
}

const CHANGED = ACME.replace("title: Acme", "title: Acme Notes").replace(", features: all", "");

test("the change is shown, asked about, and made on yes alone", async (t) => {
  const acme = await serveAcme(t);
  const changed = ACME.replace("title: Acme", "title: Acme Notes").replace("plans:", "regions: {}\nplans:");
  writeFileSync(acme.file, changed.replace(/^tiers: .*\n/m, ""));
  for (const answer of ["", "n", "no", "yup"]) {
    const { code, out, err, asked } = await acme.run(["apply", acme.file], { answers: [answer] });
    assert.deepEqual(
      { code, asked, err },
      { code: 1, asked: ["Apply? [y/N] "], err: "claviger: not applied\n" },
    );
    assert.match(out, /^The project acme:$/m);
    assert.match(out, /^ {2}~ title: "Acme" -> "Acme Notes"$/m);
    assert.match(out, /^ {2}- tiers(\.\w+)*: /m);
    assert.match(out, /^ {2}\+ regions: \{\}$/m);
    assert.doesNotMatch(out, /Applied/);
    assert.equal(await versionOf(acme), 1);
  }
  for (const [answer, version] of [
    ["y", 2],
    [" YES\n", 3],
  ] as const) {
    const { code, out, err } = await acme.run(["apply", acme.file], { answers: [answer] });
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.match(out, /\nApplied\.\n$/);
    assert.equal(await versionOf(acme), version);
    writeFileSync(acme.file, ACME);
  }
});

test("--yes does not ask, --dry-run changes nothing, and with nobody to ask nothing happens", async (t) => {
  const acme = await serveAcme(t);
  writeFileSync(acme.file, CHANGED);
  const dry = await acme.run(["apply", acme.file, "--dry-run"], { answers: ["y"] });
  assert.deepEqual([dry.code, dry.asked], [0, []]);
  assert.match(dry.out, /~ title: "Acme" -> "Acme Notes"\nNothing was changed\.\n$/);
  const nobody = await acme.run(["apply", acme.file]);
  assert.equal(nobody.code, 2);
  assert.equal(nobody.err, "claviger: nobody to ask: add --yes to apply, or --dry-run\n");
  assert.match(nobody.out, /~ title/);
  assert.equal(await versionOf(acme), 1);
  const yes = await acme.run(["apply", acme.file, "--yes"]);
  assert.deepEqual([yes.code, yes.asked], [0, []]);
  assert.match(yes.out, /~ title: "Acme" -> "Acme Notes"\nApplied\.\n$/);
  assert.equal(await versionOf(acme), 2);
});

test("a file that says what is there already changes nothing and asks nothing", async (t) => {
  const acme = await serveAcme(t);
  writeFileSync(acme.file, `# Another comment.\n${ACME}`);
  const { code, out, asked } = await acme.run(["apply", acme.file]);
  assert.deepEqual([code, asked], [0, []]);
  assert.equal(out, "The project acme:\n  no change\nNothing was changed.\n");
  assert.equal(await versionOf(acme), 1);
});

test("a new project is said to be new, and is served when it is applied", async (t) => {
  const acme = await serveAcme(t);
  writeFileSync(acme.file, "name: beta\n");
  assert.match(
    (await acme.run(["apply", acme.file, "--dry-run"])).out,
    /^The project beta is new\.\nNothing was/,
  );
  assert.equal(await versionOf(acme, "beta"), undefined);
  assert.equal((await acme.run(["apply", acme.file, "--yes"])).out, "The project beta is new.\nApplied.\n");
  assert.equal(await versionOf(acme, "beta"), 1);
});

test("--json prints what the API answered and nothing else", async (t) => {
  const acme = await serveAcme(t);
  writeFileSync(acme.file, CHANGED);
  const planned = await acme.json("apply", acme.file, "--dry-run");
  assert.deepEqual([planned.created, planned.differences.length > 0], [false, true]);
  assert.equal(await versionOf(acme), 1);
  const applied = await acme.json("apply", acme.file, "--yes");
  assert.deepEqual([applied.project.name, applied.project.version], ["acme", 2]);
  assert.deepEqual(applied.differences, planned.differences);
});

test("what works and is probably not meant is warned of before the question", async (t) => {
  const acme = await serveAcme(t);
  const account = await acme.json("accounts", "create", "acme", "--name", "First");
  await acme.json("keys", "create", "acme", "--account", account.id, "--name", "Key");
  writeFileSync(acme.file, ACME.replace("acme_{env}", "acme2_{env}"));
  const { out } = await acme.run(["apply", acme.file, "--dry-run"]);
  assert.match(
    out,
    /^! Keys of the format acme_\{env\}_\{secret:32\} can no longer be read \(1 keys are live\)/m,
  );
});

test("every mistake is told with file, line and field before anything is sent", async (t) => {
  const acme = await serveAcme(t);
  writeFileSync(acme.file, `${ACME}colour: red\nnetwork: { trustedProxies: [nonsense] }\n`);
  // An address at which nobody answers: the file is checked first.
  const url = "http://127.0.0.1:1";
  const { code, out, err } = await acme.run(["apply", acme.file, "--yes", "--url", url]);
  assert.deepEqual([code, out], [1, ""]);
  const lines = err.trimEnd().split("\n");
  assert.match(lines[0]!, /^claviger: acme\.yaml:11 colour: unknown field/);
  writeFileSync(acme.file, ACME.replace('scopes: ["notes:write"] }\n', 'scopes: ["notes:fly"] }\n'));
  const unknown = await acme.run(["apply", acme.file, "--yes", "--url", url]);
  assert.match(unknown.err, /^claviger: acme\.yaml:10 routes\[1\]\.scopes\[0\]: .*notes:fly/);
});

test("a host that another project has is refused by the server, in one line", async (t) => {
  const acme = await serveAcme(t);
  writeFileSync(acme.file, "name: beta\nhosts: [acme.localhost]\n");
  const { code, err } = await acme.run(["apply", acme.file, "--yes"]);
  assert.equal(code, 1);
  assert.equal(err, "claviger: The host acme.localhost belongs to the project acme. (conflict)\n");
});
