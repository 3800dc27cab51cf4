// Promise: docs/cli.md and docs/operating.md name every command, flag and variable that the program has, and no other; and
// what README.md tells people to type exists.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { folderFor } from "../support/folder.ts";
import { run } from "./made-up-terminal.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, ROOT), "utf8");
const CLI = read("docs/cli.md");
const OPERATING = read("docs/operating.md");

interface Help {
  /** As in `keys create [options] <project>`. */
  readonly usage: string;
  readonly subcommands: readonly string[];
  /** Flag to the name of its value, empty where it takes none. */
  readonly flags: ReadonlyMap<string, string>;
}

/** What `--help` says is what the program has: commander prints it from the definitions that it parses by. */
async function helpOf(command: readonly string[]): Promise<Help> {
  const { out } = await run([...command, "--help"]);
  const flags = rowsOf(out, "Options").flatMap((row) => {
    const [, flag, value = ""] = /^(?:-\w, )?(--[a-z-]+)(?: <(.+)>)?$/.exec(row) ?? assert.fail(row);
    return [[flag!, value] as const];
  });
  const subcommands = rowsOf(out, "Commands").map((row) => row.split(" ")[0]!);
  return {
    usage: /^Usage: claviger (.*)$/m.exec(out)![1]!,
    subcommands: subcommands.filter((name) => name !== "help"),
    flags: new Map(flags),
  };
}

/** The first column of a section. */
function rowsOf(help: string, title: string): string[] {
  const section = new RegExp(`^${title}:\\n((?: .*\\n?)*)`, "m").exec(help)?.[1] ?? "";
  return [...section.matchAll(/^ {2}(\S.*?)(?: {2}.*)?$/gm)].map(([, row]) => row!);
}

/** Every command that does something, such as `keys create`. */
async function commands(path: readonly string[] = []): Promise<Map<string, Help>> {
  const help = await helpOf(path);
  if (help.subcommands.length === 0) return new Map([[path.join(" "), help]]);
  const found = new Map<string, Help>();
  for (const name of help.subcommands)
    for (const [command, its] of await commands([...path, name])) found.set(command, its);
  return found;
}

const COMMANDS = await commands();

/** The first column of the table of commands: command to its words after the name. */
const rows = new Map(
  [...CLI.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => {
    const [, command, rest] =
      /^([a-z-]+(?: (?:add|create|export|list|revoke|rotate|reset-link|reset))?)(.*)$/.exec(cell!)!;
    return [command!, rest!];
  }),
);

const REMOTE = ["--url", "--root-key-file", "--json"];

test("the table has every command and no other", () => {
  assert.deepEqual([...rows.keys()].sort(), [...COMMANDS.keys()].sort());
});

test("each row has every flag of its command, and no other; `serve` has a table of its own", () => {
  for (const [command, { flags }] of COMMANDS) {
    if (command === "serve") continue;
    const named = [...rows.get(command)!.matchAll(/--[a-z-]+/g)].map(([flag]) => flag);
    const common = flags.has("--url") ? REMOTE : [];
    const expected = [...flags.keys()].filter((flag) => !common.includes(flag) && flag !== "--help");
    assert.deepEqual(named.sort(), expected.sort(), command);
  }
});

test("a flag takes a value in the table where it does in the program", () => {
  for (const [command, { flags }] of COMMANDS) {
    const text = command === "serve" ? OPERATING : `${rows.get(command)} ${CLI}`;
    for (const [flag, value] of flags) {
      if (REMOTE.includes(flag) || flag === "--help") continue;
      assert.match(
        text,
        value === "" ? new RegExp(`${flag}[\\]\`]`) : new RegExp(`${flag} [A-Z]+`),
        `${command} ${flag}`,
      );
    }
  }
});

