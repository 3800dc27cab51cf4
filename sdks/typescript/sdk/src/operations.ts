// One method for each operation of the control plane, generated from openapi.json by `npm run generate`; may not be edited.
import { type CallOptions, type KeyedOptions, Performer } from "./performer.ts";
import type {
  Account,
  AccountChange,
  AccountPage,
  AppliedProject,
  AuditEntry,
  AuditEntryPage,
  BillingLine,
  CreatedKey,
  CreditsChange,
  FailPolicies,
  GetHealthResult,
  Hold,
  Introspection,
  IntrospectKeyBody,
  IssuedTicket,
  Key,
  KeyChange,
  KeyPage,
  Movement,
  MovementPage,
  NewAccount,
  NewCredits,
  NewKey,
  NewTicket,
  Project,
  ProjectFile,
  ProjectPage,
  Readiness,
  Revocation,
  RevokedMany,
  RevokeMany,
  Rotation,
  Settlement,
  Usage,
  Verdict,
  VerifyBatch,
  VerifyKeysResult,
  VerifyQuestion,
} from "./shapes.ts";

export abstract class Operations extends Performer {
  /**
   * Whether the process answers. `GET /healthz`
   */
  getHealth(options?: CallOptions): Promise<GetHealthResult> {
    return this.perform("GET", ["healthz"], {}, options);
  }

  /**
   * This document. `GET /openapi.json`
   */
  getOpenApi(options?: CallOptions): Promise<unknown> {
    return this.perform("GET", ["openapi.json"], {}, options);
  }

  /**
   * Whether projects, gateway and upstreams answer. `GET /readyz`
   */
  getReadiness(options?: CallOptions): Promise<Readiness> {
    return this.perform("GET", ["readyz"], { alsoResults: [503] }, options);
  }

  /**
   * Give back all that was held. Needs the scope `keys:verify`. `POST /v1/holds/{hold}/release`
   */
  releaseHold(hold: string, options?: CallOptions): Promise<Hold> {
    return this.perform("POST", ["v1", "holds", hold, "release"], {}, options);
  }

  /**
   * Settle a hold at what the request really cost. Where the account has too little for more than was
   * held, nothing is taken and the hold stays open. A repetition with the same cost changes nothing and
   * is a 200 again; another cost is a conflict. The pots are told as they are at the answer. Needs the
   * scope `keys:verify`. `POST /v1/holds/{hold}/settle`
   */
  settleHold(hold: string, body: Settlement, options?: CallOptions): Promise<Hold> {
    return this.perform("POST", ["v1", "holds", hold, "settle"], { body }, options);
  }

  /**
   * Introspect a key (RFC 7662). The client authenticates with Basic (the project's name and a root key)
   * or with Bearer (a root key, and the project in the form). A key that has an allowlist is inactive
   * here, because no address is known. Needs the scope `keys:verify`. `POST /v1/introspect`
   */
  introspectKey(body: IntrospectKeyBody, options?: CallOptions): Promise<Introspection> {
    return this.perform("POST", ["v1", "introspect"], { form: body }, options);
  }

  /**
   * What each layer does when what it depends on fails. While the database is away this needs a root key
   * that is still held in memory; /readyz needs none. Needs the scope `projects:read`. `GET /v1/policy`
   */
  getFailPolicy(options?: CallOptions): Promise<FailPolicies> {
    return this.perform("GET", ["v1", "policy"], {}, options);
  }

  /**
   * List the projects. All of them, by name: there is one page. Needs the scope `projects:read`. `GET
   * /v1/projects`
   */
  listProjects(options?: CallOptions): Promise<ProjectPage> {
    return this.perform("GET", ["v1", "projects"], {}, options);
  }

  /**
   * Read a project and its file. Needs the scope `projects:read`. `GET /v1/projects/{project}`
   */
  getProject(project: string, options?: CallOptions): Promise<Project> {
    return this.perform("GET", ["v1", "projects", project], {}, options);
  }

  /**
   * Create or change a project by its file. Idempotent: the same file again changes nothing. The name in
   * the file must be the path's. Needs the scope `projects:write`. `PUT /v1/projects/{project}`
   * - dryRun: Say what would change, and change nothing.
   */
  applyProject(
    project: string,
    body: ProjectFile | string,
    query?: { readonly dryRun?: boolean },
    options?: CallOptions,
  ): Promise<AppliedProject> {
    return this.perform("PUT", ["v1", "projects", project], { query, file: body }, options);
  }

