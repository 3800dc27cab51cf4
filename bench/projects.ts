// The projects of the benchmarks: one with routes and scopes, and the same with a rate limit that is never reached.

const PLAIN = `name: plain
environments: [live, test]
keys: { format: "plain_{env}_ak_{id:8}_{secret:32}" }
scopes: { read: Read, export: Export }
routes:
  - { match: [/dashboard/**, /brands/**], scopes: [read] }
  - { match: /exports/**, scopes: [read, export] }
`;

export const BENCH_PROJECTS: Readonly<Record<string, string>> = {
  plain: PLAIN,
  limited: `${PLAIN.replaceAll("plain", "limited")}limits: { requests: { rate: 1000000000, windowSeconds: 60 } }\n`,
};

/** A route that costs one unit of an allowance that is never used up, and one that costs nothing. */
export const METERED = `name: metered
plans: { all: { allowance: 9000000000000000 } }
defaultPlan: all
routes:
  - { match: POST /paid, cost: 1, pot: allowance }
  - { match: GET /free }
`;
