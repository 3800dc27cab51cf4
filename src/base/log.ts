// The log: JSON lines by pino, with everything that could be a credential taken out. It may not be used per request on the
// hot path (a line per request cost 40 % of throughput when measured).
import { type Logger, pino } from "pino";

export type { Logger };

const SECRET_PATHS = [
  "*.authorization",
  "*.cookie",
  "*.key",
  "*.pepper",
  "authorization",
  "key",
  "headers.authorization",
  "req.headers.authorization",
];

/** Writes to standard error so that standard output stays the program's answer. */
export function createLog(level: string): Logger {
  return pino(
    { level, base: null, redact: { paths: SECRET_PATHS, censor: "[redacted]" } },
    pino.destination({ dest: 2, sync: true }),
  );
}
