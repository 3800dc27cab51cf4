// Kills a server with SIGKILL at random moments, over and over on the same data, and holds what is left against what the
// client was told. Throws at the first thing that is wrong.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { printed, type ServerProcess, startProcess } from "../support/server-process.ts";
import {
  type Connection,
  makeChanges,
  type Repeated,
  repeatOneCreate,
  repeatUnanswered,
  verifyKeys,
} from "./changes.ts";
import { inspectStore } from "./inspect.ts";
import { pick, randomOf } from "./random.ts";
import { newWorld, type World } from "./world.ts";

export interface Summary extends Repeated {
  seed: number;
  kills: number;
  /** Of these, before the server was ready. */
  killsAtStart: number;
  acknowledged: World["acknowledged"];
  /** Verdicts asked for and right. */
  verdicts: number;
}

interface Run {
  readonly data: string;
  readonly flags: readonly string[];
  readonly rootKeyFile: string;
  readonly random: () => number;
  readonly world: World;
  readonly summary: Summary;
}

/** One kill in so many meets the start itself. */
const START_KILL_EVERY = 8;
/** About as long as a start takes. */
const MAX_START_MS = 1_000;
/** Some milliseconds of changes, rarely more: a change takes a few. */
const MAX_CHANGES_MS = 150;
/** Keys of earlier cycles that are asked about again in each. */
const SAMPLE_SIZE = 20;

/** `folder` is empty and belongs to the run. `onKill` hears of each kill with its number. */
export async function crash(
  folder: string,
  { kills, seed, onKill = () => {} }: { kills: number; seed: number; onKill?: (kill: number) => void },
): Promise<Summary> {
  const run = prepare(folder, seed);
  for (let kill = 1; kill <= kills; kill++) {
    await cycle(run);
    run.summary.kills = kill;
    onKill(kill);
  }
  await lastLook(run);
  return run.summary;
}

function prepare(folder: string, seed: number): Run {
  const [data, file, rootKeyFile] = [
    join(folder, "data"),
    join(folder, "acme.yaml"),
    join(folder, "root-key"),
  ];
  writeFileSync(file, "name: acme\n");
  const world = newWorld();
  const { acknowledged } = world;
  return {
    data,
    rootKeyFile,
    flags: ["--project", file, "--data", data, "--root-key-file", rootKeyFile, "--port", "0", "--json"],
    random: randomOf(seed),
    world,
    summary: { seed, kills: 0, killsAtStart: 0, acknowledged, made: 0, notMade: 0, verdicts: 0 },
  };
}

async function cycle(run: Run): Promise<void> {
  const { random, world, summary } = run;
  const server = start(run);
  try {
    // The first start of all makes the most: pepper, schema, root key.
    if (summary.kills === 0 || random() < 1 / START_KILL_EVERY) {
      summary.killsAtStart++;
      await delay(random() * MAX_START_MS);
      return;
    }
    const connection = await connect(run, server);
    await lookBack(run, connection, sample(run));
    const changes = makeChanges(connection, world, random);
    // Awaited below; a refusal that comes first must not end the process as unhandled.
    changes.catch(() => {});
    await delay(random() * MAX_CHANGES_MS);
    await server.kill();
    await changes;
  } finally {
    await server.kill();
    complain(run);
  }
}

function start({ flags }: Run): ServerProcess {
  return startProcess(process.execPath, ["bin/claviger.mjs", "serve", ...flags]);
}

async function connect({ rootKeyFile }: Run, server: ServerProcess): Promise<Connection> {
  const { controlPlane } = JSON.parse(await printed(server, /^\{.*\}\n$/));
  return { url: controlPlane, rootKey: readFileSync(rootKeyFile, "utf8").trim() };
}

/** Through the server that came after: what was acknowledged, and what became of the rest. */
async function lookBack(run: Run, connection: Connection, also: World["touched"]): Promise<void> {
  const { world, summary, random } = run;
  await repeatUnanswered(connection, world, summary);
  await repeatOneCreate(connection, world, random);
  summary.verdicts += await verifyKeys(connection, new Set([...world.touched, ...also]));
  world.touched.clear();
}

function sample({ world, random }: Run): World["touched"] {
  const known = [...world.keys.values()];
  return new Set(
    Array.from({ length: SAMPLE_SIZE }, () => pick(known, random)).filter((key) => key !== undefined),
  );
}

function complain({ data, world }: Run): void {
  const problems = inspectStore(data, world);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

/** Every key of the run, and an orderly end. */
async function lastLook(run: Run): Promise<void> {
  const server = start(run);
  try {
    await lookBack(run, await connect(run, server), new Set(run.world.keys.values()));
    server.signal("SIGTERM");
    const { code } = await server.exited;
    if (code !== 0) throw new Error(`the last server ended with ${code}: ${server.stderr()}`);
  } finally {
    await server.kill();
  }
  complain(run);
}

export function describeSummary(summary: Summary): string {
  const { seed, kills, killsAtStart, acknowledged, made, notMade, verdicts } = summary;
  const total = Object.values(acknowledged).reduce((sum, count) => sum + count, 0);
  const kinds = Object.entries(acknowledged).map(([kind, count]) => `${kind} ${count}`);
  return (
    `${kills} kills (${killsAtStart} at the start), seed ${seed}: ${total} changes acknowledged (${kinds.join(", ")}), all there; ` +
    `${made + notMade} unanswered, of which ${made} were made and ${notMade} were not, none by half; ${verdicts} verdicts right`
  );
}
