// What is open for longer than a verdict lasts, sockets and streamed answers: when a key, an account or a project changes, or a key
// expires, it is judged again. It ends nothing itself; it says who may not go on.
import type { Clock } from "../base/clock.ts";
import type { Denied, KeyFacts } from "../policy/verdict.ts";
import type { Store } from "../store/contract.ts";
import type { Directory } from "../store/directory.ts";
import type { Change } from "../store/records.ts";
import type { Question } from "../verify/question.ts";
import type { Verify } from "../verify/verify.ts";
import type { SetAlarm } from "./alarm.ts";

/** A request that was admitted and goes on. */
export interface Ongoing {
  /** As it was asked when the request was admitted. */
  readonly question: Question;
  /** The project's host that it came to. */
  readonly host: string;
  readonly key: KeyFacts;
  /** How long it is left alone where something changed before it was added: it may well end by itself. At once when it is not said. */
  readonly graceMs?: number;
  /** It may not go on. Called once at most. */
  onLost(denied: Denied): void;
  /** It may go on, perhaps under another project file. */
  onKept?(question: Question): void;
}

export interface Watched {
  /** With the project as it is now. */
  readonly question: Question;
  forget(): void;
}

export interface Watch {
  /** Differs before and after every change; to be read before the verdict is asked for. */
  epoch(): number;
  /**
   * Judges it again if anything changed since `epoch`, so that no change falls between the verdict and the watch. Tells nothing before
   * it has returned.
   */
  add(ongoing: Ongoing, epoch: number): Watched;
}

export interface WatchParts {
  readonly clock: Clock;
  readonly alarm: SetAlarm;
  readonly store: Pick<Store, "onChanges">;
  readonly directory: Directory;
  readonly verify: Verify;
}

interface Entry extends Omit<Ongoing, "question"> {
  question: Question;
  disarm: () => void;
}

/** It listens to the store for as long as that is open; one for an instance. */
export function createWatch({ clock, alarm, store, directory, verify }: WatchParts): Watch {
  const entries = new Set<Entry>();
  let epoch = 0;

  const forget = (entry: Entry): void => {
    entry.disarm();
    entries.delete(entry);
  };
  const lose = (entry: Entry, denied: Denied): void => {
    if (!entries.has(entry)) return;
    forget(entry);
    entry.onLost(denied);
  };
  const arm = (entry: Entry, { expiresAt }: KeyFacts): void => {
    entry.disarm();
    if (expiresAt !== undefined) entry.disarm = alarm(Date.parse(expiresAt), () => void judgeAgain(entry));
  };
  const judgeAgain = async (entry: Entry): Promise<void> => {
    const served = directory.served(entry.host);
    const { question } = entry;
    if (served?.project.name !== question.project.name)
      return lose(entry, { allowed: false, code: "no_route" });
    entry.question = { ...question, project: served.project, environment: served.host.environment };
    const verdict = await verify({
      ...entry.question,
      continuing: true,
      measure: undefined,
      tellPots: false,
    });
    if (!verdict.allowed) return lose(entry, verdict);
    if (!entries.has(entry)) return;
    arm(entry, verdict.key);
    entry.onKept?.(entry.question);
  };

  const judgeConcerned = async (changes: readonly Change[]): Promise<void> => {
    if (changes.some(({ kind }) => kind === "project")) {
      // The directory heard of the change first and reads the new file; where that failed, a look-up reads it. Where the store does not
      // answer, neither does a verdict.
      await directory.find("").catch(() => {});
      epoch += 1;
    }
    const concerned = [...entries].filter((entry) => changes.some((change) => concerns(change, entry)));
    // One after the other: the first of a key reads it from the store, the others find it in memory.
    for (const entry of concerned) await judgeAgain(entry);
  };

  // Not waited for: whoever follows a shared store tells its listeners before it has caught up, and a look-up may wait for just that.
  store.onChanges((changes) => {
    epoch += 1;
    void judgeConcerned(changes);
  });

  return {
    epoch: () => epoch,
    add(ongoing, asked) {
      const entry: Entry = { ...ongoing, disarm: () => {} };
      entries.add(entry);
      if (asked === epoch) arm(entry, entry.key);
      else if (entry.graceMs === undefined) queueMicrotask(() => void judgeAgain(entry));
      else entry.disarm = alarm(clock.now() + entry.graceMs, () => void judgeAgain(entry));
      return {
        get question() {
          return entry.question;
        },
        forget: () => forget(entry),
      };
    },
  };
}

function concerns({ kind, project, subject }: Change, { question, key }: Entry): boolean {
  if (project !== question.project.name) return false;
  return kind === "project" || subject === (kind === "key" ? key.id : key.account);
}
