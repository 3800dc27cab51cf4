// Reads the journal of an account: every movement of its allowances and credits. It has no way to write one.
import { isoTime } from "../base/clock.ts";
import type { MovementRecord } from "../store/ledger.ts";
import { findAccount } from "./accounts.ts";
import { isoOrNull } from "./describe.ts";
import { openPage, type Page, type PageRequest, pageOf } from "./page.ts";
import { findProject, type ManageParts } from "./save.ts";

export type MovementDescription = ReturnType<typeof describeMovement>;

/** Newest first. Throws `not_found` (project, account). */
export async function listMovements(
  parts: ManageParts,
  projectName: string,
  accountId: string,
  request: PageRequest,
): Promise<Page<MovementDescription>> {
  const project = findProject(parts, projectName);
  const page = openPage(parts, ["ledger", project.name, accountId], request);
  const account = await findAccount(parts, project.name, accountId);
  const movements = await parts.store.movements(project.name, account.id, page.query);
  // A movement's place in the journal is its time, which a page calls createdAt.
  const placed = movements.map((movement) => ({ ...movement, createdAt: movement.at }));
  return pageOf(placed, page, describeMovement);
}

/** What the store writes as an empty text, for nothing of the kind, is `null` outside. */
function describeMovement(movement: MovementRecord) {
  const { id, at, account, environment, pot, kind, units, requests, key, route } = movement;
  return {
    id,
    at: isoTime(at),
    account,
    environment: environment || null,
    pot,
    kind,
    units,
    requests,
    key: key || null,
    route: route || null,
    period: isoOrNull(movement.period),
    expiresAt: isoOrNull(movement.expiresAt),
    reason: movement.reason,
    compacted: movement.compacted,
  };
}
