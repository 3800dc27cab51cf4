// What clients did and saw, on one monotonic clock, and whether it can have come about if every change holds everywhere from its
// acknowledgement on. It may not know how nodes work.

/** A change of what requests with a subject are answered. Times are milliseconds of `performance.now()` of this process. */
export interface Step {
  readonly code: string;
  readonly sentAt: number;
  /** `undefined` while, or when, nobody has acknowledged it. */
  ackedAt: number | undefined;
}

export interface Seen {
  readonly subject: string;
  readonly node: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The verdict's, or `unknown` where none came. */
  readonly code: string;
}

export interface History {
  /** In the order in which they were sent; none is sent before the one before it was acknowledged or given up. */
  readonly steps: Map<string, Step[]>;
  readonly seen: Seen[];
}

export interface Findings {
  readonly requests: number;
  readonly verdicts: number;
  /** Of requests that started after an acknowledgement and were answered as before it. */
  readonly stale: readonly string[];
  /** Other verdicts that nothing explains. */
  readonly wrong: readonly string[];
  /** Faults and lost connections: no verdict. */
  readonly unknown: number;
  /** Requests that started within 100 ms after an acknowledgement of their subject, by node: else a run proves little. */
  readonly close: Readonly<Record<string, number>>;
}

export function newHistory(): History {
  return { steps: new Map(), seen: [] };
}

const CLOSE_MS = 100;

export function check({ steps, seen }: History): Findings {
  const stale: string[] = [];
  const wrong: string[] = [];
  const close: Record<string, number> = {};
  let unknown = 0;
  for (const one of seen) {
    const its = steps.get(one.subject) ?? [];
    if (its.some(({ ackedAt = Infinity }) => one.startedAt >= ackedAt && one.startedAt < ackedAt + CLOSE_MS))
      close[one.node] = (close[one.node] ?? 0) + 1;
    if (one.code === "unknown") unknown += 1;
    else if (!isPossible(its, one)) {
      const list = its.some(({ ackedAt = Infinity }) => one.startedAt > ackedAt) ? stale : wrong;
      list.push(describe(its, one));
    }
  }
  return { requests: seen.length, verdicts: seen.length - unknown, stale, wrong, unknown, close };
}

/** A step can be seen from when it was sent until the one after it was acknowledged. */
function isPossible(steps: readonly Step[], { startedAt, endedAt, code }: Seen): boolean {
  return steps.some((step, index) => {
    const next = steps[index + 1]?.ackedAt ?? Infinity;
    return step.code === code && step.sentAt <= endedAt && startedAt <= next;
  });
}

function describe(steps: readonly Step[], { subject, node, startedAt, endedAt, code }: Seen): string {
  const told = steps.map(
    (step) => `${step.code} sent ${ms(step.sentAt, startedAt)}, acknowledged ${ms(step.ackedAt, startedAt)}`,
  );
  return `${node} answered ${code} for ${subject} after ${ms(endedAt, startedAt)}; ${told.join("; ")} (to the start of the request)`;
}

function ms(at: number | undefined, from: number): string {
  return at === undefined ? "never" : `${(at - from).toFixed(1)} ms`;
}
