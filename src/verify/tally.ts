// The tally of verdicts in memory, by hour, project, key, route and outcome. It knows no store and decides nothing; it is asked for a
// count on every verdict, so a count that is there already is found without making a string or an object.
import type { Verdict } from "../policy/verdict.ts";
import { HOUR_MS, type UsageCount } from "../store/usage.ts";

export type Count = { -readonly [Field in keyof UsageCount]: UsageCount[Field] };

/** Whose request it was, as a key's facts and a receipt both say it. */
type Asker = Pick<UsageCount, "account" | "environment" | "key">;

export interface Tally {
  /** In the order in which they were made. Whoever adds to one sees to `lastAt`. */
  readonly counts: readonly Count[];
  countOf(at: number, project: string, asker: Asker, route: string, outcome: string): Count;
  /** The count that the verdict belongs to. */
  countFor(at: number, project: string, verdict: Verdict): Count;
}

/** The counts of one key in one hour; most requests of a key are like the one before. */
interface OfKey {
  last: Count | undefined;
  readonly byRoute: Map<string, Count[]>;
}

type OfProject = Map<string, OfKey>;

const NOBODY: Asker = { account: "", environment: "", key: "" };

export function createTally(): Tally {
  const counts: Count[] = [];
  const hours = new Map<number, Map<string, OfProject>>();
  let hour = Number.NaN;
  let projects = new Map<string, OfProject>();

  /** A clock may step back, so that an hour left behind can be met again. */
  const turnTo = (at: number): void => {
    hour = at - (at % HOUR_MS);
    projects = entryOf(hours, hour, newProjects);
  };
  const lastOf = (at: number, project: string, key: string): Count | undefined => {
    if (!(at >= hour && at < hour + HOUR_MS)) turnTo(at);
    return projects.get(project)?.get(key)?.last;
  };
  const find = (project: string, asker: Asker, route: string, outcome: string): Count => {
    const ofKey = entryOf(entryOf(projects, project, newProject), asker.key, newKey);
    const ofRoute = entryOf(ofKey.byRoute, route, newRoute);
    let count = ofRoute.find((one) => one.outcome === outcome);
    if (count === undefined) {
      const { account, environment, key } = asker;
      count = { project, account, environment, key, route, outcome, hour, requests: 0, units: 0, lastAt: 0 };
      ofRoute.push(count);
      counts.push(count);
    }
    ofKey.last = count;
    return count;
  };

  return {
    counts,
    countOf(at, project, asker, route, outcome) {
      const last = lastOf(at, project, asker.key);
      return last !== undefined && last.route === route && last.outcome === outcome
        ? last
        : find(project, asker, route, outcome);
    },
    countFor(at, project, { key, route = "", code }) {
      const last = lastOf(at, project, key === undefined ? "" : key.id);
      if (last !== undefined && last.route === route && last.outcome === code) return last;
      const asker = key && { account: key.account, environment: key.environment, key: key.id };
      return find(project, asker ?? NOBODY, route, code);
    },
  };
}

const newProjects = (): Map<string, OfProject> => new Map();
const newProject = (): OfProject => new Map();
const newKey = (): OfKey => ({ last: undefined, byRoute: new Map() });
const newRoute = (): Count[] => [];

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
