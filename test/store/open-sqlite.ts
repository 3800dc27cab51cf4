// An embedded store in a folder of its own, for the suites of stores.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import type { OpenStore } from "./open-store.ts";

export const openSqlite: OpenStore = async () => {
  const folder = await mkdtemp(join(tmpdir(), "claviger-store-"));
  const file = join(folder, "claviger.db");
  let store = await openSqliteStore(file);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openSqliteStore(file);
      return store;
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
