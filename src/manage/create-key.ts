// Creates a key: the one moment at which its text exists outside the customer's hands.

import { ClavigerError, invalidField } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { digestKey } from "../key/digest.ts";
import { keyLastFour, keyStart } from "../key/format.ts";
import { type MintedKey, mintKey } from "../key/mint.ts";
import type { Project } from "../project/compile.ts";
import type { KeyRecord, Metadata } from "../store/records.ts";
import { findAccount } from "./accounts.ts";
import { describeKey, type KeyDescription } from "./describe.ts";
import {
  checkAllowedIps,
  checkEnvironment,
  checkExpiry,
  checkMetadata,
  checkName,
  checkTime,
  grantScopes,
} from "./input.ts";
import { boundedExpiry, takeRoom } from "./key-bounds.ts";
import { refuseEscalation } from "./root-scopes.ts";
import { type Caller, findProject, type ManageParts, save } from "./save.ts";

export interface NewKey {
  readonly account: string;
  readonly name: string;
  readonly environment?: string;
  readonly scopes?: readonly string[];
  readonly tier?: string;
  readonly allowedIps?: readonly string[];
  /** Must be true for a list that holds 0.0.0.0/0 or ::/0 (hostile D08). */
  readonly confirmAnyAddress?: boolean;
  readonly notBefore?: string | null;
  readonly expiresAt?: string | null;
  readonly metadata?: Metadata;
}

/** `key` is the full key: shown here and nowhere else, stored nowhere. */
export interface CreatedKey extends KeyDescription {
  readonly key: string;
}

/** Throws `validation_failed`, `not_found` (project), `forbidden` (a root key with more than the caller holds). */
export async function createKey(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  input: NewKey,
): Promise<CreatedKey> {
  const project = findProject(parts, projectName);
  let key = "";
  const described = await save(parts, caller, async (now) => {
    const account = await findAccount(parts, project.name, input.account).catch(accountOfBody);
    const grant = grantScopes(project, input.scopes, input.tier);
    refuseEscalation(project, caller, grant.frozenScopes);
    const { minted, record } = mintRecord(parts, project, checkEnvironment(project, input.environment), now);
    key = minted.text;
    const wanted = input.expiresAt === undefined ? undefined : checkExpiry("expiresAt", input.expiresAt, now);
    const complete: KeyRecord = {
      ...record,
      ...grant,
      account: account.id,
      name: checkName("name", input.name),
      allowedIps: checkAllowedIps("allowedIps", input.allowedIps, input.confirmAnyAddress === true),
      metadata: checkMetadata("metadata", input.metadata),
      notBefore: checkTime("notBefore", input.notBefore),
      expiresAt: boundedExpiry(project, wanted, now, isMember(caller)),
    };
    return {
      writes: [...(await takeRoom(parts, project, account, now)), { kind: "insert-key", record: complete }],
      project: project.name,
      action: "key.create",
      subject: complete.id,
      detail: { account: account.id, name: complete.name, scopes: complete.scopes },
      result: describeKey(complete, now),
    };
  });
  return { ...described, key };
}

/** Customers are held to the project's bounds; the operator sets them. */
export function isMember({ actor }: Caller): boolean {
  return actor.startsWith("member:") || actor.startsWith("portal:");
}

/** In a body, an account that does not exist is a mistake in a field rather than a missing page. */
function accountOfBody(error: unknown): never {
  if (error instanceof ClavigerError && error.code === "not_found")
    throw invalidField("account", "is not an account of the project");
  throw error;
}

/**
 * A fresh key and the record that remembers it, with what no request decides. The id is the one inside the key where its
 * format has one, so that both name the same thing; an id that is taken makes the commit fail and a new key is minted.
 */
export function mintRecord(
  { pepper }: ManageParts,
  project: Project,
  environment: string,
  now: number,
): { minted: MintedKey; record: KeyRecord } {
  const minted = mintKey(project.formats[0], { environment });
  const id = minted.id === undefined ? newId("key") : `key_${minted.id}`;
  const record: KeyRecord = {
    id,
    project: project.name,
    account: "",
    name: "",
    environment,
    scopes: [],
    frozenScopes: [],
    tier: null,
    allowedIps: [],
    metadata: {},
    start: keyStart(minted.parsed),
    lastFour: keyLastFour(minted.parsed),
    digest: digestKey(pepper, minted.text),
    pepperVersion: pepper.version,
    notBefore: null,
    expiresAt: null,
    disabledAt: null,
    revokedAt: null,
    deletedAt: null,
    family: id,
    predecessor: null,
    successor: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return { minted, record };
}
