// Counts the leaf tests of one file from what its process reports; may not print or start anything.

/** What a test process says, in the order in which its tests were declared; a parent ends after its children. */
export type SuiteEvent =
  | { type: "start"; name: string; nesting: number }
  | ({ type: "result"; name: string; nesting: number; passed: boolean } & ResultDetails)
  /** Something that belongs to no test: activity after a test's end, for one. */
  | { type: "remark"; message: string }
  /** The last word of a process that came to its end by itself. */
  | { type: "end" };

interface ResultDetails {
  suite: boolean;
  /** The reason given, or true if none was. */
  skip?: string | boolean;
  todo?: string | boolean;
  /** Node's word for the kind of failure: `subtestsFailed`, `testCodeFailure`, `hookFailed` and more. */
  failureType?: string;
  /** The error as text, with its diff. */
  error?: string;
}

/** One thing that went wrong: `name` is the path of names down to the test, or what happened to the file. */
export interface Failure {
  name: string;
  message: string;
}

export interface Tally {
  passed: number;
  failed: number;
  /** Tests that this platform cannot run, with the reason they give. Neither passed nor failed. */
  notForThisPlatform: string[];
  remarks: string[];
  /** Whether the process reported its own end. */
  ended: boolean;
  /** Takes one event; answers what there is to show at once. */
  take(event: SuiteEvent): Failure | undefined;
}

/** A skip is accepted only for this reason; any other hole in the suites counts as a failure. */
const PLATFORM = /^platform:/;

export function createTally(): Tally {
  const names: string[] = [];
  /** For each depth, whether a test of that depth has ended since the last one above it did. */
  const seen: boolean[] = [];
  const tally: Tally = { passed: 0, failed: 0, notForThisPlatform: [], remarks: [], ended: false, take };

  function take(event: SuiteEvent): Failure | undefined {
    if (event.type === "end") tally.ended = true;
    else if (event.type === "remark") tally.remarks.push(event.message);
    else if (event.type === "start") names[event.nesting] = event.name;
    else return judge(event);
    return undefined;
  }

  function judge(event: SuiteEvent & { type: "result" }): Failure | undefined {
    const isLeaf = !seen[event.nesting + 1];
    seen[event.nesting + 1] = false;
    seen[event.nesting] = true;
    const name = [...names.slice(0, event.nesting), event.name].join(" › ");
    if (typeof event.skip === "string" && PLATFORM.test(event.skip)) {
      tally.notForThisPlatform.push(`${name} (${event.skip})`);
      return undefined;
    }
    const message = complaint(event, isLeaf);
    if (message !== undefined) tally.failed++;
    else if (isLeaf) tally.passed++;
    return message === undefined ? undefined : { name, message };
  }

  return tally;
}

/** Why a result counts as failed, or undefined. A parent that failed only by its children is no failure more. */
function complaint(event: SuiteEvent & { type: "result" }, isLeaf: boolean): string | undefined {
  if (event.skip !== undefined) return `skipped${reason(event.skip)}: only a "platform: …" skip is accepted`;
  if (event.todo !== undefined) return `marked as todo${reason(event.todo)}`;
  if (!event.passed) return event.failureType === "subtestsFailed" ? undefined : (event.error ?? "failed");
  return isLeaf && event.suite ? "a suite without a test in it" : undefined;
}

function reason(given: string | boolean): string {
  return typeof given === "string" ? ` (${given})` : "";
}
