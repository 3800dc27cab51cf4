// A wall clock for a whole process, with all its threads, that a test sets while it runs (libfaketime). Timers and everything else
// that counts on the monotonic clock go on as they are.
import { globSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needProgram } from "./debian.ts";

export interface FakeTime {
  /** What the process is started with. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on it is `at`, in milliseconds since 1970, and time goes on. */
  set(at: number): void;
}

/** `folder` belongs to the test. */
export function fakeTime(folder: string, at: number): FakeTime {
  const offset = join(folder, "clock-offset");
  const set = (wanted: number): void => {
    const seconds = (wanted - Date.now()) / 1_000;
    // Moved into place whole: it is read at every look at the clock.
    writeFileSync(`${offset}.new`, `${seconds < 0 ? "" : "+"}${seconds.toFixed(3)}`);
    renameSync(`${offset}.new`, offset);
  };
  set(at);
  const env = {
    LD_PRELOAD: library(),
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  return { env, set };
}

function library(): string {
  needProgram("faketime", "faketime");
  const [path] = globSync("/usr/lib*/{,*/}faketime/libfaketimeMT.so.1");
  if (path === undefined) throw new Error("the package faketime brought no libfaketimeMT.so.1");
  return path;
}