  /**
   * Create an account. Needs the scope `accounts:write`. `POST /v1/projects/{project}/accounts`
   */
  createAccount(project: string, body: NewAccount, options?: KeyedOptions): Promise<Account> {
    return this.perform("POST", ["v1", "projects", project, "accounts"], { body }, options);
  }

  /**
   * List accounts, newest first. Needs the scope `accounts:read`. `GET /v1/projects/{project}/accounts`
   * - cursor: The nextCursor of the page before.
   */
  listAccounts(
    project: string,
    query?: { readonly limit?: number; readonly cursor?: string },
    options?: CallOptions,
  ): Promise<AccountPage> {
    return this.perform("GET", ["v1", "projects", project, "accounts"], { query }, options);
  }

  /** Like `listAccounts`, over all pages: each is asked for when it is needed. */
  allAccounts(
    project: string,
    query?: { readonly limit?: number; readonly cursor?: string },
    options?: CallOptions,
  ): AsyncIterable<Account> {
    return this.pages("GET", ["v1", "projects", project, "accounts"], query, options);
  }

  /**
   * Read an account. Needs the scope `accounts:read`. `GET /v1/projects/{project}/accounts/{account}`
   * - environment: Whose allowance is told; the project's first when absent.
   */
  getAccount(
    project: string,
    account: string,
    query?: { readonly environment?: string },
    options?: CallOptions,
  ): Promise<Account> {
    return this.perform("GET", ["v1", "projects", project, "accounts", account], { query }, options);
  }

  /**
   * Change or suspend an account. Needs the scope `accounts:write`. `PATCH
   * /v1/projects/{project}/accounts/{account}`
   */
  updateAccount(
    project: string,
    account: string,
    body?: AccountChange,
    options?: KeyedOptions,
  ): Promise<Account> {
    return this.perform("PATCH", ["v1", "projects", project, "accounts", account], { body }, options);
  }

  /**
   * Add credits to an account, or take them away. Send an Idempotency-Key: a repetition after a lost
   * answer would otherwise add them twice. More than the account has is not taken, and nothing changes.
   * Needs the scope `accounts:write`. `POST /v1/projects/{project}/accounts/{account}/credits`
   */
  changeCredits(
    project: string,
    account: string,
    body: NewCredits,
    options?: KeyedOptions,
  ): Promise<CreditsChange> {
    return this.perform(
      "POST",
      ["v1", "projects", project, "accounts", account, "credits"],
      { body },
      options,
    );
  }

  /**
   * What an account's pots gained and lost, newest first. Spends and refunds can be read one by one for
   * a day; then those of an hour are summed up. Needs the scope `accounts:read`. `GET
   * /v1/projects/{project}/accounts/{account}/ledger`
   * - cursor: The nextCursor of the page before.
   */
  listMovements(
    project: string,
    account: string,
    query?: { readonly limit?: number; readonly cursor?: string },
    options?: CallOptions,
  ): Promise<MovementPage> {
    return this.perform(
      "GET",
      ["v1", "projects", project, "accounts", account, "ledger"],
      { query },
      options,
    );
  }

  /** Like `listMovements`, over all pages: each is asked for when it is needed. */
  allMovements(
    project: string,
    account: string,
    query?: { readonly limit?: number; readonly cursor?: string },
    options?: CallOptions,
  ): AsyncIterable<Movement> {
    return this.pages("GET", ["v1", "projects", project, "accounts", account, "ledger"], query, options);
  }

  /**
   * Usage of an account. At most a second behind the verdicts. Needs the scope `accounts:read`. `GET
   * /v1/projects/{project}/accounts/{account}/usage`
   * - by: Groups with commas between them: environment, key, route, outcome, and one of hour, day,
   * month. Default: day.
   * - from: A time, a day (2026-11-21) or a month (2026-11) in UTC. Default: 30 days, today among them.
   * - to: In the same forms, exclusive. Default: now. Both are widened to whole hours.
   * - environment: Of this environment only.
   */
  getAccountUsage(
    project: string,
    account: string,
    query?: {
      readonly by?: string;
      readonly from?: string;
      readonly to?: string;
      readonly environment?: string;
    },
    options?: CallOptions,
  ): Promise<Usage> {
    return this.perform("GET", ["v1", "projects", project, "accounts", account, "usage"], { query }, options);
  }

