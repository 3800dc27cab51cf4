// What was used: by day, by key, by route and by outcome; in the operator console also by account. Loaded when it is asked for.
import { NativeSelect, SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { useKeyNames } from "../api/key-names.ts";
import { useScene } from "../api/scene.tsx";
import type { UsageLine } from "../api/shapes.ts";
import { useUsage } from "../api/usage.ts";
import { BarChart } from "../charts/bar-chart.tsx";
import { RankTable, rankLines } from "../charts/rank-table.tsx";
import { daySeries, REST } from "../charts/series.ts";
import { outcomeAdvice, outcomeWord } from "../keys/outcomes.ts";
import { useNow } from "../pieces/moment.tsx";
import { ProblemNotice } from "../pieces/notice.tsx";
import { Card, Empty, PageHead } from "../pieces/page.tsx";
import { DAY_MS } from "../pieces/time.ts";
import { usePlace } from "../router/location.ts";

const SPANS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
];

const GROUPS = [
  { value: "outcome", label: "By outcome" },
  { value: "key", label: "By key" },
  { value: "route", label: "By route" },
];

interface UsageViewProps {
  /** What stands above the counts, told of the chosen environment. */
  readonly above?: (environment: string | undefined) => ReactNode;
  /** Further tables, of the same lines. */
  readonly below?: (from: string, environment: string | undefined) => ReactNode;
}

export function UsageView({ above, below }: UsageViewProps) {
  const { portal } = useScene();
  const { query, setQuery } = usePlace();
  const environment = query.get("environment") ?? "";
  const days = Number(SPANS.find(({ value }) => value === query.get("days"))?.value ?? "30");
  return (
    <div className="column">
      <PageHead
        title={portal.labels.usage}
        actions={
          <>
            {portal.environments.length > 1 && (
              <NativeSelect
                aria-label="Environment"
                data={[{ value: "", label: "All environments" }, ...portal.environments]}
                value={environment}
                onChange={({ currentTarget }) => setQuery({ environment: currentTarget.value })}
              />
            )}
            <SegmentedControl
              aria-label="Time span"
              data={SPANS}
              value={String(days)}
              onChange={(span) => setQuery({ days: span })}
            />
          </>
        }
      >
        Counted as requests are answered, a second behind at most. Days are in UTC.
      </PageHead>
      {above?.(environment || undefined)}
      <Counted days={days} environment={environment || undefined} below={below} />
    </div>
  );
}

interface CountedProps {
  readonly days: number;
  readonly environment: string | undefined;
  readonly below: UsageViewProps["below"];
}

function Counted({ days, environment, below }: CountedProps) {
  const { query, setQuery } = usePlace();
  const nowMs = useNow(60_000);
  const keyName = useKeyNames();
  const from = new Date(nowMs - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  const groups = useGroups();
  const group = groups.find(({ value }) => value === query.get("by"))?.value ?? "outcome";
  const usage = useUsage({ by: `day,${group}`, from, environment });
  const outcomes = useUsage({ by: "outcome", from, environment }).data?.items ?? [];
  // Lines of the group before have no names of this one.
  const lines = usage.isPlaceholderData ? [] : (usage.data?.items ?? []);
  const nameOf = (line: UsageLine): string => partOf(line, group);
  const label = (name: string): string => wordFor(name, group, keyName);
  if (usage.isSuccess && !usage.isPlaceholderData && lines.length === 0) return <NothingYet />;
  return (
    <>
      <ProblemNotice error={usage.error} />
      <Figures lines={outcomes} />
      <Card
        title="Requests by day"
        actions={
          <SegmentedControl
            size="xs"
            aria-label="Group by"
            data={groups}
            value={group}
            onChange={(by) => setQuery({ by })}
          />
        }
      >
        <BarChart
          series={daySeries(lines, from, nowMs, nameOf)}
          title="Requests by day"
          label={label}
          {...(group === "outcome" && { tone: outcomeTone })}
        />
      </Card>
      {below?.(from, environment)}
      <Breakdown from={from} environment={environment} outcomes={outcomes} keyName={keyName} />
    </>
  );
}

/** Keys are told apart within an account only: a project may have a million of them. */
function useGroups(): typeof GROUPS {
  const { account } = useScene();
  return account === undefined ? GROUPS.filter(({ value }) => value !== "key") : GROUPS;
}

interface BreakdownProps {
  readonly from: string;
  readonly environment: string | undefined;
  readonly outcomes: readonly UsageLine[];
  readonly keyName: (id: string) => string;
}

function Breakdown({ from, environment, outcomes, keyName }: BreakdownProps) {
  const { account } = useScene();
  const routes = useUsage({ by: "route", from, environment }).data?.items ?? [];
  const refused = outcomes.filter(({ outcome }) => outcome !== "ok");
  return (
    <>
      <div className="grid-2">
        {account !== undefined && <KeyRanks from={from} environment={environment} keyName={keyName} />}
        <Card title="Routes" isBare>
          <RankTable
            of="Route"
            rows={rankLines(routes, ({ route = "" }) => route)}
            label={(route) => route || "No route"}
            isCode
          />
        </Card>
      </div>
      {refused.length > 0 && (
        <Card title="Refusals" note="Why requests were refused, and what to do" isBare>
          <RankTable
            of="Reason"
            rows={rankLines(refused, ({ outcome = "" }) => outcome)}
            label={outcomeWord}
            note={outcomeAdvice}
          />
        </Card>
      )}
    </>
  );
}

function KeyRanks({ from, environment, keyName }: Omit<BreakdownProps, "outcomes">) {
  const keys = useUsage({ by: "key", from, environment }).data?.items ?? [];
  return (
    <Card title="Keys" isBare>
      <RankTable of="Key" rows={rankLines(keys, ({ key = "" }) => key)} label={keyName} />
    </Card>
  );
}

function Figures({ lines }: { readonly lines: readonly UsageLine[] }) {
  const sum = (some: readonly UsageLine[]): number =>
    some.reduce((total, { requests }) => total + requests, 0);
  const refused = lines.filter(({ outcome }) => outcome !== "ok");
  const units = lines.reduce((total, line) => total + line.units, 0);
  const part = sum(lines) === 0 ? 0 : (100 * sum(refused)) / sum(lines);
  return (
    <div className="figures">
      <Figure label="Requests" value={sum(lines)} note="in this time" />
      <Figure label="Refused" value={sum(refused)} note={`${part.toFixed(1)} % of them`} />
      <Figure label="Units used" value={units} note="after what was given back" />
    </div>
  );
}

function Figure(props: { readonly label: string; readonly value: number; readonly note: string }) {
  return (
    <section className="card figure" aria-label={props.label}>
      <div className="figure-label">{props.label}</div>
      <div className="figure-value">{props.value.toLocaleString("en")}</div>
      <div className="figure-note">{props.note}</div>
    </section>
  );
}

function NothingYet() {
  return (
    <section className="card">
      <Empty icon="chart" title="Nothing was counted in this time">
        Send a request with a key, and it shows here within seconds. The page of each key has an example to
        copy.
      </Empty>
    </section>
  );
}

const partOf = ({ outcome = "", key = "", route = "" }: UsageLine, group: string): string =>
  group === "key" ? key : group === "route" ? route : outcome;

function wordFor(name: string, group: string, keyName: (id: string) => string): string {
  if (name === REST) return "Others";
  if (group === "key") return keyName(name);
  return group === "route" ? name || "No route" : outcomeWord(name);
}

const outcomeTone = (name: string, index: number): string =>
  name === "ok" ? "tone-ok" : name === REST ? "tone-rest" : `tone-${Math.max(1, index)}`;
