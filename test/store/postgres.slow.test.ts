// Promise: the store in PostgreSQL keeps every word of the store's contract.
import { openPostgres } from "./open-postgres.ts";
import { storeSuite } from "./suite.ts";

storeSuite("postgres", openPostgres);
