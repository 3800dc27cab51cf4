// Runs the test suites and counts them; the last line it prints is always `N passed, N failed`.
// Usage: node tools/test.ts [--fast] [part of a path ...]. Exit code 0 only if something ran and nothing failed.
import { globSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { endAll, type FileReport, runFile } from "./suites/run-file.ts";
import type { Failure } from "./suites/tally.ts";

/** Folders that need services, a browser or many processes, or that try what others have tried through another way in. */
const SLOW =
  /^test\/(cli|contracts|crash|cluster|console|embedded|hostile|http|packaging|portal|proxies|sdks)\/|\.slow\.test\.ts$/;
const CONCURRENCY = 2;
const FILE_TIMEOUT_MS = 5 * 60_000;

/** The test files to run, out of all: without the slow ones if asked, and with one of the words in their path. */
export function selectFiles(all: readonly string[], isFast: boolean, words: readonly string[]): string[] {
  return all
    .filter((file) => !(isFast && SLOW.test(file)))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .sort();
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, "    ");
}

function printFailure(file: string, { name, message }: Failure): void {
  console.log(`\n✖ ${file} › ${name}\n${indent(message)}\n`);
}

function printReport(file: string, report: FileReport): void {
  const { passed, failed, durationMs, notForThisPlatform, output } = report;
  const counts = `${passed} passed${failed > 0 ? `, ${failed} failed` : ""}`;
  console.log(`${failed > 0 ? "FAIL" : "ok  "} ${file}  ${counts}  ${(durationMs / 1000).toFixed(1)} s`);
  for (const skipped of notForThisPlatform) console.log(`     not run here: ${skipped}`);
  if (failed > 0 && output.trim() !== "") console.log(`     it printed:\n${indent(output)}\n`);
}

/** Runs the files, two at a time, in their order; answers the sums. */
async function runAll(files: readonly string[], cwd: string, timeoutMs: number) {
  const sums = { passed: 0, failed: 0 };
  const queue = [...files];
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const current = file;
      const onFailure = (failure: Failure) => printFailure(current, failure);
      const report = await runFile(file, { cwd, timeoutMs, onFailure });
      printReport(file, report);
      sums.passed += report.passed;
      sums.failed += report.failed;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return sums;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fast: { type: "boolean", default: false },
      // The next two are for the tests of this tool.
      root: { type: "string", default: join(import.meta.dirname, "..") },
      "timeout-ms": { type: "string", default: String(FILE_TIMEOUT_MS) },
    },
  });
  process.on("exit", endAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

  const root = resolve(values.root);
  const all = globSync("test/**/*.test.ts", { cwd: root }).map((file) => file.replaceAll(sep, "/"));
  const files = selectFiles(all, values.fast, positionals);
  if (files.length === 0) console.log("no test file matches");
  const { passed, failed } = await runAll(files, root, Number(values["timeout-ms"]));
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
  console.log(`\n${passed} passed, ${failed} failed`);
}

if (import.meta.main) await main();
