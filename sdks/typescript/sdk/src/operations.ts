// One method for each operation of the control plane, generated from openapi.json by `npm run generate`; may not be edited.
import type { ServerSentEvent } from "@claviger/client";
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
  FoundKeys,
  GetHealthResult,
  Hold,
  Instance,
  Introspection,
  IntrospectKeyBody,
  Invitation,
  Invitations,
  IssuedTicket,
  Key,
  KeyChange,
  KeyPage,
  KeySearch,
  KeyUses,
  MemberChange,
  Members,
  Movement,
  MovementPage,
  NewAccount,
  NewCredits,
  NewInvitation,
  NewKey,
  NewOperator,
  NewPortalSession,
  NewResetLink,
  NewTicket,
  OneTimeLink,
  OperatorChange,
  OperatorInvitation,
  Operators,
  Portal,
  PortalSession,
  Project,
  ProjectFile,
  ProjectPage,
  Readiness,
  Revocation,
  RevokedMany,
  RevokeMany,
  Rotation,
  SeenRequests,
  Settlement,
  TestedRequest,
  TestRequest,
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
   * Where portal and console are, and whether mail can be sent. Needs the scope `projects:read`. `GET
   * /v1/instance`
   */
  getInstance(options?: CallOptions): Promise<Instance> {
    return this.perform("GET", ["v1", "instance"], {}, options);
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
   * The operators, and who is invited. Needs the scope `people:read`. `GET /v1/operators`
   */
  listOperators(options?: CallOptions): Promise<Operators> {
    return this.perform("GET", ["v1", "operators"], {}, options);
  }

  /**
   * Invite an operator. By mail; where none can be sent, the answer holds the link. Needs the scope
   * `people:write`. `POST /v1/operators`
   */
  inviteOperator(body: NewOperator, options?: KeyedOptions): Promise<OperatorInvitation> {
    return this.perform("POST", ["v1", "operators"], { body }, options);
  }

  /**
   * Give an operator another role, which holds at once. Needs the scope `people:write`. `PATCH
   * /v1/operators/{operator}`
   */
  changeOperator(operator: string, body: OperatorChange, options?: KeyedOptions): Promise<void> {
    return this.perform("PATCH", ["v1", "operators", operator], { body }, options);
  }

  /**
   * Take an operator out; every session of theirs ends. With an invitation's id it takes the invitation
   * back. Needs the scope `people:write`. `DELETE /v1/operators/{operator}`
   */
  removeOperator(operator: string, options?: CallOptions): Promise<void> {
    return this.perform("DELETE", ["v1", "operators", operator], {}, options);
  }

  /**
   * A link by which an operator sets a new password, to be handed over. Needs the scope `people:write`.
   * `POST /v1/operators/{operator}/reset-link`
   */
  makeOperatorResetLink(operator: string, options?: KeyedOptions): Promise<OneTimeLink> {
    return this.perform("POST", ["v1", "operators", operator, "reset-link"], {}, options);
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
   * - search: An id, an externalId or a name, or a part of one; at most 100 are found, on one page.
   */
  listAccounts(
    project: string,
    query?: { readonly limit?: number; readonly cursor?: string; readonly search?: string },
    options?: CallOptions,
  ): Promise<AccountPage> {
    return this.perform("GET", ["v1", "projects", project, "accounts"], { query }, options);
  }

  /** Like `listAccounts`, over all pages: each is asked for when it is needed. */
  allAccounts(
    project: string,
    query?: { readonly limit?: number; readonly cursor?: string; readonly search?: string },
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
   * Erase an account for good, with its keys and its members. What it used and paid stays under its id,
   * without a name; export a month that is not billed yet before. Needs the scope `accounts:write`.
   * `DELETE /v1/projects/{project}/accounts/{account}`
   * - confirm: The account's name.
   */
  eraseAccount(
    project: string,
    account: string,
    query: { readonly confirm: string },
    options?: CallOptions,
  ): Promise<void> {
    return this.perform("DELETE", ["v1", "projects", project, "accounts", account], { query }, options);
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
   * Invitations that have not been accepted. Needs the scope `people:read`. `GET
   * /v1/projects/{project}/accounts/{account}/invitations`
   */
  listInvitations(project: string, account: string, options?: CallOptions): Promise<Invitations> {
    return this.perform("GET", ["v1", "projects", project, "accounts", account, "invitations"], {}, options);
  }

  /**
   * Invite somebody to an account. By mail; where none can be sent, the answer holds the link. Needs the
   * scope `people:write`. `POST /v1/projects/{project}/accounts/{account}/invitations`
   */
  inviteMember(
    project: string,
    account: string,
    body: NewInvitation,
    options?: KeyedOptions,
  ): Promise<Invitation> {
    return this.perform(
      "POST",
      ["v1", "projects", project, "accounts", account, "invitations"],
      { body },
      options,
    );
  }

  /**
   * Take an invitation back. Needs the scope `people:write`. `DELETE
   * /v1/projects/{project}/accounts/{account}/invitations/{invitation}`
   */
  endInvitation(project: string, account: string, invitation: string, options?: CallOptions): Promise<void> {
    return this.perform(
      "DELETE",
      ["v1", "projects", project, "accounts", account, "invitations", invitation],
      {},
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
   * Who belongs to an account, and as what. Needs the scope `people:read`. `GET
   * /v1/projects/{project}/accounts/{account}/members`
   */
  listMembers(project: string, account: string, options?: CallOptions): Promise<Members> {
    return this.perform("GET", ["v1", "projects", project, "accounts", account, "members"], {}, options);
  }

  /**
   * Give a member another role, which holds at once. Needs the scope `people:write`. `PATCH
   * /v1/projects/{project}/accounts/{account}/members/{person}`
   */
  changeMember(
    project: string,
    account: string,
    person: string,
    body: MemberChange,
    options?: KeyedOptions,
  ): Promise<void> {
    return this.perform(
      "PATCH",
      ["v1", "projects", project, "accounts", account, "members", person],
      { body },
      options,
    );
  }

  /**
   * Take a member out of an account, or leave it. Needs the scope `people:write`. `DELETE
   * /v1/projects/{project}/accounts/{account}/members/{person}`
   */
  removeMember(project: string, account: string, person: string, options?: CallOptions): Promise<void> {
    return this.perform(
      "DELETE",
      ["v1", "projects", project, "accounts", account, "members", person],
      {},
      options,
    );
  }

  /**
   * A link by which a member sets a new password, to be handed over. Needs the scope `people:write`.
   * `POST /v1/projects/{project}/accounts/{account}/members/{person}/reset-link`
   */
  makeMemberResetLink(
    project: string,
    account: string,
    person: string,
    options?: KeyedOptions,
  ): Promise<OneTimeLink> {
    return this.perform(
      "POST",
      ["v1", "projects", project, "accounts", account, "members", person, "reset-link"],
      {},
      options,
    );
  }

  /**
   * The newest requests of an account, with the reason in words. At most 200, out of the memory of the
   * node that answers. Needs the scope `accounts:read`. `GET
   * /v1/projects/{project}/accounts/{account}/requests`
   * - outcome: A code, or refused for all but ok.
   */
  listAccountRequests(
    project: string,
    account: string,
    query?: {
      readonly key?: string;
      readonly outcome?:
        | "ok"
        | "missing_key"
        | "multiple_credentials"
        | "malformed_request"
        | "ambiguous_path"
        | "invalid_key"
        | "revoked_key"
        | "disabled_key"
        | "expired_key"
        | "account_suspended"
        | "wrong_environment"
        | "ip_not_allowed"
        | "no_route"
        | "insufficient_scope"
        | "wrong_account"
        | "feature_not_in_plan"
        | "concurrency_exceeded"
        | "rate_exceeded"
        | "unmeasurable_request"
        | "request_too_large"
        | "allowance_exceeded"
        | "insufficient_credits"
        | "store_unavailable"
        | "refused";
      readonly limit?: number;
    },
    options?: CallOptions,
  ): Promise<SeenRequests> {
    return this.perform(
      "GET",
      ["v1", "projects", project, "accounts", account, "requests"],
      { query },
      options,
    );
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
   * - actor: Such as a root key's id.
   * - action: Such as key.create.
   * - subject: The id of what was changed.
   * - from: A time, inclusive.
   * - to: A time, exclusive.
   */
  listAudit(
    project: string,
    query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly actor?: string;
      readonly action?: string;
      readonly subject?: string;
      readonly from?: string;
      readonly to?: string;
    },
    options?: CallOptions,
  ): Promise<AuditEntryPage> {
    return this.perform("GET", ["v1", "projects", project, "audit"], { query }, options);
  }

  /** Like `listAudit`, over all pages: each is asked for when it is needed. */
  allAudit(
    project: string,
    query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly actor?: string;
      readonly action?: string;
      readonly subject?: string;
      readonly from?: string;
      readonly to?: string;
    },
    options?: CallOptions,
  ): AsyncIterable<AuditEntry> {
    return this.pages("GET", ["v1", "projects", project, "audit"], query, options);
  }

  /**
   * The audit log as a file, newest first. An answer that breaks off is not whole. Needs the scope
   * `audit:read`. `GET /v1/projects/{project}/audit/export`
   * - actor: Such as a root key's id.
   * - action: Such as key.create.
   * - subject: The id of what was changed.
   * - from: A time, inclusive.
   * - to: A time, exclusive.
   */
  exportAudit(
    project: string,
    query?: {
      readonly actor?: string;
      readonly action?: string;
      readonly subject?: string;
      readonly from?: string;
      readonly to?: string;
    },
    options?: CallOptions,
  ): AsyncIterable<AuditEntry> {
    return this.lines(
      "GET",
      ["v1", "projects", project, "audit", "export"],
      { query: { ...query, format: "ndjson" } },
      options,
    );
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
   * Find keys by what is known of them. A whole key may be sent: it stands in the body and in no URL,
   * and only its digest is looked for. Needs the scope `keys:read`. `POST
   * /v1/projects/{project}/keys/search`
   */
  findKeys(project: string, body: KeySearch, options?: CallOptions): Promise<FoundKeys> {
    return this.perform("POST", ["v1", "projects", project, "keys", "search"], { body }, options);
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
   * Take a rotation back while its grace lasts. Of the old key: its successor is revoked, and it goes on
   * as before. Needs the scope `keys:write`. `POST /v1/projects/{project}/keys/{key}/cancel-rotation`
   */
  cancelRotation(project: string, key: string, options?: KeyedOptions): Promise<Key> {
    return this.perform("POST", ["v1", "projects", project, "keys", key, "cancel-rotation"], {}, options);
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
   * What ending a key will break. Needs the scope `keys:read`. `GET
   * /v1/projects/{project}/keys/{key}/uses`
   */
  getKeyUses(project: string, key: string, options?: CallOptions): Promise<KeyUses> {
    return this.perform("GET", ["v1", "projects", project, "keys", key, "uses"], {}, options);
  }

  /**
   * The project's llms.txt. Needs the scope `projects:read`. `GET /v1/projects/{project}/llms.txt`
   */
  getProjectLlms(project: string, options?: CallOptions): Promise<string> {
    return this.perform("GET", ["v1", "projects", project, "llms.txt"], {}, options);
  }

  /**
   * What the project's portal page shows to everybody. `GET /v1/projects/{project}/portal`
   */
  getPortal(project: string, options?: CallOptions): Promise<Portal> {
    return this.perform("GET", ["v1", "projects", project, "portal"], {}, options);
  }

  /**
   * Let a customer whom you know into the portal. The code works once, within 15 minutes, and stands for
   * the one account. Needs the scope `accounts:write`. `POST /v1/projects/{project}/portal-sessions`
   */
  createPortalSession(
    project: string,
    body: NewPortalSession,
    options?: KeyedOptions,
  ): Promise<PortalSession> {
    return this.perform("POST", ["v1", "projects", project, "portal-sessions"], { body }, options);
  }

  /**
   * The newest requests of a project, with the reason in words. At most 1,000, out of the memory of the
   * node that answers. Needs the scope `accounts:read`. `GET /v1/projects/{project}/requests`
   * - outcome: A code, or refused for all but ok.
   */
  listRequests(
    project: string,
    query?: {
      readonly key?: string;
      readonly outcome?:
        | "ok"
        | "missing_key"
        | "multiple_credentials"
        | "malformed_request"
        | "ambiguous_path"
        | "invalid_key"
        | "revoked_key"
        | "disabled_key"
        | "expired_key"
        | "account_suspended"
        | "wrong_environment"
        | "ip_not_allowed"
        | "no_route"
        | "insufficient_scope"
        | "wrong_account"
        | "feature_not_in_plan"
        | "concurrency_exceeded"
        | "rate_exceeded"
        | "unmeasurable_request"
        | "request_too_large"
        | "allowance_exceeded"
        | "insufficient_credits"
        | "store_unavailable"
        | "refused";
      readonly limit?: number;
      readonly account?: string;
    },
    options?: CallOptions,
  ): Promise<SeenRequests> {
    return this.perform("GET", ["v1", "projects", project, "requests"], { query }, options);
  }

  /**
   * Try a request, and see each step of its verdict. Takes nothing: no limit, no unit, no place in the
   * usage. Needs the scope `keys:verify`. `POST /v1/projects/{project}/test-request`
   */
  testRequest(project: string, body: TestRequest, options?: CallOptions): Promise<TestedRequest> {
    return this.perform("POST", ["v1", "projects", project, "test-request"], { body }, options);
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
   * Requests as they come. Events `request` with a SeenRequest, and `skipped` with a count where more
   * came than are told. Of the node that answers. Needs the scope `accounts:read`. `GET
   * /v1/projects/{project}/traffic`
   * - outcome: A code, or refused for all but ok.
   */
  watchTraffic(
    project: string,
    query?: {
      readonly key?: string;
      readonly outcome?:
        | "ok"
        | "missing_key"
        | "multiple_credentials"
        | "malformed_request"
        | "ambiguous_path"
        | "invalid_key"
        | "revoked_key"
        | "disabled_key"
        | "expired_key"
        | "account_suspended"
        | "wrong_environment"
        | "ip_not_allowed"
        | "no_route"
        | "insufficient_scope"
        | "wrong_account"
        | "feature_not_in_plan"
        | "concurrency_exceeded"
        | "rate_exceeded"
        | "unmeasurable_request"
        | "request_too_large"
        | "allowance_exceeded"
        | "insufficient_credits"
        | "store_unavailable"
        | "refused";
      readonly account?: string;
    },
    options?: CallOptions,
  ): AsyncIterable<ServerSentEvent> {
    return this.events("GET", ["v1", "projects", project, "traffic"], { query }, options);
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
   * A link by which a person sets a new password, to be handed over. Be sure of whom you hand it to.
   * Good once, for ten minutes. Needs the scope `people:write`. `POST /v1/reset-links`
   */
  makeResetLink(body: NewResetLink, options?: KeyedOptions): Promise<OneTimeLink> {
    return this.perform("POST", ["v1", "reset-links"], { body }, options);
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
