// The behavioural suite of the ledger: every driver runs all of it. Nothing here may know a driver.
import { describe } from "node:test";
import { booksAreKept } from "./ledger-suite-books.ts";
import { creditsAreCounted } from "./ledger-suite-credits.ts";
import { holdsEndOnce } from "./ledger-suite-holds.ts";
import { anySequenceAddsUp } from "./ledger-suite-random.ts";
import { spendsAreExact } from "./ledger-suite-spends.ts";
import type { OpenStore } from "./open-store.ts";

/** `open` gives an empty store each time. */
export function ledgerSuite(name: string, open: OpenStore): void {
  describe(`${name}: spends are exact`, () => spendsAreExact(open));
  describe(`${name}: credits are counted to the unit`, () => creditsAreCounted(open));
  describe(`${name}: what was paid comes back where it came from, and holds end once`, () =>
    holdsEndOnce(open));
  describe(`${name}: the books are kept`, () => booksAreKept(open));
  describe(`${name}: any sequence adds up`, () => anySequenceAddsUp(open));
}
