// Kills a server that spends many times, and a process at every system call of every transaction of money, and prints what came of
// it. Usage: node test/crash/many-money-kills.ts [--kills 300] [--seed N]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMoney, moneyCrash } from "./money-crash.ts";
import { failTheDisk, killAtEveryPoint, killBeforeTheAnswer, SCENARIOS } from "./money-points.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "300" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
  },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
const startMs = performance.now();
const seconds = (): string => `${((performance.now() - startMs) / 1_000).toFixed(0)} s`;

/** The folder stays when it fails: it holds the store that is wrong. */
async function inFolder<Result>(act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "claviger-crash-run-"));
  console.log(`in ${folder}`);
  const result = await act(folder);
  rmSync(folder, { recursive: true, force: true });
  return result;
}

for (const scenario of SCENARIOS) {
  const points = await inFolder((folder) => killAtEveryPoint(folder, scenario));
  console.log(
    `${scenario}: ${points.kills} kills, ${points.whole} of them with the transaction there, ${seconds()}`,
  );
  await inFolder((folder) => killBeforeTheAnswer(folder, scenario));
}
for (const error of ["EIO", "ENOSPC"] as const)
  console.log(`${error}: ${JSON.stringify(await inFolder((folder) => failTheDisk(folder, error)))}`);

const onKill = (kill: number): void => {
  if (kill % 10 === 0) console.log(`${kill} kills, ${seconds()}`);
};
console.log(`${kills} kills, seed ${seed}`);
console.log(describeMoney(await inFolder((folder) => moneyCrash(folder, { kills, seed, onKill }))));
