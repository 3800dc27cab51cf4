// Callers that spend the money of a few accounts at all nodes while nodes are killed and servers restarted: what they were answered is
// held against what was granted and against the database.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Daemon } from "../support/daemon.ts";
import type { Line } from "./line.ts";
import { inspectMoney, remainingOf } from "./money-inspect.ts";
import type { Cluster, Node } from "./nodes.ts";

const PLAN_UNITS = 20_000;
const PROJECT = {
  name: "paid",
  keys: { format: "paid_{env}_{secret:32}" },
  plans: { none: {}, month: { allowance: PLAN_UNITS } },
  defaultPlan: "none",
  routes: [{ match: "POST /spend", cost: 1, pot: ["allowance", "credits"] }],
};

export interface Purse {
  readonly account: string;
  readonly key: string;
  /** Everything that was granted; a grant is repeated under its Idempotency-Key until it is confirmed. */
  granted: number;
  /** Of requests that were told that they had paid. */
  accepted: number;
  /** Of requests that nobody was told about. */
  unknown: number;
  /** Turned out to be spent without anybody having been told. */
  lost: number;
  denied: number;
  /** Verdicts given. */
  verdicts: number;
}

export interface MoneyRun {
  readonly cluster: Cluster;
  readonly valkey: Daemon;
  readonly postgres: Daemon;
  readonly database: string;
  readonly callers: number;
  readonly kills: number;
  readonly random: () => number;
  readonly onKill?: (kill: number) => void;
}

export interface MoneyResult {
  readonly purses: readonly Purse[];
  /** What is wrong, in words. */
  readonly problems: readonly string[];
  readonly perSecond: number;
}

/** Enough that most of it is there still when the last node is killed. */
const GRANT_PER_KILL = 12_000;
const SOON_EMPTY = 500;
const TOP_UP = 3_000;
/** Every so many kills PostgreSQL is restarted, and Valkey emptied. */
const RESTART_EVERY = 5;

export async function spendThroughKills(run: MoneyRun): Promise<MoneyResult> {
  const { cluster, kills, database } = run;
  const purses = await makePurses(cluster, kills * GRANT_PER_KILL);
  const problems: string[] = [];
  const startedAt = performance.now();
  const endCallers = startCallers(run, purses);
  for (let kill = 1; kill <= kills; kill += 1) {
    await delay(200 + 400 * run.random());
    const node = cluster.nodes[Math.floor(run.random() * cluster.nodes.length)]!;
    await node.kill();
    if (kill % RESTART_EVERY === 1) await run.valkey.restart();
    if (kill % RESTART_EVERY === 2) await run.postgres.restart();
    await delay(300);
    await node.start();
    await grant(node, purses[kill % purses.length]!, TOP_UP);
    problems.push(...(await inspectMoney(database)), ...purses.flatMap(overspent));
    run.onKill?.(kill);
  }
  await delay(500);
  await endCallers();
  const seconds = (performance.now() - startedAt) / 1_000;
  const verdicts = purses.reduce((sum, purse) => sum + purse.verdicts, 0);
  for (const purse of purses) await drain(cluster, purse);
  problems.push(...(await inspectMoney(database)), ...purses.flatMap(overspent));
  for (const purse of purses) {
    const left = await remainingOf(database, purse.account, purse === purses[1] ? PLAN_UNITS : 0);
    if (left !== 0) problems.push(`${purse.account} could not spend ${left} units`);
    const lost = purse.granted - purse.accepted;
    purse.lost = lost;
    if (lost > purse.unknown)
      problems.push(`${lost} units of ${purse.account} are gone, and ${purse.unknown} were in flight`);
  }
  return { purses, problems, perSecond: verdicts / seconds };
}

/** At every moment, because it is asked while requests are under way. */
function overspent({ account, granted, accepted }: Purse): string[] {
  return accepted > granted ? [`${account} was granted ${granted} and has spent ${accepted}`] : [];
}