  /**
   * Who changed what, newest first. Needs the scope `audit:read`. `GET /v1/projects/{project}/audit`
   * - cursor: The nextCursor of the page before.
   */
  listAudit(
    project: string,
    query?: { readonly limit?: number; readonly cursor?: string },
    options?: CallOptions,
  ): Promise<AuditEntryPage> {
    return this.perform("GET", ["v1", "projects", project, "audit"], { query }, options);
  }

  /** Like `listAudit`, over all pages: each is asked for when it is needed. */
  allAudit(
    project: string,
    query?: { readonly limit?: number; readonly cursor?: string },
    options?: CallOptions,
  ): AsyncIterable<AuditEntry> {
    return this.pages("GET", ["v1", "projects", project, "audit"], query, options);
  }

  /**
   * The project's Authentication page, in Markdown. Needs the scope `projects:read`. `GET
   * /v1/projects/{project}/docs.md`
   */
  getProjectDocs(project: string, options?: CallOptions): Promise<string> {
    return this.perform("GET", ["v1", "projects", project, "docs.md"], {}, options);
  }

  /**
   * Create a key. The answer holds the full key. It is shown here and nowhere else. Needs the scope
   * `keys:write`. `POST /v1/projects/{project}/keys`
   */
  createKey(project: string, body: NewKey, options?: KeyedOptions): Promise<CreatedKey> {
    return this.perform("POST", ["v1", "projects", project, "keys"], { body }, options);
  }

