// Opens the embedded store in the thread of stores and speaks for it: the contract on this side, messages in between.
import type { Batch, ChangeListener, Store } from "../contract.ts";
import { tellAll } from "../listeners.ts";
import type { Change } from "../records.ts";
import type { StoreMethod } from "./wire.ts";
import { threadOfStores } from "./wire-end.ts";

let lastStore = 0;

/**
 * `file` is made with mode 0600, and SQLite gives the files beside it the same. The exclusive lock lives as long as the store
 * is open: a second process is refused in words instead of losing writes. Throws StoreUnavailable.
 */
export async function openSqliteStore(file: string): Promise<Store> {
  const thread = threadOfStores();
  lastStore += 1;
  const store = lastStore;
  const ask = (method: StoreMethod, ...input: readonly unknown[]) => thread({ store, method, input });
  const askAsText = async (method: StoreMethod, ...input: readonly unknown[]) =>
    JSON.parse(await thread({ store, method, text: JSON.stringify(input) }));
  await thread({ store, method: "open", input: [file] });
  const listeners: ChangeListener[] = [];
  let closed: Promise<void> | undefined;
  return {
    projects: () => ask("projects"),
    project: (name) => ask("project", name),
    account: (project, id) => ask("account", project, id),
    accountByExternalId: (project, externalId) => ask("accountByExternalId", project, externalId),
    accounts: (project, page) => ask("accounts", project, page),
    key: (project, id) => ask("key", project, id),
    keyByDigest: (digest) => ask("keyByDigest", digest),
    keys: (project, filter, page) => ask("keys", project, filter, page),
    countLiveKeys: (project, filter) => ask("countLiveKeys", project, filter),
    audit: (project, page, filter) => ask("audit", project, page, filter),
    findKeys: (project, search) => ask("findKeys", project, search),
    findAccounts: (project, text, limit) => ask("findAccounts", project, text, limit),
    lastUses: (project, keys) => ask("lastUses", project, keys),
    replay: (id, now) => ask("replay", id, now),
    changesSince: (seq, limit) => ask("changesSince", seq, limit),
    newestChange: () => ask("newestChange"),
    onChanges: (listener) => void listeners.push(listener),
    async commit(batch: Batch) {
      const changes: readonly Change[] = await ask("commit", batch);
      await tellAll(listeners, changes);
      return changes;
    },
    addUsage: (counts) => ask("addUsage", counts),
    usage: (query) => ask("usage", query),
    consumption: (query) => ask("consumption", query),
    post: (entries) => askAsText("post", entries),
    balances: (queries, now) => askAsText("balances", queries, now),
    hold: (id) => ask("hold", id),
    movements: (project, account, page) => ask("movements", project, account, page),
    allowanceUses: (project, range) => ask("allowanceUses", project, range),
    keepBooks: (now, compactBefore) => ask("keepBooks", now, compactBefore),
    setting: (name) => ask("setting", name),
    settle: (name, value) => ask("settle", name, value),
    close: () => {
      closed ??= ask("close");
      return closed;
    },
  };
}
