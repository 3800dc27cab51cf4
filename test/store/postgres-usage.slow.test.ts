// Promise: the store in PostgreSQL counts usage as every store must.
import { openPostgres } from "./open-postgres.ts";
import { usageSuite } from "./usage-suite.ts";

usageSuite("postgres", openPostgres);