test("the text below the table says which commands speak to a server, and how", () => {
  const remote = [...COMMANDS].filter(([, { flags }]) => flags.has("--url")).map(([command]) => command);
  const local = [...COMMANDS.keys()].filter((command) => !remote.includes(command));
  const paragraph = /\n\n(`apply`.*?)\n\n/s.exec(CLI)![1]!;
  const [first, last] = [paragraph.split(".")[0]!, paragraph.split(". ").at(-1)!];
  for (const command of remote) assert.ok(first.includes(`\`${command.split(" ")[0]}`), command);
  for (const command of local.filter((name) => name !== "serve"))
    assert.ok(last.includes(`\`${command}\``), command);
  for (const word of ["--url", "CLAVIGER_URL", "--root-key-file", "CLAVIGER_ROOT_KEY", "--json"])
    assert.ok(paragraph.includes(`\`${word}\``), word);
});

test("the page on operating has every flag of `serve` and no other", () => {
  const table = OPERATING.slice(
    OPERATING.indexOf("| flag |"),
    OPERATING.indexOf("\n\n", OPERATING.indexOf("| flag |")),
  );
  const named = [...table.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag]) => flag!);
  const has = [...COMMANDS.get("serve")!.flags.keys()].filter((flag) => flag !== "--help");
  assert.deepEqual(named.sort(), has.sort());
});

test("the pages name every variable of the environment that the command line reads, and no other", () => {
  const sources = globSync("src/cli/*.ts", { cwd: ROOT.pathname }).map(read).join("\n");
  const readBy = new Set([...sources.matchAll(/\bCLAVIGER_[A-Z_]+/g)].map(([name]) => name));
  const named = new Set([...`${CLI}${OPERATING}`.matchAll(/CLAVIGER_[A-Z_]+/g)].map(([name]) => name));
  assert.deepEqual([...named].sort(), [...readBy].sort());
});

test("the exit codes of the page are those of the program", async () => {
  const documented = [...CLI.matchAll(/^\| (\d) \| (.+) \|$/gm)].map(([, code]) => Number(code));
  assert.deepEqual(documented, [0, 1, 2, 3, 4]);
});

const README = read("README.md");
const blocks = (kind: string): string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\``, "gms"))].map(([, text]) => text!);

/** The commands of the `sh` blocks, without what is behind a `#`. */
function readmeCommands(): string[] {
  return blocks("sh")
    .join("")
    .split("\n")
    .flatMap((line) => line.replace(/ +#.*$/, "").split(" && "))
    .filter((line) => line !== "");
}

test("what README.md says to type exists", () => {
  const { scripts } = JSON.parse(read("package.json"));
  assert.ok(readmeCommands().length >= 8);
  for (const line of readmeCommands()) {
    const [, script, args = ""] = /^npm (?:run (?:-s )?)?([a-z:]+)(?: --)?(?: (.*))?$/.exec(line) ?? [];
    if (line === "npm ci" || line.startsWith("curl -i http://acme.localhost:4001/v1/hello ")) continue;
    assert.ok(script !== undefined && script in scripts, line);
    const words = script === "start" ? `serve ${args}` : args;
    if (script !== "start" && script !== "claviger") continue;
    const [command, { flags, usage }] =
      [...COMMANDS].find(([name]) => words === name || words.startsWith(`${name} `)) ?? assert.fail(line);
    for (const [flag] of words.matchAll(/--[a-z-]+/g)) assert.ok(flags.has(flag), line);
    const given = words
      .slice(command.length)
      .replace(/ --[a-z-]+ (?:"[^"]*"|\S+)/g, "")
      .trim()
      .split(/ +/)
      .filter(Boolean);
    const wanted = usage.match(/<[a-z]+>/g)?.length ?? 0;
    assert.ok(given.length >= wanted && given.length <= (usage.match(/[<[][a-z]+[>\]]/g) ?? []).length, line);
  }
});

test("the five lines of README.md are those that `init` writes, and fit its curl line", async (t) => {
  const out = `${folderFor(t)}/acme.yaml`;
  await run(["init", "acme", "--out", out]);
  assert.deepEqual(blocks("yaml"), [readFileSync(out, "utf8")]);
  assert.deepEqual(parse(blocks("yaml")[0]!).hosts, ["acme.localhost"]);
});
