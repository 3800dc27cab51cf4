// How much of the allowance and of the credits is left; nothing where the project has neither.
import { useQuery } from "@tanstack/react-query";
import { projectPath, useScene } from "../../shared/api/scene.tsx";
import type { Account, Allowance } from "../../shared/api/shapes.ts";
import { Meter } from "../../shared/pieces/meter.tsx";
import { Notice } from "../../shared/pieces/notice.tsx";
import { dayOf } from "../../shared/pieces/time.ts";

const REFRESH_MS = 5_000;

export function useAccount(environment?: string) {
  const scene = useScene();
  const { client, account = "" } = scene;
  return useQuery({
    queryKey: ["account", scene.portal.project, account, environment ?? ""],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) =>
      client.request<Account>("GET", projectPath(scene, `accounts/${account}`), {
        query: { environment },
        signal,
      }),
  });
}

export function Standing({ environment }: { readonly environment?: string }) {
  const { portal } = useScene();
  const { data } = useAccount(environment);
  if (data === undefined) return null;
  const { allowance, credits, suspended } = data;
  return (
    <>
      {suspended && (
        <Notice kind="bad">
          This account is suspended: all its keys are refused. Ask the people of {portal.title}.
        </Notice>
      )}
      {allowance !== undefined && <AllowanceCard allowance={allowance} plan={data.plan} />}
      {allowance === undefined && credits > 0 && <CreditsCard credits={credits} />}
    </>
  );
}

function AllowanceCard({ allowance, plan }: { readonly allowance: Allowance; readonly plan: string | null }) {
  const { limit, used, remaining, resetsAt } = allowance;
  return (
    <section className="card figure" aria-label="Allowance">
      <div className="row row-between">
        <span className="figure-label">Used this month{plan !== null && ` · ${plan} plan`}</span>
        <span className="figure-note">Starts anew on {dayOf(resetsAt)} (UTC)</span>
      </div>
      <div className="row row-between">
        <span className="figure-value">{used.toLocaleString("en")}</span>
        <span className="figure-note number">
          {limit === null
            ? "without a limit"
            : `${(remaining ?? 0).toLocaleString("en")} of ${limit.toLocaleString("en")} left`}
        </span>
      </div>
      {limit !== null && <Meter label="Used of the allowance" value={used} of={limit} />}
    </section>
  );
}

function CreditsCard({ credits }: { readonly credits: number }) {
  return (
    <section className="card figure" aria-label="Credits">
      <div className="figure-label">Credits left</div>
      <div className="figure-value">{credits.toLocaleString("en")}</div>
    </section>
  );
}
