// Recent requests as they are told: which verdict, on which key, and why in words.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { QueryValue } from "./client.ts";
import { projectPath, useScene } from "./scene.tsx";
import type { Page } from "./shapes.ts";

export interface RecentRequest {
  readonly id: string;
  readonly at: string;
  readonly account: string | null;
  readonly key: string | null;
  readonly keyName: string | null;
  readonly environment: string | null;
  readonly method: string | null;
  readonly path: string | null;
  readonly route: string | null;
  /** The code of the verdict. */
  readonly outcome: string;
  readonly allowed: boolean;
  /** The verdict in words, and what to do. */
  readonly reason: string;
  readonly address: string | null;
  readonly cost: number | null;
}

const REFRESH_MS = 3_000;

export function useRequests(filter: Readonly<Record<string, QueryValue>>, isPaused = false) {
  const scene = useScene();
  const { client, account } = scene;
  const path = account === undefined ? "requests" : `accounts/${encodeURIComponent(account)}/requests`;
  return useQuery({
    queryKey: ["requests", scene.portal.project, account ?? "", filter],
    refetchInterval: isPaused ? false : REFRESH_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      client.request<Page<RecentRequest>>("GET", projectPath(scene, path), { query: filter, signal }),
  });
}
