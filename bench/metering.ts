// What exact money costs: durable verdicts that spend, on one hot account and over 1,000 accounts, against one plain SQLite commit
// for each request and against the verdict that spends nothing. Run: npm run bench:metering
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { createAccount } from "../src/manage/accounts.ts";
import { createKey } from "../src/manage/create-key.ts";
import { applyProject } from "../src/manage/projects.ts";
import { LOCAL_CALLER } from "../src/manage/save.ts";
import { type Instance, openInstance } from "../src/open.ts";
import { loadProjectText } from "../src/project/load.ts";
import type { Question } from "../src/verify/question.ts";
import { METERED } from "./projects.ts";
import { compare, middle } from "./rounds.ts";

const ROUNDS = 7;
const CALLERS = 512;
const VERDICTS = 20_000;
const COMMITS = 1_000;
const ACCOUNTS = 1_000;

/** One question for each account, all of which are asked in turn. */
async function prepare(instance: Instance): Promise<Question[]> {
  await applyProject(instance, LOCAL_CALLER, loadProjectText(METERED, "metered"));
  const project = instance.directory.project("metered")!;
  const questions: Question[] = [];
  for (let index = 0; index < ACCOUNTS; index++) {
    const account = await createAccount(instance, LOCAL_CALLER, project.name, { name: `Account ${index}` });
    const { key } = await createKey(instance, LOCAL_CALLER, project.name, {
      account: account.id,
      name: "Bench",
    });
    const request = { method: "POST", target: "/paid", host: "x" };
    questions.push({ project, credential: { kind: "key", text: key }, request });
  }
  return questions;
}

interface Round {
  readonly perSecond: number;
  readonly medianMs: number;
}

/** CALLERS callers, each of which asks again as soon as it is answered. */
async function rush(instance: Instance, questions: readonly Question[]): Promise<Round> {
  const latencies: number[] = [];
  let left = VERDICTS;
  let next = 0;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const asked = performance.now();
      const { code } = await instance.verify(questions[next++ % questions.length]!);
      latencies.push(performance.now() - asked);
      if (code !== "ok") throw new Error(`the verdict is ${code}`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return { perSecond: (VERDICTS / (performance.now() - start)) * 1000, medianMs: middle(latencies) };
}

/** The plainest exact way: one durable transaction for each request. */
function plainCommits(file: string): () => number {
  const database = new Sqlite(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("create table balances (account text primary key, units bigint not null)");
  database.exec(`insert into balances values ('hot', ${Number.MAX_SAFE_INTEGER})`);
  const spend = database.prepare(
    "update balances set units = units - 1 where account = 'hot' and units >= 1",
  );
  return () => {
    const start = performance.now();
    for (let index = 0; index < COMMITS; index++) spend.run();
    return (COMMITS / (performance.now() - start)) * 1000;
  };
}

const folder = mkdtempSync(join(tmpdir(), "claviger-bench-"));
try {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`);
  const instance = await openInstance({ data: join(folder, "data") });
  const questions = await prepare(instance);
  const free = questions.map((question) => ({
    ...question,
    request: { method: "GET", target: "/free", host: "x" },
  }));
  const commit = plainCommits(join(folder, "plain.db"));
  const medians: Record<string, number[]> = {};
  const contender = (name: string, asked: readonly Question[]) => ({
    name,
    async round() {
      const { perSecond, medianMs } = await rush(instance, asked);
      medians[name] = [...(medians[name] ?? []), medianMs];
      return perSecond;
    },
  });
  const yardsticks = [
    { name: "one SQLite commit (synchronous=FULL) per request", round: commit },
    contender("verdict that spends nothing", free),
  ];
  const title = `durable metered verdicts, ${CALLERS} callers in the process`;
  await compare(
    `One hot account: ${title}`,
    [contender("metered, one account", questions.slice(0, 1)), ...yardsticks],
    ROUNDS,
  );
  await compare(
    `${ACCOUNTS} accounts: ${title}`,
    [contender(`metered, ${ACCOUNTS} accounts`, questions), ...yardsticks],
    ROUNDS,
  );
  console.log(`\nMedian latency of a verdict with ${CALLERS} callers (median of the rounds)`);
  for (const [name, values] of Object.entries(medians))
    console.log(`  ${name}: ${middle(values).toFixed(2)} ms`);
  await instance.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
