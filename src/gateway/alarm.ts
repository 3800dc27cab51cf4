// Alarms: something that is to be done when the wall clock reads a certain time. They know no reason for it.
import type { Clock } from "../base/clock.ts";

/** Calls `ring` once, never at once, when the clock has reached `at` (milliseconds since 1970); the answer takes it back. */
export type SetAlarm = (at: number, ring: () => void) => () => void;

/** A wall clock that is set forward is noticed after this; also, a timer of Node can wait for 24 days at most. */
const LOOK_EVERY_MS = 30_000;

export function createAlarms(clock: Clock): SetAlarm {
  return (at, ring) => {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const leftMs = Math.max(0, at - clock.now());
      timer = setTimeout(() => (clock.now() >= at ? ring() : wait()), Math.min(leftMs, LOOK_EVERY_MS));
      // An alarm is no reason for a process to go on.
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  };
}
