// Kill, look, restart, look again, over and over on one store.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { checkFile, checkHistory } from "./check.ts";
import { call, type History, PROJECT, workUntilDeath } from "./client.ts";
import { startServer } from "./server.ts";

/** Longest time from the start of the work to the kill: some tens of changes. */
const MAX_LIFE_MS = 300;

const WORKERS = 3;

/** Resolves with how many changes were acknowledged and survived. Throws AssertionError at the first that did not. */
export async function killOverAndOver(kills: number, seed: number): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), "claviger-crash-"));
  const random = randomFrom(seed);
  let acknowledged = 0;
  let server = await startServer(data);
  try {
    const account = (await call(server, "POST", `/projects/${PROJECT}/accounts`, { name: "Crash" })).body
      .id as string;
    for (let kill = 0; kill < kills; kill++) {
      const history: History = { keys: [], openCreates: [], acknowledged: 0 };
      const work = Array.from({ length: WORKERS }, () => workUntilDeath(server, account, history, random));
      // The kill must come at a moment that nothing in the work decides.
      await delay(random() * MAX_LIFE_MS);
      await server.kill();
      await Promise.all(work);
      checkFile(data);
      server = await startServer(data);
      await checkHistory(server, history);
      acknowledged += history.acknowledged;
    }
    return acknowledged;
  } finally {
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Mulberry32: small, seeded, good enough to choose moments. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
