// Keys over the API: what is read goes through the query cache, what is made does not, because it holds a secret.
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { projectPath, type Scene, useScene } from "./scene.tsx";
import type { CreatedKey, Key, KeyUses, Page } from "./shapes.ts";

const PAGE_SIZE = 50;
/** Uses are counted at most a second late; this is what makes them seen within five. */
const REFRESH_MS = 4_000;
const MAX_REFRESHED_PAGES = 4;

export interface NewKey {
  readonly account: string;
  readonly name: string;
  readonly environment: string;
  readonly scopes?: readonly string[];
  readonly tier?: string;
  readonly allowedIps?: readonly string[];
  readonly expiresAt: string | null;
}

export type KeyChange = Partial<
  Pick<NewKey, "name" | "scopes" | "tier" | "allowedIps"> & { expiresAt: string | null }
>;

const keysOf = (scene: Scene) => ["keys", scene.portal.project, scene.account ?? ""] as const;

/** Newest first, page by page. With words it is a search on the server: sent in a body, for it may be a whole key. */
export function useKeys(search: string) {
  const scene = useScene();
  const { client, account } = scene;
  return useInfiniteQuery({
    // A search is not kept: its text could be a key that somebody pasted.
    queryKey: [...keysOf(scene), search === "" ? "list" : "search", search === "" ? 0 : searchSerial(search)],
    gcTime: search === "" ? 300_000 : 0,
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }): Promise<Page<Key>> =>
      search === ""
        ? client.request("GET", projectPath(scene, "keys"), {
            query: { account, limit: PAGE_SIZE, cursor: pageParam },
            signal,
          })
        : client.request("POST", projectPath(scene, "keys/search"), {
            body: { ...(account !== undefined && { account }), text: search, limit: PAGE_SIZE },
            signal,
          }),
    getNextPageParam: (page: Page<Key>) => page.nextCursor,
    // All pages are read again together: who has opened many sees changes by opening them again.
    refetchInterval: ({ state: { data } }) =>
      (data?.pages.length ?? 0) > MAX_REFRESHED_PAGES ? false : REFRESH_MS,
  });
}

let searches: { text: string; serial: number } = { text: "", serial: 0 };

/** Names a search in the query cache without its text. */
function searchSerial(text: string): number {
  if (searches.text !== text) searches = { text, serial: searches.serial + 1 };
  return searches.serial;
}

export function useKey(id: string) {
  const scene = useScene();
  return useQuery({
    queryKey: [...keysOf(scene), "one", id],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => scene.client.request<Key>("GET", keyPath(scene, id), { signal }),
  });
}

export function useKeyUses(id: string, isWanted = true) {
  const scene = useScene();
  return useQuery({
    queryKey: [...keysOf(scene), "uses", id],
    enabled: isWanted,
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => scene.client.request<KeyUses>("GET", keyPath(scene, id, "/uses"), { signal }),
  });
}

const keyPath = (scene: Scene, id: string, rest = "") =>
  projectPath(scene, `keys/${encodeURIComponent(id)}${rest}`);

export interface KeyChanges {
  readonly create: (key: NewKey, idempotencyKey: string) => Promise<CreatedKey>;
  readonly update: (id: string, change: KeyChange) => Promise<Key>;
  readonly rotate: (id: string, graceSeconds: number, idempotencyKey: string) => Promise<CreatedKey>;
  /** Of the old key: the new one dies, the old one goes on. */
  readonly cancelRotation: (id: string) => Promise<Key>;
  readonly end: (id: string, verb: "revoke" | "disable" | "enable") => Promise<Key>;
  readonly remove: (id: string) => Promise<void>;
}

/** Each resolves once every list has been told to read again. */
export function useKeyChanges(): KeyChanges {
  const scene = useScene();
  const queries = useQueryClient();
  const { client } = scene;
  const [kind, project, account] = keysOf(scene);
  const thenRead = useCallback(
    async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
      const done = await answer;
      void queries.invalidateQueries({ queryKey: [kind, project, account] });
      return done;
    },
    [queries, kind, project, account],
  );
  const post = <Answer>(id: string, verb: string, body: unknown = {}, idempotencyKey?: string) =>
    thenRead(
      client.request<Answer>("POST", keyPath(scene, id, `/${verb}`), {
        body,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      }),
    );
  return {
    create: (body, idempotencyKey) =>
      thenRead(client.request("POST", projectPath(scene, "keys"), { body, idempotencyKey })),
    update: (id, body) => thenRead(client.request("PATCH", keyPath(scene, id), { body })),
    rotate: (id, graceSeconds, idempotencyKey) => post(id, "rotate", { graceSeconds }, idempotencyKey),
    cancelRotation: (id) => post(id, "cancel-rotation"),
    end: (id, verb) => post(id, verb),
    remove: (id) => thenRead(client.request("DELETE", keyPath(scene, id))),
  };
}
