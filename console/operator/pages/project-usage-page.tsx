// Usage of a project, and who uses most.
import { useUsage } from "../../shared/api/usage.ts";
import { RankTable, rankLines } from "../../shared/charts/rank-table.tsx";
import { Card } from "../../shared/pieces/page.tsx";
import { UsageView } from "../../shared/usage/usage-view.tsx";
import { useAccountNames } from "../accounts.ts";

export function ProjectUsagePage() {
  return <UsageView below={(from, environment) => <TopTalkers from={from} environment={environment} />} />;
}

interface TopTalkersProps {
  readonly from: string;
  readonly environment: string | undefined;
}

function TopTalkers({ from, environment }: TopTalkersProps) {
  const usage = useUsage({ by: "account", from, environment });
  const accountName = useAccountNames();
  const rows = rankLines(usage.data?.items ?? [], ({ account = "" }) => account);
  return (
    <Card title="Top talkers" note="Accounts by requests" isBare>
      <RankTable
        of="Account"
        rows={rows}
        label={(id) => (id === "" ? "No proven key" : accountName(id))}
        limit={10}
      />
    </Card>
  );
}
