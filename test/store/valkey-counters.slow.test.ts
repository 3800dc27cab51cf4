// Promise: counters in Valkey keep every word of the counters' contract, over as many connections as there are processes.
import { after } from "node:test";
import { openValkeyCounters, type ValkeyCounters } from "../../src/store/valkey/counters.ts";
import { startValkey } from "../support/services.ts";
import { countersSuite } from "./counters-suite.ts";

const opened: ValkeyCounters[] = [];
after(() => Promise.all(opened.map((counters) => counters.close())));

countersSuite("valkey", async () => {
  const { url, prefix } = await startValkey();
  const counters = await openValkeyCounters(url, { prefix, clock: "caller", timeoutMs: 5_000 });
  opened.push(counters);
  return counters;
});