  /**
   * List keys, newest first, without their secrets. Needs the scope `keys:read`. `GET
   * /v1/projects/{project}/keys`
   * - cursor: The nextCursor of the page before.
   * - account: Keys of this account only.
   * - includeDeleted: Deleted keys too, which are kept as tombstones.
   */
  listKeys(
    project: string,
    query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly account?: string;
      readonly includeDeleted?: boolean;
    },
    options?: CallOptions,
  ): Promise<KeyPage> {
    return this.perform("GET", ["v1", "projects", project, "keys"], { query }, options);
  }

  /** Like `listKeys`, over all pages: each is asked for when it is needed. */
  allKeys(
    project: string,
    query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly account?: string;
      readonly includeDeleted?: boolean;
    },
    options?: CallOptions,
  ): AsyncIterable<Key> {
    return this.pages("GET", ["v1", "projects", project, "keys"], query, options);
  }

  /**
   * Revoke all keys of an account, or all made before a time. Of account and createdBefore at least one
   * must be given; expectedCount confirms the number. Needs the scope `keys:write`. `POST
   * /v1/projects/{project}/keys/revoke`
   */
  revokeManyKeys(project: string, body?: RevokeMany, options?: KeyedOptions): Promise<RevokedMany> {
    return this.perform("POST", ["v1", "projects", project, "keys", "revoke"], { body }, options);
  }

  /**
   * Read a key, without its secret. Needs the scope `keys:read`. `GET /v1/projects/{project}/keys/{key}`
   */
  getKey(project: string, key: string, options?: CallOptions): Promise<Key> {
    return this.perform("GET", ["v1", "projects", project, "keys", key], {}, options);
  }

  /**
   * Change a key. Needs the scope `keys:write`. `PATCH /v1/projects/{project}/keys/{key}`
   */
  updateKey(project: string, key: string, body?: KeyChange, options?: KeyedOptions): Promise<Key> {
    return this.perform("PATCH", ["v1", "projects", project, "keys", key], { body }, options);
  }

  /**
   * Delete a key. Revokes it, takes it off the lists, and keeps a tombstone for the audit. Needs the
   * scope `keys:write`. `DELETE /v1/projects/{project}/keys/{key}`
   */
  deleteKey(project: string, key: string, options?: CallOptions): Promise<void> {
    return this.perform("DELETE", ["v1", "projects", project, "keys", key], {}, options);
  }

  /**
   * Refuse a key until it is enabled again. Needs the scope `keys:write`. `POST
   * /v1/projects/{project}/keys/{key}/disable`
   */
  disableKey(project: string, key: string, options?: KeyedOptions): Promise<Key> {
    return this.perform("POST", ["v1", "projects", project, "keys", key, "disable"], {}, options);
  }

  /**
   * Admit a disabled key again. Needs the scope `keys:write`. `POST
   * /v1/projects/{project}/keys/{key}/enable`
   */
  enableKey(project: string, key: string, options?: KeyedOptions): Promise<Key> {
    return this.perform("POST", ["v1", "projects", project, "keys", key, "enable"], {}, options);
  }

  /**
   * Revoke a key for good. When this answers, no request with the key is admitted any more. Needs the
   * scope `keys:write`. `POST /v1/projects/{project}/keys/{key}/revoke`
   */
  revokeKey(project: string, key: string, body?: Revocation, options?: KeyedOptions): Promise<Key> {
    return this.perform("POST", ["v1", "projects", project, "keys", key, "revoke"], { body }, options);
  }

  /**
   * Replace a key by a successor with the same rights. The answer holds the successor's full key. It is
   * shown here and nowhere else. Needs the scope `keys:write`. `POST
   * /v1/projects/{project}/keys/{key}/rotate`
   */
  rotateKey(project: string, key: string, body?: Rotation, options?: KeyedOptions): Promise<CreatedKey> {
    return this.perform("POST", ["v1", "projects", project, "keys", key, "rotate"], { body }, options);
  }

  /**
   * The project's llms.txt. Needs the scope `projects:read`. `GET /v1/projects/{project}/llms.txt`
   */
  getProjectLlms(project: string, options?: CallOptions): Promise<string> {
    return this.perform("GET", ["v1", "projects", project, "llms.txt"], {}, options);
  }

  /**
   * Make a one-time ticket for a WebSocket. It opens one socket with the rights of the key, within a
   * minute, and is spent by the first request that brings it. A repetition makes another one;
   * Idempotency-Key is not looked at. Needs the scope `keys:write`. `POST
   * /v1/projects/{project}/tickets`
   */
  issueTicket(project: string, body: NewTicket, options?: KeyedOptions): Promise<IssuedTicket> {
    return this.perform("POST", ["v1", "projects", project, "tickets"], { body }, options);
  }

  /**
   * Usage of a project. Of all accounts, and of verdicts without a proven key. At most a second behind
   * the verdicts. Needs the scope `accounts:read`. `GET /v1/projects/{project}/usage`
   * - by: Groups with commas between them: account, environment, key, route, outcome, and one of hour,
   * day, month. Default: day.
   * - from: A time, a day (2026-11-21) or a month (2026-11) in UTC. Default: 30 days, today among them.
   * - to: In the same forms, exclusive. Default: now. Both are widened to whole hours.
   * - environment: Of this environment only.
   */
  getProjectUsage(
    project: string,
    query?: {
      readonly by?: string;
      readonly from?: string;
      readonly to?: string;
      readonly environment?: string;
    },
    options?: CallOptions,
  ): Promise<Usage> {
    return this.perform("GET", ["v1", "projects", project, "usage"], { query }, options);
  }

  /**
   * What each account consumed in a month, for billing. A line of JSON for each account and environment,
   * accounts newest first. An answer that breaks off is not whole. Needs the scope `accounts:read`. `GET
   * /v1/projects/{project}/usage/export`
   * - month: Such as 2026-11, in UTC.
   */
  exportUsage(
    project: string,
    query: { readonly month: string },
    options?: CallOptions,
  ): AsyncIterable<BillingLine> {
    return this.lines("GET", ["v1", "projects", project, "usage", "export"], { query }, options);
  }

  /**
   * Ask for the verdict on a key. Every verdict is a 200. An allowed one has taken the key's rates and
   * spent the cost, durably; a denied one has consumed nothing. A store that does not answer is a 503.
   * Needs the scope `keys:verify`. `POST /v1/verify`
   */
  verifyKey(body: VerifyQuestion, options?: CallOptions): Promise<Verdict> {
    return this.perform("POST", ["v1", "verify"], { body, once: true }, options);
  }

  /**
   * Ask for up to 1,000 verdicts. The requests are taken in their order. One that cannot be read refuses
   * the batch, and no verdict is given. A store that does not answer is a 503, and what the others paid
   * is given back as far as the store takes it. Needs the scope `keys:verify`. `POST /v1/verify/batch`
   */
  verifyKeys(body: VerifyBatch, options?: CallOptions): Promise<VerifyKeysResult> {
    return this.perform("POST", ["v1", "verify", "batch"], { body, once: true }, options);
  }
}
