// Promise: the image of the Dockerfile is built from named files alone, holds no tool, runs as nobody special on files that it cannot
// change, and knows by itself whether it is well. Its stages are built here without a daemon; the images they begin with are not.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, test } from "node:test";
import { printed, ROOT, startProcess } from "../support/server-process.ts";
import { buildStages, copyOf, parseDockerfile, passes, wordsOf } from "./dockerfile.ts";

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const STAGES = parseDockerfile(read("Dockerfile"));
const LAST = STAGES.at(-1)!;
const IGNORE = read(".dockerignore");
const [NODE, PROGRAM] = JSON.parse(wordsOf(LAST, "ENTRYPOINT")[0]!) as [string, string];

test("the stages that build have Node 24 and a name, and the last one begins with a runtime alone", () => {
  for (const { image, name } of STAGES.slice(0, -1)) {
    assert.match(image, /^node:24-/);
    assert.ok(name);
  }
  assert.match(LAST.image, /^gcr\.io\/distroless\/nodejs24-debian\d+:nonroot$/);
  const debian = { trixie: "13", bookworm: "12" }[/-(\w+)-slim$/.exec(STAGES[0]!.image)![1]!];
  assert.ok(LAST.image.includes(`debian${debian}:`), "what was installed there runs here");
  assert.deepEqual(wordsOf(LAST, "RUN"), [], "nothing is run in it, so nothing has to be in it");
});

test("it runs as a user of no rights, who owns nothing but the data", () => {
  const [user, ...more] = wordsOf(LAST, "USER");
  assert.deepEqual(more, []);
  assert.match(user!, /^[1-9]\d+:[1-9]\d+$/);
  const owned = wordsOf(LAST, "COPY").filter((words) => words.includes("--chown"));
  assert.deepEqual(
    owned.map((words) => [/--chown=(\S+)/.exec(words)![1], copyOf(words).target]),
    [[user, "/data"]],
  );
  assert.deepEqual(wordsOf(LAST, "VOLUME"), ["/data"]);
});

test("what is copied exists, gets past .dockerignore, and comes from a stage before", () => {
  for (const [index, stage] of STAGES.entries())
    for (const words of wordsOf(stage, "COPY")) {
      const { from, sources } = copyOf(words);
      if (from !== undefined)
        assert.ok(
          STAGES.slice(0, index).some(({ name }) => name === from),
          words,
        );
      else
        for (const source of sources) {
          assert.ok(statSync(join(ROOT, source)), source);
          assert.ok(passes(IGNORE, source), source);
        }
    }
  for (const path of [
    "data/pepper",
    "node_modules/pg",
    ".git/config",
    ".env",
    "examples/compose.env",
    "test/a.ts",
    "root-key",
  ])
    assert.ok(!passes(IGNORE, path), path);
});

test("commands are those of package.json, variables those of the program, and none holds a secret", () => {
  const { scripts } = JSON.parse(read("package.json"));
  for (const stage of STAGES)
    for (const words of wordsOf(stage, "RUN"))
      for (const [, script] of words.matchAll(/npm run (\S+)/g)) assert.ok(script! in scripts, script);
  const source = globSync("src/cli/*.ts", { cwd: ROOT }).map(read).join("\n");
  const named = wordsOf(LAST, "ENV").flatMap((words) => words.split(" ").map((pair) => pair.split("=")[0]!));
  for (const name of named) assert.ok(name === "NODE_ENV" || source.includes(`env.${name}`), name);
  assert.doesNotMatch(named.join(" "), /KEY|PEPPER|URL|PASSWORD|TOKEN|SECRET/);
  assert.deepEqual(wordsOf(LAST, "EXPOSE"), ["4000 4001 4002"]);
});

const folder = mkdtempSync(join(tmpdir(), "claviger-image-"));
after(() => {
  for (const path of globSync("**/", { cwd: folder })) chmodSync(join(folder, path), 0o755);
  rmSync(folder, { recursive: true, force: true });
});

test("what its stages build serves as that user, reads only, and is found well by its own check", async (context) => {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const root = buildStages(ROOT, folder, path);
  const app = join(root, wordsOf(LAST, "WORKDIR")[0]!);
  for (const tool of ["typescript", "@biomejs", "fast-check", "node", "npm"])
    assert.deepEqual(globSync(`node_modules/${tool}`, { cwd: app }), [], tool);
  assert.deepEqual(globSync("**/*.test.*", { cwd: app, exclude: ["node_modules/**"] }), []);

  const [uid, gid] = wordsOf(LAST, "USER")[0]!.split(":").map(Number) as [number, number];
  const isRoot = process.getuid?.() === 0;
  // Neither may be where only the owner of the tests can reach it.
  const node = join(folder, "node");
  copyFileSync(process.execPath, node);
  const data = join(root, "data");
  mkdirSync(data, { recursive: true });
  if (isRoot) chownSync(data, uid, gid);
  chmodSync(folder, 0o755);
  for (const below of globSync("**", { cwd: app })) {
    const mode = statSync(join(app, below)).mode;
    chmodSync(join(app, below), mode & 0o555);
  }
  chmodSync(app, 0o555);

  const env = Object.fromEntries(
    wordsOf(LAST, "ENV").flatMap((words) =>
      words.split(" ").map((pair) => pair.split("=") as [string, string]),
    ),
  );
  const here = (words: string[]) =>
    words.map((word) => (word === NODE ? node : word.replace(/^\/data\b/, data)));
  const [, ...args] = here([NODE, PROGRAM, ...JSON.parse(wordsOf(LAST, "CMD")[0]!)]);
  const variables = { ...env, CLAVIGER_DATA: data, CLAVIGER_PORT: "0", CLAVIGER_HOST: "127.0.0.1" };
  const server = startProcess(node, [...args, "--json"], {
    cwd: app,
    env: variables,
    ...(isRoot && { user: { uid, gid } }),
  });
  context.after(() => server.kill());
  const said = await printed(server, /^\{.*\}\n$/);
  const { controlPlane, rootKeyFile, rootKey } = JSON.parse(said);
  assert.equal(rootKey, undefined, "no root key in the log");
  assert.ok(!said.includes("#token="), "and no link that makes an operator");
  assert.equal(statSync(rootKeyFile).mode & 0o777, 0o600);
  if (isRoot) assert.equal(statSync(rootKeyFile).uid, uid);

  const check = /CMD (\[.*\])$/.exec(wordsOf(LAST, "HEALTHCHECK")[0]!)![1]!;
  const isWell = (port: string): Promise<boolean> => {
    const [command, ...rest] = here(JSON.parse(check));
    const options = { env: { CLAVIGER_PORT: port }, timeout: 5_000 };
    return new Promise((resolve) => execFile(command!, rest, options, (error) => resolve(error === null)));
  };
  const { port } = new URL(controlPlane);
  assert.equal(await isWell(port), true);
  server.signal("SIGTERM");
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  assert.match(
    server.stderr(),
    /^\{"level":40,[^\n]*CLAVIGER_SMTP_URL[^\n]*\}\n$/,
    "that there is no mail, and nothing else",
  );
  assert.equal(await isWell(port), false);
});
