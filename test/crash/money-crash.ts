// Kills a server with SIGKILL at random moments of spending, over and over on the same data, and holds what is left against what
// was granted and answered, to the unit. Throws at the first thing that is wrong.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { printed, type ServerProcess, startProcess } from "../support/server-process.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { inspectStore } from "./inspect.ts";
import {
  type Counts,
  drain,
  FAILURE_STATUS,
  lookBack,
  type MoneyConnection,
  newCounts,
  openWallet,
  spendUntilGone,
} from "./money-client.ts";
import { inspectMoney } from "./money-inspect.ts";
import { ALLOWANCE, newWallet, type Wallet, WORK_COST } from "./money-world.ts";
import { randomOf } from "./random.ts";
import { newWorld } from "./world.ts";

export interface MoneySummary extends Counts {
  readonly seed: number;
  kills: number;
  /** Of these, before the server was ready. */
  killsAtStart: number;
  accounts: number;
  granted: number;
  /** Units of requests that were answered as done. */
  accepted: number;
  /** Units of requests that were in flight at a kill and turned out to be spent. */
  lost: number;
}

interface Run {
  readonly data: string;
  readonly flags: readonly string[];
  readonly rootKeyFile: string;
  readonly random: () => number;
  readonly wallets: Wallet[];
  readonly summary: MoneySummary;
}

const CALLERS = 16;
/** One kill in so many meets the start itself. */
const START_KILL_EVERY = 10;
/** About as long as a start takes. */
const MAX_START_MS = 1_000;
/** Enough for tens of transactions. */
const MAX_SPENDING_MS = 200;
/** Kills between one fresh account, with its allowance, and the next. */
const WALLET_EVERY = 4;
/** Spent from at a time: few, so that they run empty. */
const WALLETS_IN_USE = 3;

/** `folder` is empty and belongs to the run. `onKill` hears of each kill with its number. */
export async function moneyCrash(
  folder: string,
  { kills, seed, onKill = () => {} }: { kills: number; seed: number; onKill?: (kill: number) => void },
): Promise<MoneySummary> {
  await using upstream = await startUpstream(({ url = "" }, response) => {
    response.writeHead(url.includes("fails") ? FAILURE_STATUS : 200).end();
  });
  const run = prepare(folder, seed, upstream);
  for (let kill = 1; kill <= kills; kill++) {
    await cycle(run);
    run.summary.kills = kill;
    onKill(kill);
  }
  await withServer(run, async (connection) => {
    for (const wallet of run.wallets) await lookBack(connection, wallet, run.summary);
    for (const wallet of run.wallets)
      await drain(connection, wallet, run.summary, { callers: CALLERS, random: run.random });
  });
  return finish(run);
}

/** No kill: `callers` at once spend and give back in every way, some hundred operations each, and then drain every account. */
export async function moneyAtOnce(
  folder: string,
  { callers, operations, seed }: { callers: number; operations: number; seed: number },
): Promise<MoneySummary> {
  await using upstream = await startUpstream(({ url = "" }, response) => {
    response.writeHead(url.includes("fails") ? FAILURE_STATUS : 200).end();
  });
  const run = prepare(folder, seed, upstream);
  const { random, summary, wallets } = run;
  await withServer(run, async (connection) => {
    for (let made = 0; made < WALLETS_IN_USE + 1; made++) await addWallet(run, connection);
    let left = operations;
    const isOver = () => left-- <= 0;
    await spendUntilGone(connection, wallets, summary, { callers, random, isOver });
    const each = { callers: callers / wallets.length, random };
    await Promise.all(wallets.map((wallet) => drain(connection, wallet, summary, each)));
  });
  return finish(run);
}

function finish(run: Run): MoneySummary {
  complain(run);
  const { summary, wallets } = run;
  summary.accounts = wallets.length;
  for (const { granted, spent, lost } of wallets) {
    summary.granted += granted;
    summary.accepted += spent;
    summary.lost += lost;
  }
  return summary;
}

