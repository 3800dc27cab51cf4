// A store in a PostgreSQL database of its own, for the suites of stores.
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { startPostgres } from "../support/services.ts";
import type { OpenStore } from "./open-store.ts";

export const openPostgres: OpenStore = async () => {
  const ends: (() => unknown)[] = [];
  const { url } = await startPostgres({ after: (end) => void ends.push(end) });
  let store = await openPostgresStore(url);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openPostgresStore(url);
      return store;
    },
    async close() {
      await store.close();
      for (const end of ends) await end();
    },
  };
};
