// What one key did in the last 30 days, by day, allowed and refused. Loaded when a key's page is shown.

import { useUsage } from "../api/usage.ts";
import { BarChart } from "../charts/bar-chart.tsx";
import { daySeries } from "../charts/series.ts";
import { useNow } from "../pieces/moment.tsx";
import { Card } from "../pieces/page.tsx";
import { DAY_MS } from "../pieces/time.ts";

const DAYS = 30;

interface KeyUsageProps {
  readonly id: string;
  readonly account: string;
}

export function KeyUsage({ id, account }: KeyUsageProps) {
  const nowMs = useNow(60_000);
  const from = new Date(nowMs - (DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  const usage = useUsage({ by: "day,key,outcome", from, account });
  const lines = usage.data?.items.filter(({ key }) => key === id) ?? [];
  const nameOf = ({ outcome }: { readonly outcome?: string }) => (outcome === "ok" ? "Allowed" : "Refused");
  const series = daySeries(lines, from, nowMs, nameOf);
  return (
    <Card title="Requests" note="The last 30 days, in UTC">
      <BarChart
        series={series}
        title="Requests of this key by day"
        tone={(name) => (name === "Allowed" ? "tone-ok" : "tone-refused")}
      />
    </Card>
  );
}
