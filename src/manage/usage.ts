// Reads usage: sums of verdicts by the groups and over the time that the caller asks for. It counts nothing itself.
import { isoTime, parseIsoTime } from "../base/clock.ts";
import { invalidField } from "../base/errors.ts";
import type { Project } from "../project/compile.ts";
import {
  DAY_MS,
  HOUR_MS,
  MAX_SUMS,
  USAGE_GROUPS,
  type UsageGroup,
  type UsageQuery,
  type UsageSum,
} from "../store/usage.ts";
import { findAccount } from "./accounts.ts";
import { checkEnvironment } from "./input.ts";
import { findProject, type ManageParts } from "./save.ts";

export interface UsageRequest {
  /** Groups with commas between them; `day` when absent. */
  readonly by?: string | undefined;
  /** A time, a day (2026-11-21) or a month (2026-11), in UTC; 30 days with today when absent. */
  readonly from?: string | undefined;
  /** Exclusive; now when absent. */
  readonly to?: string | undefined;
  readonly environment?: string | undefined;
}

export interface UsageLine {
  readonly account?: string;
  readonly environment?: string;
  readonly key?: string;
  readonly route?: string;
  readonly outcome?: string;
  /** ISO 8601. */
  readonly hour?: string;
  /** As in 2026-11-21. */
  readonly day?: string;
  /** As in 2026-11. */
  readonly month?: string;
  readonly requests: number;
  readonly units: number;
  readonly lastAt: string;
}

export interface UsageDescription {
  /** Whole hours: what was asked for, widened. */
  readonly from: string;
  readonly to: string;
  readonly by: readonly UsageGroup[];
  readonly items: readonly UsageLine[];
  readonly totals: { readonly requests: number; readonly units: number };
}

const DEFAULT_DAYS = 30;

type TimeGroup = "hour" | "day" | "month";
const TIME_GROUPS: readonly UsageGroup[] = ["hour", "day", "month"] satisfies readonly TimeGroup[];
const GROUPS_OF_ACCOUNT = USAGE_GROUPS.filter((group) => group !== "account");

/** Throws `not_found` (project, account) and `validation_failed`. */
export async function getAccountUsage(
  parts: ManageParts,
  projectName: string,
  account: string,
  request: UsageRequest,
): Promise<UsageDescription> {
  const project = findProject(parts, projectName);
  const query = queryOf(project, request, GROUPS_OF_ACCOUNT, parts.clock.now());
  const { id } = await findAccount(parts, project.name, account);
  return read(parts, { ...query, account: id });
}

/** Of all accounts, and of verdicts without a proven key, whose account is empty. Throws `not_found` and `validation_failed`. */
export async function getProjectUsage(
  parts: ManageParts,
  projectName: string,
  request: UsageRequest,
): Promise<UsageDescription> {
  const project = findProject(parts, projectName);
  return read(parts, queryOf(project, request, USAGE_GROUPS, parts.clock.now()));
}

async function read({ store }: ManageParts, query: UsageQuery): Promise<UsageDescription> {
  const sums = await store.usage(query);
  if (sums.length >= MAX_SUMS)
    throw invalidField("by", `gives ${MAX_SUMS} sums or more: group by less or ask for a shorter time`);
  return {
    from: isoTime(query.from),
    to: isoTime(query.to),
    by: query.by,
    items: sums.map(lineOf),
    totals: {
      requests: sums.reduce((total, { requests }) => total + requests, 0),
      units: sums.reduce((total, { units }) => total + units, 0),
    },
  };
}

function lineOf({ hour, day, month, lastAt, ...rest }: UsageSum): UsageLine {
  return {
    ...rest,
    ...(hour !== undefined && { hour: isoTime(hour) }),
    ...(day !== undefined && { day: isoTime(day).slice(0, 10) }),
    ...(month !== undefined && { month: isoTime(month).slice(0, 7) }),
    lastAt: isoTime(lastAt),
  };
}

function queryOf(
  project: Project,
  request: UsageRequest,
  groups: readonly UsageGroup[],
  now: number,
): UsageQuery {
  const { environment } = request;
  return {
    project: project.name,
    by: readGroups(request.by ?? "day", groups),
    ...readTimes(request, now),
    ...(environment !== undefined && { environment: checkEnvironment(project, environment) }),
  };
}

function readGroups(text: string, groups: readonly UsageGroup[]): UsageGroup[] {
  const by = text.split(",").map((name) => {
    const group = groups.find((one) => one === name);
    if (group === undefined)
      throw invalidField("by", `must be out of ${groups.join(", ")}, with commas between them`);
    return group;
  });
  if (new Set(by).size < by.length) throw invalidField("by", "names a group twice");
  if (by.filter((group) => TIME_GROUPS.includes(group)).length > 1)
    throw invalidField("by", `must name one of ${TIME_GROUPS.join(", ")} at most`);
  return by;
}

/** Counts are of whole hours, so that a part of one is answered as the whole of it; the hour of now is one. */
function readTimes(request: UsageRequest, now: number): { from: number; to: number } {
  const to = request.to === undefined ? now + 1 : readTime("to", request.to);
  const from =
    request.from === undefined
      ? Math.max(0, to - 1 - ((to - 1) % DAY_MS) - (DEFAULT_DAYS - 1) * DAY_MS)
      : readTime("from", request.from);
  if (from >= to) throw invalidField("to", "must be later than from");
  return { from: from - (from % HOUR_MS), to: Math.ceil(to / HOUR_MS) * HOUR_MS };
}

function readTime(field: string, text: string): number {
  const whole = /^\d{4}-\d\d$/.test(text) ? `${text}-01` : text;
  const at = parseIsoTime(/^\d{4}-\d\d-\d\d$/.test(whole) ? `${whole}T00:00:00Z` : whole);
  if (at === undefined)
    throw invalidField(
      field,
      "must be a time such as 2026-11-21T12:00:00Z, a day such as 2026-11-21, or a month",
    );
  return at;
}
