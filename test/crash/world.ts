// What the client of a crash run knows: the changes that were acknowledged, and those it never heard back from. It speaks to
// nobody.
import { pick } from "./random.ts";

/** `grace`: rotated, and still good for longer than any run. */
export type Fate = "live" | "grace" | "revoked" | "deleted";

export interface KnownKey {
  readonly id: string;
  /** `undefined` for a key whose answer was lost: it was shown to nobody. */
  readonly text: string | undefined;
  fate: Fate;
  successor: string | undefined;
  /** Part of a change that has not been answered. */
  isBusy: boolean;
}

export type Kind = "account" | "create" | "revoke" | "rotate" | "grace" | "delete";

export interface Operation {
  readonly kind: Kind;
  readonly method: "POST" | "DELETE";
  /** Below the project. */
  readonly path: string;
  readonly body: object | undefined;
  /** `undefined` where the operation takes none. */
  readonly idempotencyKey: string | undefined;
  readonly key: KnownKey | undefined;
}

export interface World {
  readonly accounts: string[];
  readonly keys: Map<string, KnownKey>;
  /** In the order in which they were sent. */
  unanswered: Operation[];
  /** Changed since they were last asked about. */
  readonly touched: Set<KnownKey>;
  /** Creates that were acknowledged, to be repeated: what they answered. */
  readonly created: { readonly operation: Operation; readonly id: string }[];
  readonly acknowledged: Record<Kind, number>;
  sequence: number;
}

export function newWorld(): World {
  return {
    accounts: [],
    keys: new Map(),
    unanswered: [],
    touched: new Set(),
    created: [],
    acknowledged: { account: 0, create: 0, revoke: 0, rotate: 0, grace: 0, delete: 0 },
    sequence: 0,
  };
}

/** Longer than any run takes. */
const GRACE_SECONDS = 86_400;

/** A change that can be made now; the key it is about is busy from then on. */
export function nextOperation(world: World, random: () => number): Operation {
  const account = pick(world.accounts, random);
  const kind = pick<Kind>(
    ["create", "create", "create", "rotate", "grace", "revoke", "delete", "account"],
    random,
  );
  world.sequence++;
  const name = `n${world.sequence}`;
  const post = { method: "POST", idempotencyKey: `crash-${world.sequence}`, key: undefined } as const;
  if (account === undefined || kind === "account")
    return { ...post, kind: "account", path: "accounts", body: { name, externalId: name } };
  const key = kind === "create" ? undefined : pick([...world.keys.values()].filter(isOpenTo(kind)), random);
  if (key === undefined) return { ...post, kind: "create", path: "keys", body: { account, name } };
  key.isBusy = true;
  const path = `keys/${key.id}`;
  switch (kind) {
    case "delete":
      return { kind, method: "DELETE", path, body: undefined, idempotencyKey: undefined, key };
    case "revoke":
      return { ...post, kind, path: `${path}/revoke`, body: {}, key };
    default: {
      const body = { graceSeconds: kind === "grace" ? GRACE_SECONDS : 0 };
      return { ...post, kind: kind === "grace" ? kind : "rotate", path: `${path}/rotate`, body, key };
    }
  }
}

/** Whether such a change of the key is admitted. */
function isOpenTo(kind: Kind | undefined): (key: KnownKey) => boolean {
  return ({ fate, isBusy }) =>
    !isBusy && (fate === "live" || (fate === "grace" && (kind === "revoke" || kind === "delete")));
}

/** Takes in that a change was made. `answer` is what an operation that makes something answers. */
export function acknowledge(world: World, operation: Operation, answer: { id?: string; key?: string }): void {
  const { kind, key } = operation;
  world.acknowledged[kind]++;
  if (kind === "account") world.accounts.push(answer.id!);
  if (kind === "create") world.created.push({ operation, id: answer.id! });
  if (kind === "create" || kind === "rotate" || kind === "grace") addKey(world, answer.id!, answer.key);
  if (key === undefined) return;
  key.isBusy = false;
  world.touched.add(key);
  if (kind === "rotate" || kind === "grace") key.successor = answer.id;
  key.fate = kind === "grace" ? "grace" : kind === "delete" ? "deleted" : "revoked";
}

function addKey(world: World, id: string, text: string | undefined): void {
  const key: KnownKey = { id, text, fate: "live", successor: undefined, isBusy: false };
  world.keys.set(id, key);
  world.touched.add(key);
}
