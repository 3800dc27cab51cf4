// Usage over the API, for charts and tables.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { projectPath, useScene } from "./scene.tsx";
import type { Usage } from "./shapes.ts";

const REFRESH_MS = 4_000;

export interface UsageQuestion {
  /** Groups with commas between them, such as `day,outcome`. */
  readonly by: string;
  readonly from: string;
  readonly environment?: string | undefined;
  /** Of this account; the scene's when absent. */
  readonly account?: string;
}

/** Of the scene's account, or of the whole project where it has none. */
export function useUsage({ by, from, environment, account: asked }: UsageQuestion) {
  const scene = useScene();
  const { client } = scene;
  const account = asked ?? scene.account;
  const path = account === undefined ? "usage" : `accounts/${encodeURIComponent(account)}/usage`;
  return useQuery({
    queryKey: ["usage", scene.portal.project, account ?? "", by, from, environment ?? ""],
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      client.request<Usage>("GET", projectPath(scene, path), { query: { by, from, environment }, signal }),
  });
}
