// npm run crash -- [--kills N] [--seed N]: the whole crash test. Prints the seed first, so that a failure can be repeated.
import { parseArgs } from "node:util";
import { killOverAndOver } from "./cycles.ts";

const { values } = parseArgs({
  options: { kills: { type: "string", default: "200" }, seed: { type: "string" } },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`${kills} kills, seed ${seed}`);
const acknowledged = await killOverAndOver(kills, seed);
console.log(`${kills} kills, ${acknowledged} acknowledged changes, 0 lost, 0 half there`);
