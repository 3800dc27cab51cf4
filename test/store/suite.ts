// The behavioural suite of the record store: every driver runs all of it. Nothing here may know a driver.
import { describe } from "node:test";
import type { OpenStore } from "./open-store.ts";
import { batchesAreWhole } from "./suite-batches.ts";
import { changesAreNumbered } from "./suite-changes.ts";
import { collisionsAreNamed } from "./suite-conflicts.ts";
import { recordsLast } from "./suite-lasting.ts";
import { pagesNeitherSkipNorRepeat } from "./suite-pages.ts";
import { recordsComeBackAsWritten } from "./suite-records.ts";
import { repeatedRequestsAreKnown } from "./suite-replays.ts";
import { findsWhatPeopleLookFor } from "./suite-search.ts";

/** `open` gives an empty store each time. */
export function storeSuite(name: string, open: OpenStore): void {
  describe(`${name}: records come back as written`, () => recordsComeBackAsWritten(open));
  describe(`${name}: a batch happens whole or not at all`, () => batchesAreWhole(open));
  describe(`${name}: collisions are named`, () => collisionsAreNamed(open));
  describe(`${name}: repeated requests are known`, () => repeatedRequestsAreKnown(open));
  describe(`${name}: changes are numbered and told`, () => changesAreNumbered(open));
  describe(`${name}: pages neither skip nor repeat`, () => pagesNeitherSkipNorRepeat(open));
  describe(`${name}: what people look for is found`, () => findsWhatPeopleLookFor(open));
  describe(`${name}: what is stored lasts`, () => recordsLast(open));
}
