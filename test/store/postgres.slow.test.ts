// Promise: the store in PostgreSQL keeps every word of the store's contract.
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { startPostgres } from "../support/services.ts";
import { storeSuite } from "./suite.ts";

storeSuite("postgres", async () => {
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
});
