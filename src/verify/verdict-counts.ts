// How many verdicts of each kind this process has given since its start, for whoever watches it. It is no book: that is usage.
import type { Verdict } from "../policy/verdict.ts";

export interface VerdictCount {
  readonly project: string;
  readonly code: Verdict["code"];
  readonly count: number;
}

export interface VerdictCounts {
  note(project: string, code: Verdict["code"]): void;
  read(): readonly VerdictCount[];
}

export function createVerdictCounts(): VerdictCounts {
  const counts = new Map<string, Map<Verdict["code"], number>>();
  return {
    note(project, code) {
      let ofProject = counts.get(project);
      if (ofProject === undefined) {
        ofProject = new Map();
        counts.set(project, ofProject);
      }
      ofProject.set(code, (ofProject.get(code) ?? 0) + 1);
    },
    read: () =>
      [...counts].flatMap(([project, codes]) =>
        [...codes].map(([code, count]) => ({ project, code, count })),
      ),
  };
}