/** One of credits, one of an allowance and credits, and one that is used up at once. */
async function makePurses(cluster: Cluster, units: number): Promise<Purse[]> {
  const { manage, nodes } = cluster;
  await manage("PUT", "/v1/projects/paid", PROJECT);
  const purses: Purse[] = [];
  for (const [plan, credits] of [
    ["none", units],
    ["month", units / 3],
    ["none", SOON_EMPTY],
  ] as const) {
    const { id } = await manage("POST", "/v1/projects/paid/accounts", { name: "Payer", plan });
    const { key } = await manage("POST", "/v1/projects/paid/keys", { account: id, name: "Key" });
    const granted = plan === "month" ? PLAN_UNITS : 0;
    const purse = { account: id, key, granted, accepted: 0, unknown: 0, lost: 0, denied: 0, verdicts: 0 };
    await grant(nodes[0]!, purse, credits);
    purses.push(purse);
  }
  return purses;
}

/** Counted before it is sent: it may be spent before it is confirmed. */
async function grant(node: Node, purse: Purse, amount: number): Promise<void> {
  purse.granted += amount;
  const path = `/v1/projects/paid/accounts/${purse.account}/credits`;
  const headers = { "idempotency-key": randomUUID() };
  const line = node.line();
  for (let attempt = 1; ; attempt += 1) {
    const answer = await line.ask({ method: "POST", path, body: { amount }, headers }).catch(() => undefined);
    if (answer?.status === 201) break;
    if (attempt === 50) throw new Error(`a grant is not confirmed: ${answer?.body}`);
    await delay(100);
  }
  line.close();
}

/** Each asks again as soon as it is answered; the hot account is asked for by most. */
function startCallers({ cluster, callers, random }: MoneyRun, purses: readonly Purse[]): () => Promise<void> {
  let isOver = false;
  const call = async (node: Node): Promise<void> => {
    let [port, line] = [node.port, node.line()];
    while (!isOver) {
      if (port !== node.port) {
        line.close();
        [port, line] = [node.port, node.line()];
      }
      const purse = purses[random() < 0.6 ? 0 : random() < 0.8 ? 1 : 2]!;
      const verdict = await spend(line, purse, 1 + Math.floor(random() * 3));
      if (verdict === "unknown") await delay(100);
      // Somebody who has nothing left does not ask all the time.
      if (verdict === "denied") await delay(50);
    }
    line.close();
  };
  const running = Array.from({ length: callers }, (_, index) =>
    call(cluster.nodes[index % cluster.nodes.length]!),
  );
  return async () => {
    isOver = true;
    await Promise.all(running);
  };
}

async function spend(line: Line, purse: Purse, cost: number): Promise<"paid" | "denied" | "unknown"> {
  const body = { project: "paid", key: purse.key, method: "POST", path: "/spend", cost };
  try {
    const answer = await line.ask({ method: "POST", path: "/v1/verify", body });
    if (answer.status === 200) {
      purse.verdicts += 1;
      const { allowed, code } = JSON.parse(answer.body);
      if (allowed) purse.accepted += cost;
      else if (code !== "insufficient_credits") throw new Error(`the verdict is ${code}`);
      else purse.denied += 1;
      return allowed ? "paid" : "denied";
    }
    purse.unknown += cost;
  } catch (error) {
    if (/verdict/.test((error as Error).message)) throw error;
    // Nothing was sent where nobody listened.
    if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") purse.unknown += cost;
  }
  return "unknown";
}

/** To the last unit, by nodes in turn. */
async function drain({ nodes }: Cluster, purse: Purse): Promise<void> {
  const lines = nodes.map((node) => node.line());
  for (const cost of [1_000, 100, 10, 1]) {
    for (let refusals = 0, turn = 0; refusals < nodes.length; turn += 1) {
      const verdict = await spend(lines[turn % lines.length]!, purse, cost);
      if (verdict === "unknown") throw new Error("a node does not answer in peace");
      refusals = verdict === "denied" ? refusals + 1 : 0;
    }
  }
  for (const line of lines) line.close();
}
