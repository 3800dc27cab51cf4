// Accounts over the API, for the pages of the console.
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { projectPath, useScene } from "../shared/api/scene.tsx";
import type { Account, Page } from "../shared/api/shapes.ts";

const PAGE_SIZE = 50;

/** Newest first; with words those whose id, external id or beginning of the name fits. */
export function useAccounts(search: string) {
  const scene = useScene();
  return useInfiniteQuery({
    queryKey: ["accounts", scene.portal.project, search],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }): Promise<Page<Account>> =>
      scene.client.request("GET", projectPath(scene, "accounts"), {
        query: { limit: PAGE_SIZE, cursor: pageParam, search },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** Names of the accounts on the first page; the id for others. */
export function useAccountNames(): (id: string) => string {
  const list = useAccounts("");
  const names = new Map(list.data?.pages.flatMap(({ items }) => items.map(({ id, name }) => [id, name])));
  return (id) => names.get(id) ?? id;
}

const REFRESH_MS = 5_000;

export function useOneAccount(id: string) {
  const scene = useScene();
  return useQuery({
    queryKey: ["account", scene.portal.project, id, ""],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) =>
      scene.client.request<Account>("GET", projectPath(scene, `accounts/${id}`), { signal }),
  });
}

export interface AccountChanges {
  readonly create: (body: object) => Promise<Account>;
  readonly change: (id: string, body: object) => Promise<Account>;
  readonly addCredits: (id: string, body: object) => Promise<unknown>;
  readonly erase: (id: string, name: string) => Promise<unknown>;
}

export function useAccountChanges(): AccountChanges {
  const scene = useScene();
  const queries = useQueryClient();
  const send = async <Answer>(method: string, rest: string, body: object | undefined): Promise<Answer> => {
    const answer = await scene.client.request<Answer>(method, projectPath(scene, `accounts${rest}`), {
      body,
      ...(method === "POST" && { idempotencyKey: crypto.randomUUID() }),
    });
    void queries.invalidateQueries({ queryKey: ["accounts"] });
    void queries.invalidateQueries({ queryKey: ["account"] });
    return answer;
  };
  return {
    create: (body) => send("POST", "", body),
    change: (id, body) => send("PATCH", `/${id}`, body),
    addCredits: (id, body) => send("POST", `/${id}/credits`, body),
    erase: (id, name) => send("DELETE", `/${id}?${new URLSearchParams({ confirm: name })}`, undefined),
  };
}
