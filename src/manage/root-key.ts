// Root keys: the first one at first start, and a new one for whoever owns the store and lost theirs.
import { newId } from "../base/ids.ts";
import { BUILTIN_NAME, BUILTIN_PROJECT } from "../project/builtin.ts";
import type { Write } from "../store/contract.ts";
import type { AccountRecord, KeyRecord } from "../store/records.ts";
import { mintRecord } from "./create-key.ts";
import { grantScopes } from "./input.ts";
import { LOCAL_CALLER, type ManageParts, save } from "./save.ts";

const OPERATOR = "operator";

/** Takes the key before it becomes valid, so that a crash in between leaves an unknown key and never a lost one. */
export type DeliverRootKey = (text: string) => void | Promise<void>;

/**
 * Makes the first root key of a store that has never had one; answers whether it did. Of several nodes that start at once the first one
 * does, and what the others delivered is no key.
 */
export async function ensureRootKey(parts: ManageParts, deliver: DeliverRootKey): Promise<boolean> {
  const hasOne = async () =>
    (await parts.store.keys(BUILTIN_NAME, { includeDeleted: true }, { limit: 1 })).length > 0;
  if (await hasOne()) return false;
  try {
    await issueRootKey(parts, deliver, "root-key.create", []);
    return true;
  } catch (error) {
    if (await hasOne()) return false;
    throw error;
  }
}

/** Revokes every root key with full access and makes a new one, in one commit. */
export async function resetRootKey(parts: ManageParts, deliver: DeliverRootKey): Promise<void> {
  const now = parts.clock.now();
  const known = await parts.store.keys(BUILTIN_NAME, { includeDeleted: true }, { limit: 1_000 });
  const ended = known
    .filter((key) => key.revokedAt === null && key.scopes.includes("*"))
    .map((key): Write => {
      const record = { ...key, revokedAt: now, updatedAt: now, version: key.version + 1 };
      return { kind: "update-key", record, replaces: key.version };
    });
  await issueRootKey(parts, deliver, "root-key.reset", ended);
}

async function issueRootKey(
  parts: ManageParts,
  deliver: DeliverRootKey,
  action: string,
  also: readonly Write[],
): Promise<void> {
  await save(parts, LOCAL_CALLER, async (now) => {
    const existing = await parts.store.accountByExternalId(BUILTIN_NAME, OPERATOR);
    const account = existing ?? operatorAccount(now);
    const { minted, record } = mintRecord(parts, BUILTIN_PROJECT, BUILTIN_PROJECT.environments[0]!, now);
    const key: KeyRecord = {
      ...record,
      ...grantScopes(BUILTIN_PROJECT, ["*"], undefined),
      account: account.id,
      name: "root",
    };
    await deliver(minted.text);
    return {
      writes: [
        ...also,
        ...(existing ? [] : [{ kind: "insert-account", record: account } as const]),
        { kind: "insert-key", record: key },
      ],
      project: BUILTIN_NAME,
      action,
      subject: key.id,
      result: undefined,
    };
  });
}

function operatorAccount(now: number): AccountRecord {
  return {
    id: newId("acc"),
    project: BUILTIN_NAME,
    name: "Operator",
    externalId: OPERATOR,
    plan: null,
    metadata: {},
    suspendedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}
