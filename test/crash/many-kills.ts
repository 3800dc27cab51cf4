// Kills a server many times and prints what came of it. Usage: node test/crash/many-kills.ts [--kills 200] [--seed N]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { crash, describeSummary } from "./crash.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
  },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
const folder = mkdtempSync(join(tmpdir(), "claviger-crash-run-"));
console.log(`${kills} kills, seed ${seed}, in ${folder}`);
const startMs = performance.now();
const onKill = (kill: number): void => {
  if (kill % 10 === 0) console.log(`${kill} kills, ${((performance.now() - startMs) / 1_000).toFixed(0)} s`);
};
// The folder stays when it fails: it holds the store that is wrong.
console.log(describeSummary(await crash(folder, { kills, seed, onKill })));
rmSync(folder, { recursive: true, force: true });
