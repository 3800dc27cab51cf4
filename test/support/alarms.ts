// Alarms that ring when a test says so, by the clock that the test sets.
import type { Clock } from "../../src/base/clock.ts";
import type { SetAlarm } from "../../src/gateway/alarm.ts";

export interface HeldAlarms {
  readonly set: SetAlarm;
  /** Rings all whose time has come. */
  ringDue(): void;
  waiting(): number;
}

export function heldAlarms(clock: Clock): HeldAlarms {
  const alarms = new Set<{ readonly at: number; readonly ring: () => void }>();
  return {
    set(at, ring) {
      const alarm = { at, ring };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    ringDue() {
      for (const alarm of [...alarms]) {
        if (clock.now() < alarm.at) continue;
        alarms.delete(alarm);
        alarm.ring();
      }
    },
    waiting: () => alarms.size,
  };
}
