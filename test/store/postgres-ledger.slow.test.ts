// Promise: the store in PostgreSQL keeps every word of the ledger's contract.
import { ledgerSuite } from "./ledger-suite.ts";
import { openPostgres } from "./open-postgres.ts";

ledgerSuite("postgres", openPostgres);
