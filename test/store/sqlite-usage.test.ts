// Promise: the embedded store counts usage as every store must.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { usageSuite } from "./usage-suite.ts";

usageSuite("sqlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "claviger-usage-"));
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
});
