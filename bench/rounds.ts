// Runs a thing and its yardsticks alternately and states medians, spread and the ratio round by round; knows nothing of what is run.

export interface Contender {
  readonly name: string;
  /** Operations per second of one round. */
  readonly round: () => number | Promise<number>;
}

/** The median. */
export const middle = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** The first contender is the thing, the others its yardsticks. The order is turned around every round. */
export async function compare(
  title: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<void> {
  for (const contender of contenders) await contender.round();
  const figures = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const { name, round: run } of order) figures.get(name)!.push(await run());
  }
  console.log(`\n${title} (${rounds} rounds, alternating; median, lowest to highest)`);
  const width = Math.max(...contenders.map(({ name }) => name.length));
  for (const [name, values] of figures) {
    const range = `${whole(Math.min(...values))} to ${whole(Math.max(...values))}`;
    console.log(`  ${name.padEnd(width)}  ${whole(middle(values)).padStart(10)} /s  (${range})`);
  }
  const [thing, ...yardsticks] = [...figures];
  for (const [name, values] of yardsticks) {
    const ratios = values.map((value, index) => thing![1][index]! / value);
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(`  ratio to ${name}: ${middle(ratios).toFixed(2)} (${spread})`);
  }
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** One core, synchronous work: operations per second over `count` calls. */
export function timed(count: number, work: () => unknown): number {
  const start = performance.now();
  for (let index = 0; index < count; index++) work();
  return (count / (performance.now() - start)) * 1000;
}
