// What a monitoring system reads of an instance, in the text format of Prometheus. Names of projects and codes, and never an account, a
// key or an address.
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Condition } from "../verify/fail-policy.ts";
import type { VerdictCounts } from "../verify/verdict-counts.ts";

export interface MetricsParts {
  readonly verdicts: Pick<VerdictCounts, "read">;
  readonly condition: () => Promise<Condition>;
}

export interface Metrics {
  readonly contentType: string;
  /** Never rejects for a store that is away. */
  read(): Promise<string>;
}

export function createMetrics({ verdicts, condition }: MetricsParts): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Counter({
    name: "claviger_verdicts_total",
    help: "Verdicts given since the start, by project and verdict code.",
    labelNames: ["project", "code"],
    registers,
    collect() {
      this.reset();
      for (const { count, ...labels } of verdicts.read()) this.inc(labels, count);
    },
  });
  const gauge = (name: string, help: string) => new Gauge({ name: `claviger_${name}`, help, registers });
  const total = (name: string, help: string) => new Counter({ name: `claviger_${name}`, help, registers });
  const stale = total("stale_admissions_total", "Requests admitted past the lease since the start.");
  const alone = total(
    "limits_counted_alone_total",
    "Decisions on limits by this node alone since the start.",
  );
  const states: readonly (readonly [gauge: Gauge, valueOf: (now: Condition) => number])[] = [
    [gauge("nodes", "Nodes whose lease has not run out; 1 for an embedded store."), ({ nodes = 1 }) => nodes],
    [gauge("store_down", "1 while the store does not answer."), ({ isStoreDown }) => Number(isStoreDown)],
    [gauge("refusing", "1 while the lease has run out."), ({ isRefusing }) => Number(isRefusing)],
    [gauge("static", "1 while keys are admitted past the lease."), ({ isStatic }) => Number(isStatic)],
    [
      gauge("counting_alone", "1 while each node counts its part of every limit."),
      ({ isCountingAlone }) => Number(isCountingAlone),
    ],
  ];
  return {
    contentType: registry.contentType,
    async read() {
      const now = await condition();
      for (const [state, read] of states) state.set(read(now));
      for (const [counter, count] of [
        [stale, now.staleAdmissions],
        [alone, now.countedAlone],
      ] as const) {
        counter.reset();
        counter.inc(count);
      }
      return registry.metrics();
    },
  };
}
