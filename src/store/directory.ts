// The directory: the projects as they run and the keys in use, held in memory and dropped the moment the changes log names
// them. It answers from memory or from the store and decides nothing.
import { LRUCache } from "lru-cache";
import type { Subject } from "../policy/judge.ts";
import type { Limit } from "../policy/limit.ts";
import { compileAllowlist } from "../policy/network.ts";
import type { Allowance } from "../policy/pot.ts";
import { effectiveScopes } from "../policy/scope.ts";
import type { KeyFacts } from "../policy/verdict.ts";
import { compileProject, type Project } from "../project/compile.ts";
import type { ProjectHost } from "../project/delivery.ts";
import type { KeyWithAccount, Store } from "./contract.ts";
import { STORE_BUDGET_MS, within } from "./patience.ts";
import type { AccountRecord, Change, KeyRecord, ProjectRecord } from "./records.ts";

/** A key ready to be judged. */
export interface HeldKey {
  readonly id: string;
  readonly project: string;
  readonly account: string;
  readonly digest: string;
  readonly subject: Subject;
  readonly facts: KeyFacts;
  /** Those of the account's plan, each with whose it is. */
  readonly limits: readonly { readonly limit: Limit; readonly subject: string }[];
  /** Of the account's plan, with the day of the month on which it is there anew. */
  readonly allowance: (Allowance & { readonly day: number }) | undefined;
}

export interface ServedHost {
  readonly project: Project;
  readonly host: ProjectHost;
}

export interface Directory {
  project(name: string): Project | undefined;
  projects(): readonly Project[];
  /** `host` in lower case and without a port. */
  served(host: string): ServedHost | undefined;
  /** From memory only, and only while what is in memory may be used. */
  peek(digest: string): HeldKey | undefined;
  /** From memory or the store. Throws StoreUnavailable, after STORE_BUDGET_MS at the latest. */
  find(digest: string): Promise<HeldKey | undefined>;
  /** Whether what is in memory is used past its lease, because the store does not answer and the operator prefers that to refusing. */
  isStale(): boolean;
}

const DEFAULT_HELD_KEYS = 200_000;

export interface DirectoryOptions {
  /** Hears of a stored project that this program cannot read; it is left out and the others are served. */
  readonly onBroken: (name: string, error: Error) => void;
  /** How many keys stay in memory, about 1 kB each; 200,000 when it is not said. */
  readonly heldKeys?: number | undefined;
}

export async function openDirectory(
  store: Store,
  builtin: readonly Project[],
  { onBroken, heldKeys = DEFAULT_HELD_KEYS }: DirectoryOptions,
): Promise<Directory> {
  const projects = new Map(builtin.map((project) => [project.name, project]));
  const versions = new Map<string, number>();
  const hosts = new Map<string, ServedHost>();
  const keys = new HeldKeys(heldKeys);
  /** Projects whose change is known and whose new file is not read yet. */
  const unread = new Set<string>();

  const place = (record: ProjectRecord): void => {
    // Two reads may come back in either order.
    if (record.version < (versions.get(record.name) ?? 0)) return;
    versions.set(record.name, record.version);
    try {
      projects.set(record.name, compileProject(record.file));
    } catch (error) {
      projects.delete(record.name);
      onBroken(record.name, error as Error);
    }
    hosts.clear();
    for (const project of projects.values()) {
      for (const host of project.hosts) hosts.set(host.host, { project, host });
    }
  };
  /** A read that fails leaves its project in `unread` and no key in memory: the next look-up has to get past it. */
  const reload = async (): Promise<void> => {
    const names = [...unread];
    try {
      for (const name of names) {
        const record = await store.project(name);
        if (record !== undefined) place(record);
        unread.delete(name);
      }
    } catch (error) {
      for (const name of names) unread.add(name);
      throw error;
    } finally {
      keys.clear();
    }
  };

  store.onChanges((changes) => {
    keys.forget(changes);
    for (const change of changes) if (change.kind === "project") unread.add(change.project);
    return unread.size > 0 ? reload() : undefined;
  });
  for (const record of await store.projects()) place(record);

  const looking = createSingleFlight<HeldKey | undefined>();
  const peek = (digest: string) => (store.cluster?.isFresh() === false ? undefined : keys.get(digest));
  const isStale = () => store.cluster?.isStatic() ?? false;
  const look = async (digest: string): Promise<HeldKey | undefined> => {
    // Nothing is read from a store that may have gone back since it was last heard of.
    if (store.cluster?.isFresh() === false || isStale()) await store.cluster?.catchUp();
    return (
      keys.get(digest) ??
      (await looking(digest, () => fill(store, keys, { projects, unread, reload }, digest)))
    );
  };
  return {
    project: (name) => projects.get(name),
    projects: () => [...projects.values()],
    served: (host) => hosts.get(host),
    peek,
    isStale,
    async find(digest) {
      const held = peek(digest);
      if (held !== undefined) return held;
      try {
        return await within(STORE_BUDGET_MS, look(digest), "the store did not answer in time");
      } catch (error) {
        // Only now it may be known that the store is away.
        const stale = isStale() ? keys.get(digest) : undefined;
        if (stale === undefined) throw error;
        return stale;
      }
    },
  };
}

/** Requests for the same key that arrive together ask the store once (hostile F22). */
function createSingleFlight<Result>(): (name: string, work: () => Promise<Result>) => Promise<Result> {
  const running = new Map<string, Promise<Result>>();
  return (name, work) => {
    const known = running.get(name);
    if (known !== undefined) return known;
    const result = work().finally(() => running.delete(name));
    running.set(name, result);
    return result;
  };
}

