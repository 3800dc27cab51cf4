// Promise: the embedded store keeps every word of the ledger's contract.
import { ledgerSuite } from "./ledger-suite.ts";
import { openSqlite } from "./open-sqlite.ts";

ledgerSuite("sqlite", openSqlite);
