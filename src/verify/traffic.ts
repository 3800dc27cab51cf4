// Remembers the newest verdicts for people to look at: a ring for each project and for each account that was in use lately, in the memory
// of this process. No verdict waits for it, and it is gone with the process.
import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";
import { parseKey } from "../key/format.ts";
import { printAddress } from "../policy/network.ts";
import type { Verdict } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Question } from "./question.ts";

/** Of a project, and of an account; together at most some 60 MB, and a tenth of that as a rule. */
const OF_PROJECT = 1_000;
const OF_ACCOUNT = 200;
const MOST_ACCOUNTS = 1_000;
const MOST_PROJECTS = 100;
const MOST_PATH = 300;

export interface Seen {
  /** Counts what this process has seen. */
  readonly number: number;
  readonly at: number;
  readonly project: Project;
  readonly method: string | undefined;
  /** As sent, with its query: see pathOf. */
  readonly target: string | undefined;
  readonly address: Question["clientAddress"];
  readonly verdict: Verdict;
}

export type TrafficListener = (seen: Seen) => void;

export interface Traffic {
  note(question: Question, verdict: Verdict): void;
  /** Newest first. */
  recent(project: string, account?: string): Iterable<Seen>;
  /** Where a key was last used from, as far as is remembered. */
  lastAddress(project: string, key: string): string | undefined;
  /** Answers how to stop listening. `listener` must not throw. */
  listen(project: string, listener: TrafficListener): () => void;
}

interface Ring {
  readonly slots: (Seen | undefined)[];
  next: number;
}

export function createTraffic(clock: Clock): Traffic {
  const projects = new LRUCache<string, Ring>({ max: MOST_PROJECTS });
  const accounts = new LRUCache<string, Ring>({ max: MOST_ACCOUNTS });
  const listeners = new Map<string, Set<TrafficListener>>();
  let number = 0;
  return {
    note({ project, request, clientAddress }, verdict) {
      number += 1;
      const { method, target } = request ?? {};
      const seen = { number, at: clock.now(), project, method, target, address: clientAddress, verdict };
      put(ringOf(projects, project.name, OF_PROJECT), seen);
      if (verdict.key !== undefined)
        put(ringOf(accounts, `${project.name}/${verdict.key.account}`, OF_ACCOUNT), seen);
      const heard = listeners.get(project.name);
      if (heard !== undefined) for (const listener of heard) listener(seen);
    },
    recent: (project, account) =>
      newestFirst(account === undefined ? projects.peek(project) : accounts.peek(`${project}/${account}`)),
    lastAddress(project, key) {
      for (const seen of newestFirst(projects.peek(project)))
        if (seen.verdict.key?.id === key && seen.address !== undefined) return printAddress(seen.address);
      return undefined;
    },
    listen(project, listener) {
      const heard = listeners.get(project) ?? new Set();
      listeners.set(project, heard.add(listener));
      return () => {
        heard.delete(listener);
        if (heard.size === 0) listeners.delete(project);
      };
    },
  };
}

function ringOf(rings: LRUCache<string, Ring>, name: string, size: number): Ring {
  const known = rings.get(name);
  if (known !== undefined) return known;
  const ring: Ring = { slots: Array.from({ length: size }, () => undefined), next: 0 };
  rings.set(name, ring);
  return ring;
}

function put(ring: Ring, seen: Seen): void {
  ring.slots[ring.next] = seen;
  ring.next = (ring.next + 1) % ring.slots.length;
}

function* newestFirst(ring: Ring | undefined): Generator<Seen> {
  if (ring === undefined) return;
  const { slots, next } = ring;
  for (let back = 1; back <= slots.length; back++) {
    const seen = slots[(next - back + slots.length) % slots.length];
    if (seen === undefined) return;
    yield seen;
  }
}

/** Without its query, in which secrets stand at times, and without what reads as a key of the project. */
export function pathOf({ target, project }: Seen): string | undefined {
  const path = target?.split(/[?#]/, 1)[0]?.slice(0, MOST_PATH);
  return path
    ?.split("/")
    .map((part) => (parseKey(project.formats, part) === undefined ? part : "…"))
    .join("/");
}