function prepare(folder: string, seed: number, upstream: Upstream): Run {
  const path = (name: string) => join(folder, name);
  const [data, file, rootKeyFile] = [path("data"), path("acme.yaml"), path("root-key")];
  writeFileSync(file, projectFile(upstream.url));
  const counts = { kills: 0, killsAtStart: 0, accounts: 0, granted: 0, accepted: 0, lost: 0 };
  return {
    data,
    rootKeyFile,
    flags: ["--project", file, "--data", data, "--root-key-file", rootKeyFile, "--port", "0", "--json"],
    random: randomOf(seed),
    wallets: [],
    summary: { seed, ...newCounts(), ...counts },
  };
}

/** The allowance is there anew in two weeks, so that no run meets that moment. */
function projectFile(upstream: string): string {
  const resetsOn = ((new Date().getUTCDate() + 13) % 28) + 1;
  return `name: acme
upstream: ${upstream}
plans:
  prepaid: {}
  metered: { allowance: { units: ${ALLOWANCE}, resetsOn: ${resetsOn} } }
defaultPlan: prepaid
routes:
  - { match: POST /work, cost: ${WORK_COST}, pot: [allowance, credits], hold: true }
`;
}

async function cycle(run: Run): Promise<void> {
  const { random, summary } = run;
  const server = start(run);
  try {
    if (summary.kills === 0 || random() < 1 / START_KILL_EVERY) {
      summary.killsAtStart += 1;
      await delay(random() * MAX_START_MS);
      return;
    }
    await spendAndKill(run, server);
  } finally {
    await server.kill();
    complain(run);
  }
}

async function spendAndKill(run: Run, server: ServerProcess): Promise<void> {
  const { random, summary, wallets } = run;
  const connection = await connect(run, server);
  for (const wallet of wallets) await lookBack(connection, wallet, summary);
  if (wallets.length === 0 || summary.kills % WALLET_EVERY === 0) await addWallet(run, connection);
  const inUse = wallets.slice(-WALLETS_IN_USE);
  const options = { callers: CALLERS, random, isOver: () => false };
  const spending = spendUntilGone(connection, inUse, summary, options);
  // Awaited below; an answer that is wrong must not end the process as unhandled.
  spending.catch(() => {});
  await delay(random() * MAX_SPENDING_MS);
  await server.kill();
  await spending;
}

/** Every other one has an allowance. */
async function addWallet({ wallets }: Run, connection: MoneyConnection): Promise<void> {
  const isMetered = wallets.length % 2 === 0;
  const { id, key } = await openWallet(connection, isMetered ? "metered" : "prepaid");
  wallets.push(newWallet(id, key, isMetered ? ALLOWANCE : 0));
}

/** One that is let go in order at the end. */
async function withServer(run: Run, act: (connection: MoneyConnection) => Promise<void>): Promise<void> {
  const server = start(run);
  try {
    await act(await connect(run, server));
    server.signal("SIGTERM");
    const { code } = await server.exited;
    if (code !== 0) throw new Error(`the last server ended with ${code}: ${server.stderr()}`);
  } finally {
    await server.kill();
  }
}

function start({ flags }: Run): ServerProcess {
  return startProcess(process.execPath, ["bin/claviger.mjs", "serve", ...flags]);
}

async function connect({ rootKeyFile }: Run, server: ServerProcess): Promise<MoneyConnection> {
  const { controlPlane, hosts } = JSON.parse(await printed(server, /^\{.*\}\n$/));
  return { url: controlPlane, rootKey: readFileSync(rootKeyFile, "utf8").trim(), gateway: hosts[0].url };
}

function complain({ data, wallets }: Run): void {
  const problems = [...inspectStore(data, newWorld()), ...inspectMoney(data, wallets)];
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

export function describeMoney(summary: MoneySummary): string {
  const { seed, kills, killsAtStart, accounts, granted, accepted, lost, made, refused, unanswered } = summary;
  const kinds = Object.entries(made).map(([kind, count]) => `${kind} ${count}`);
  return (
    `${kills} kills (${killsAtStart} at the start), seed ${seed}: ${granted} units granted to ${accounts} accounts, ${accepted} accepted, ` +
    `${lost} spent by some of the ${unanswered} requests in flight, ${granted - accepted - lost} left or missing; ` +
    `made: ${kinds.join(", ")}; refused ${refused}`
  );
}
