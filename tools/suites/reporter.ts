// Node's test reporter inside each test process: one JSON line for each event on descriptor 3; prints nothing.
import { AssertionError } from "node:assert";
import { writeSync } from "node:fs";
import type { TestEvent } from "node:test/reporters";
import { inspect } from "node:util";
import type { SuiteEvent } from "./tally.ts";

type Ended = Extract<TestEvent, { type: "test:pass" | "test:fail" }>["data"];
type Result = Extract<SuiteEvent, { type: "result" }>;

/** The runner opens it as a pipe: stdout and stderr stay free for what the tests print. */
const EVENTS_FD = 3;

// biome-ignore lint/style/noDefaultExport: Node takes a reporter by its module's default export only.
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    const said = translate(event);
    // Written at once, so that what was said before a crash is not lost with a buffer.
    if (said !== undefined) writeSync(EVENTS_FD, `${JSON.stringify(said)}\n`);
  }
  yield "";
}

function translate({ type, data }: TestEvent): SuiteEvent | undefined {
  switch (type) {
    case "test:start":
      return { type: "start", name: data.name, nesting: data.nesting };
    case "test:pass":
      return { ...result(data), passed: true };
    case "test:fail":
      return { ...result(data), ...failure(data.details.error) };
    case "test:diagnostic":
      // The counts at the end of a file come as diagnostics too; the tally does its own counting.
      return /^\w+ [\d.]+$/.test(data.message) ? undefined : { type: "remark", message: data.message };
    case "test:summary":
      return { type: "end" };
    default:
      return undefined;
  }
}

/** A test as it ended, taken as failed until its event says otherwise. */
function result({ name, nesting, details, skip, todo }: Ended): Result {
  const suite = details.type === "suite";
  const given = { ...(skip !== undefined && { skip }), ...(todo !== undefined && { todo }) };
  return { type: "result", name, nesting, suite, passed: false, ...given };
}

/** Node wraps what was thrown; the wrapper knows the kind of failure, its cause the story. */
function failure(wrapper: Error & { failureType?: string }): { failureType: string; error: string } {
  return { failureType: wrapper.failureType ?? "", error: describe(wrapper.cause ?? wrapper) };
}

/**
 * The error with its stack, without Node's own frames. An assertion writes its diff into its message only when the
 * test gave none, so both sides are added when it did.
 */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const stack = (error.stack ?? String(error)).replace(/\n\s+at .*\(?node:.*/g, "");
  const cause = error.cause === undefined ? "" : `\ncaused by: ${describe(error.cause)}`;
  if (!(error instanceof AssertionError) || error.generatedMessage) return stack + cause;
  return `${stack}\nactual:   ${inspect(error.actual)}\nexpected: ${inspect(error.expected)}${cause}`;
}