interface Rules {
  readonly projects: ReadonlyMap<string, Project>;
  readonly unread: ReadonlySet<string>;
  readonly reload: () => Promise<void>;
}

/**
 * A row read before a change must not be held after it: the read is repeated when a change came in between. Nor is a key held
 * under a project file that is known to be out of date.
 */
async function fill(
  store: Store,
  keys: HeldKeys,
  { projects, unread, reload }: Rules,
  digest: string,
): Promise<HeldKey | undefined> {
  for (;;) {
    if (unread.size > 0) await reload();
    const before = keys.generation;
    const row = await store.keyByDigest(digest);
    if (keys.generation !== before) continue;
    const project = row && projects.get(row.key.project);
    if (project === undefined || row === undefined) return undefined;
    const held = holdKey(row, project);
    keys.hold(held);
    return held;
  }
}

class HeldKeys {
  /** Counts the batches of changes seen. */
  generation = 0;
  readonly #byDigest: LRUCache<string, HeldKey>;
  readonly #digests = new Map<string, string>();
  /** Of each account that has keys in memory. */
  readonly #ofAccount = new Map<string, Set<string>>();

  constructor(max: number) {
    this.#byDigest = new LRUCache<string, HeldKey>({
      max,
      dispose: (held) => this.#unlist(held),
    });
  }

  get(digest: string): HeldKey | undefined {
    return this.#byDigest.get(digest);
  }

  hold(held: HeldKey): void {
    this.#byDigest.set(held.digest, held);
    this.#digests.set(`${held.project}/${held.id}`, held.digest);
    const owner = `${held.project}/${held.account}`;
    const siblings = this.#ofAccount.get(owner) ?? new Set();
    this.#ofAccount.set(owner, siblings.add(held.digest));
  }

  #unlist({ project, id, account, digest }: HeldKey): void {
    this.#digests.delete(`${project}/${id}`);
    const siblings = this.#ofAccount.get(`${project}/${account}`);
    siblings?.delete(digest);
    if (siblings?.size === 0) this.#ofAccount.delete(`${project}/${account}`);
  }

  forget(changes: readonly Change[]): void {
    this.generation += 1;
    for (const change of changes) {
      if (change.kind === "key") this.#forgetKey(change);
      if (change.kind === "account") this.#forgetAccount(change);
    }
  }

  clear(): void {
    this.generation += 1;
    this.#byDigest.clear();
    this.#digests.clear();
    this.#ofAccount.clear();
  }

  #forgetKey({ project, subject }: Change): void {
    const digest = this.#digests.get(`${project}/${subject}`);
    if (digest !== undefined) this.#byDigest.delete(digest);
  }

  #forgetAccount({ project, subject }: Change): void {
    for (const digest of [...(this.#ofAccount.get(`${project}/${subject}`) ?? [])])
      this.#byDigest.delete(digest);
  }
}

export function holdKey({ key, account }: KeyWithAccount, project: Project): HeldKey {
  const plan = account.plan ?? project.defaultPlan;
  const subject: Subject = {
    notBefore: key.notBefore,
    expiresAt: key.expiresAt,
    disabledAt: key.disabledAt,
    revokedAt: key.revokedAt,
    environment: key.environment,
    granted: effectiveScopes(project.scopes, key.scopes, key.frozenScopes),
    allowlist: key.allowedIps.length === 0 ? undefined : compileAllowlist(key.allowedIps),
    account: { id: account.id, externalId: account.externalId, suspendedAt: account.suspendedAt },
    // A plan that the file no longer declares includes nothing; no plan at all includes everything.
    features: plan === undefined ? "all" : (project.plans.get(plan)?.features ?? new Set()),
  };
  const facts: KeyFacts = {
    id: key.id,
    name: key.name,
    account: key.account,
    environment: key.environment,
    // A scope that the file no longer declares is told to nobody: it opens nothing any more.
    scopes: key.scopes.filter((name) => project.scopes.has(name)),
    ...(key.tier !== null && { tier: key.tier }),
    ...(plan !== undefined && { plan }),
    metadata: key.metadata,
    ...(key.expiresAt !== null && { expiresAt: new Date(key.expiresAt).toISOString() }),
  };
  const { id, account: owner, digest } = key;
  return {
    id,
    project: key.project,
    account: owner,
    digest,
    subject,
    facts,
    limits: limitsOf(key, plan, project),
    allowance: allowanceOf(account, project),
  };
}

/**
 * A key's limits are shared by its rotation family, so that a rotation neither doubles nor resets them. Concurrency comes
 * first, the order in which refusals are told.
 */
function limitsOf(key: KeyRecord, plan: string | undefined, project: Project): HeldKey["limits"] {
  const limits = (plan === undefined ? undefined : project.plans.get(plan)?.limits) ?? project.limits;
  const { concurrency = [], rate = [] } = Object.groupBy(limits.values(), ({ kind }) => kind);
  return [...concurrency, ...rate].map((limit) => ({
    limit,
    subject: `${project.name}/${limit.per === "key" ? key.family : key.account}`,
  }));
}

/** What the account's plan grants it, with the day on which its periods begin. */
export function allowanceOf(account: AccountRecord, project: Project): HeldKey["allowance"] {
  const plan = account.plan ?? project.defaultPlan;
  const allowance = plan === undefined ? undefined : project.plans.get(plan)?.allowance;
  if (allowance === undefined) return undefined;
  const { resetsOn } = allowance;
  return { ...allowance, day: resetsOn === "created" ? new Date(account.createdAt).getUTCDate() : resetsOn };
}
