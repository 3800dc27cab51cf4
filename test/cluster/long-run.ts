// Does at length what the tests sample: revokes in sickness and in health, then money through kills. Ends with code 1 when anything is
// not as promised. Usage: node test/cluster/long-run.ts [--revokes 2000] [--per-second 3000] [--kills 100] [--seed N]
import { parseArgs } from "node:util";
import { randomOf } from "../crash/random.ts";
import { startOwnPostgres, startOwnValkey, startPostgres } from "../support/services.ts";
import { away, cuttingNotifications, type Disturb, freezing, frozen } from "./disturbances.ts";
import { spendThroughKills } from "./money.ts";
import { startCluster } from "./nodes.ts";
import { makeAcme, makeKeys, quantile, revokeAll } from "./revocations.ts";

const { values } = parseArgs({
  options: {
    revokes: { type: "string", default: "2000" },
    "per-second": { type: "string", default: "3000" },
    kills: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
  },
});
const [revokes, perSecond, kills, seed] = [
  values.revokes,
  values["per-second"],
  values.kills,
  values.seed,
].map(Number) as [number, number, number, number];
const problems: string[] = [];
const ends: (() => unknown)[] = [];
const context = { after: (end: () => unknown) => void ends.unshift(end) };

async function revocations(): Promise<void> {
  const { url } = await startPostgres(context);
  const valkey = await startOwnValkey(context);
  const cluster = await startCluster(context, { count: 4, database: url, valkey: valkey.url });
  const account = await makeAcme(cluster);
  const others = cluster.nodes.slice(0, 3);
  const phases: readonly (readonly [string, number, Disturb?, typeof others?])[] = [
    // Beside the others: processes that have just begun are still being compiled.
    ["warming up", 0.25],
    ["healthy", 0.6],
    ["one node frozen for 0.9 s at a time", 0.15, freezing(cluster.nodes[3]!, 900, 300), others],
    ["one node frozen for 12 s at a time", 0.05, freezing(cluster.nodes[3]!, 12_000, 500), others],
    ["notifications cut", 0.1, cuttingNotifications(url)],
    ["Valkey silent", 0.05, frozen(valkey.server)],
    ["Valkey dead", 0.05, away(valkey.server)],
  ];
  for (const [name, part, disturb, revokers = cluster.nodes] of phases) {
    const keys = await makeKeys(cluster, account, Math.ceil(revokes * part), revokers);
    const pauseMs = disturb === undefined ? 0 : 25;
    const options = { keys, perSecond, linesPerNode: 8, pauseMs, revokers };
    const done = await revokeAll(cluster, { ...options, ...(disturb && { disturb }) });
    const { findings, acksMs } = done;
    const [p50, p99, most] = [0.5, 0.99, 1].map((at) => quantile(acksMs, at).toFixed(1));
    console.log(
      `${name}: ${acksMs.length} revokes, p50 ${p50} ms, p99 ${p99} ms, most ${most} ms; ${findings.verdicts} verdicts, ${done.perSecond.toFixed(0)} /s; ${findings.stale.length} accepted too late, ${findings.wrong.length} wrong, ${findings.unknown} without an answer, ${done.unconfirmed} revokes not confirmed; within 100 ms after an acknowledgement ${JSON.stringify(findings.close)}`,
    );
    problems.push(...findings.stale, ...findings.wrong);
    if (quantile(acksMs, 1) > 1_200) problems.push(`${name}: a revoke took ${most} ms`);
    if (done.unconfirmed > 0) problems.push(`${name}: ${done.unconfirmed} revokes were not confirmed`);
  }
}

async function money(): Promise<void> {
  console.log(`${kills} kills, seed ${seed}`);
  const { url: database, server: postgres } = await startOwnPostgres(context);
  const { url, server: valkey } = await startOwnValkey(context);
  const cluster = await startCluster(context, { count: 4, database, valkey: url });
  const onKill = (kill: number): void => {
    if (kill % 10 === 0) console.log(`${kill} kills`);
  };
  const run = { cluster, valkey, postgres, database, callers: 512, kills, random: randomOf(seed), onKill };
  const result = await spendThroughKills(run);
  for (const { granted, accepted, unknown, lost, denied } of result.purses)
    console.log(
      `granted ${granted}, accepted ${accepted}, in flight at kills ${unknown} of which ${lost} were spent, ${denied} requests denied`,
    );
  console.log(`${result.perSecond.toFixed(0)} verdicts a second`);
  problems.push(...result.problems);
}

try {
  if (revokes > 0) await revocations();
  if (kills > 0) await money();
} finally {
  for (const end of ends) await end();
}
console.log(problems.length === 0 ? "Nothing was found." : problems.join("\n"));
process.exitCode = problems.length === 0 ? 0 : 1;
