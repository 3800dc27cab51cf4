// What the account used, with what is left of its allowance above it. Loaded when it is asked for.
import { UsageView } from "../../shared/usage/usage-view.tsx";
import { Standing } from "./standing.tsx";

export function UsagePage() {
  return (
    <UsageView above={(environment) => <Standing {...(environment !== undefined && { environment })} />} />
  );
}
