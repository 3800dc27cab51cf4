// Prints what one release leaves behind: a store's rows and the keys that were issued into it, to be appended to
// golden-keys.json before that release goes out. What stands there is never changed again. `node make-golden-keys.ts 0.1.0`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { fixedClock } from "../../src/base/clock.ts";
import { createAccount } from "../../src/manage/accounts.ts";
import { createKey, type NewKey } from "../../src/manage/create-key.ts";
import { applyProject } from "../../src/manage/projects.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { openInstance } from "../../src/open.ts";
import type { ProjectFile } from "../../src/project/schema.ts";

const PEPPER = Buffer.from("the golden pepper: never in use!").toString("base64url");

/** The five published formats; nothing else of the project files, which may change. */
const PROJECTS: readonly [ProjectFile, ...Omit<NewKey, "account" | "name">[]][] = [
  [
    {
      name: "nur",
      environments: ["production"],
      keys: { format: "nur_{secret:40}" },
      scopes: { "tts:read": "R" },
    },
    { scopes: ["tts:read"] },
    { scopes: ["tts:read"], metadata: { team: "ünï" } },
  ],
  [
    { name: "kugelaudio", environments: ["production", "staging"], keys: { format: "ka_{secret:40}" } },
    {},
    { environment: "staging", allowedIps: ["203.0.113.0/24", "2001:db8::/32"] },
  ],
  [
    { name: "murmr", environments: ["live", "test"], keys: { format: "murmr_sk_{env}_{secret:32}" } },
    {},
    { environment: "test", notBefore: "2026-11-21T00:00:00Z" },
  ],
  [
    {
      name: "nudg3",
      environments: ["live", "test"],
      keys: { format: "nudg3_{env}_ak_{id:8}_{secret:32}" },
      scopes: { "read:analytics": "R", "export:data": "E" },
      tiers: {
        basic: { scopes: ["read:analytics"] },
        premium: { scopes: ["read:analytics", "export:data"] },
      },
    },
    { tier: "premium" },
    { environment: "test", expiresAt: "9999-12-31T23:59:59Z" },
  ],
  [{ name: "nohuman", environments: ["production"], keys: { format: "nh_{secret:40}" } }, {}, {}],
];

const data = mkdtempSync(join(tmpdir(), "claviger-golden-"));
const instance = await openInstance({
  data,
  pepper: PEPPER,
  clock: fixedClock(Date.parse("2026-11-21T12:00:00Z")),
});
const keys: { project: string; environment: string; id: string; text: string }[] = [];
for (const [file, ...wanted] of PROJECTS) {
  await applyProject(instance, LOCAL_CALLER, { file });
  const account = (await createAccount(instance, LOCAL_CALLER, file.name, { name: "Golden" })).id;
  for (const input of wanted) {
    const made = await createKey(instance, LOCAL_CALLER, file.name, { account, name: "Golden", ...input });
    keys.push({ project: file.name, environment: made.environment, id: made.id, text: made.key });
  }
}
await instance.close();
const raw = new Sqlite(join(data, "claviger.db"), { readonly: true });
const rows = (table: string) => raw.prepare(`select * from ${table}`).all();
const tables = Object.fromEntries(
  ["settings", "projects", "accounts", "keys"].map((name) => [name, rows(name)]),
);
const schema = rows("migrations").length;
raw.close();
rmSync(data, { recursive: true });
console.log(
  JSON.stringify({ release: process.argv[2] ?? "", schema, pepper: PEPPER, keys, tables }, null, 2),
);
