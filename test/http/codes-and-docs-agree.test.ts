import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PROBLEMS, type ProblemCode } from "../../src/base/errors.ts";
import { DEFAULT_ANSWERS } from "../../src/policy/answers.ts";
import { VERDICT_CODES } from "../../src/policy/verdict.ts";

/** The rows of a Markdown page's tables whose first cell is a code, cell by cell without backticks. */
function rowsOf(page: string): string[][] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll("`", "")));
}

test("docs/errors.md lists the problems of the control plane: all of them, and no other", () => {
  const rows = rowsOf("errors.md");
  assert.deepEqual(rows.map(([code]) => code).sort(), Object.keys(PROBLEMS).sort());
  for (const [code, status, meaning, remedy] of rows) {
    assert.equal(Number(status), PROBLEMS[code as ProblemCode].status, code);
    assert.ok(meaning && remedy, code);
  }
});

test("docs/verdicts.md lists the verdict codes in the order of the decision, with their default answers", () => {
  const rows = rowsOf("verdicts.md");
  const verdicts = rows.slice(0, VERDICT_CODES.length);
  assert.deepEqual(
    verdicts.map(([code]) => code),
    [...VERDICT_CODES],
  );
  const answers = rows.filter(([code]) => code !== "ok");
  assert.deepEqual(answers.map(([code]) => code).sort(), Object.keys(DEFAULT_ANSWERS).sort());
  for (const [code, status, answered, meaning] of answers) {
    const { status: expected, code: told } = DEFAULT_ANSWERS[code as keyof typeof DEFAULT_ANSWERS];
    assert.deepEqual([Number(status), answered], [expected, told], code);
    assert.ok(meaning, code);
  }
});
