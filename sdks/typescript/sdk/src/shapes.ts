// The shapes of the control plane, generated from openapi.json by `npm run generate`; may not be edited.

export interface Account {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly externalId: string | null;
  /** The account's plan, or the project's default plan where it has none. */
  readonly plan: string | null;
  /** The operator's own data, at most 8 KiB of JSON; Claviger does not read it. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** All keys of a suspended account are refused. */
  readonly suspended: boolean;
  readonly suspendedAt: string | null;
  /** Prepaid units of the account, in every environment. */
  readonly credits: number;
  readonly allowance?: Allowance;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly createdAt: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly updatedAt: string;
}

export interface AccountChange {
  /** 1 to 100 characters, none of them a control character. */
  readonly name?: string;
  /** Your own id of the customer, unique in the project. */
  readonly externalId?: string | null;
  /** A plan of the project; null for its default plan. */
  readonly plan?: string | null;
  /** The operator's own data, at most 8 KiB of JSON; Claviger does not read it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Keys of a suspended account are refused and come back unharmed. */
  readonly suspended?: boolean;
}

/** Where the account's plan has one, in one environment. */
export interface Allowance {
  /** Units of a period; null without bound. */
  readonly limit: number | null;
  readonly used: number;
  /** Never below 0; null without bound. */
  readonly remaining: number | null;
  /** Of what was used, what was taken past the limit. */
  readonly over: number;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly resetsAt: string;
}

export interface AppliedProject {
  readonly project: Project;
  readonly created: boolean;
  readonly differences: readonly {
    /** Dotted path of the field; empty for the file as a whole. */
    readonly field: string;
    readonly change: "added" | "removed" | "changed";
    readonly before?: unknown;
    readonly after?: unknown;
  }[];
  readonly warnings: readonly string[];
}

export interface AuditEntry {
  readonly id: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly at: string;
  readonly project: string;
  /** The root key's id, or local for a command of the store's owner. */
  readonly actor: string;
  /** Such as key.create. */
  readonly action: string;
  /** The id of what was changed. */
  readonly subject: string;
  /** What was changed; never a secret. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface BillingLine {
  readonly project: string;
  readonly account: string;
  readonly externalId: string | null;
  readonly name: string;
  /** The plan that the account has now. */
  readonly plan: string | null;
  readonly environment: string;
  readonly month: string;
  /** Those that were allowed. */
  readonly requests: number;
  /** What they cost, whatever paid it, less what was given back. */
  readonly units: number;
  readonly allowance: {
    /** Of the plan now; null without bound. */
    readonly limit: number | null;
    readonly used: number;
    /** Of used, what was past the limit. */
    readonly over: number;
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly startsAt: string;
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly resetsAt: string;
  } | null;
  /** Less what was given back. */
  readonly creditsSpent: number;
}

export interface CreatedKey {
  /** Names the key; no secret. */
  readonly id: string;
  readonly project: string;
  readonly account: string;
  readonly name: string;
  readonly environment: string;
  readonly scopes: readonly string[];
  readonly tier: string | null;
  /** Canonical addresses and CIDR ranges; empty admits every address. */
  readonly allowedIps: readonly string[];
  /** The operator's own data, at most 8 KiB of JSON; Claviger does not read it. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The beginning of the key, for listings. */
  readonly start: string;
  /** The end of the key, for listings. */
  readonly lastFour: string;
  readonly status: "active" | "disabled" | "expired" | "revoked" | "not_yet_valid";
  readonly notBefore: string | null;
  /** Exclusive: the key is expired at this moment. */
  readonly expiresAt: string | null;
  readonly disabledAt: string | null;
  readonly revokedAt: string | null;
  readonly deletedAt: string | null;
  /** The id of the first key of the rotation family. */
  readonly family: string;
  /** The key that this one replaced. */
  readonly predecessor: string | null;
  /** The key that replaced this one. */
  readonly successor: string | null;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly createdAt: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly updatedAt: string;
  /** The newest verdict that proved the key, refusals included; null for none. In reads only. */
  readonly lastUsedAt?: string | null;
  /** The full key, shown here and never again. Absent when the answer of an Idempotency-Key is repeated. */
  readonly key?: string;
}

export interface CreditsChange {
  readonly project: string;
  readonly account: string;
  /** Added, or below 0 taken away. */
  readonly amount: number;
  readonly expiresAt: string | null;
  readonly reason: string | null;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly at: string;
  /**
   * What the account has at this answer. The repeated answer of an Idempotency-Key differs in this
   * alone.
   */
  readonly credits: number;
}

export interface FailPolicies {
  /** In the order in which a request meets them. */
  readonly layers: readonly {
    readonly layer: string;
    readonly dependsOn: string;
    readonly onFailure: string;
    readonly bound: string;
    /** Whether it is so at this moment, on the node that answers. */
    readonly now: boolean;
  }[];
  /** Live nodes, this one included; absent where the store is not shared. */
  readonly nodes?: number;
  /** How long keys in memory are admitted past the lease. */
  readonly failStaticSeconds: number;
  /** Requests that this node so admitted since its start. */
  readonly staleAdmissions: number;
  /** Decisions on limits that this node made by its part of them since its start. */
  readonly countedAlone: number;
}

export interface FoundKeys {
  /** Newest first. */
  readonly items: readonly Key[];
}

export interface Hold {
  readonly id: string;
  readonly project: string;
  readonly account: string;
  readonly environment: string;
  /** What was held. */
  readonly units: number;
  /** What was paid in the end. */
  readonly settledUnits: number;
  /** released where all of it was given back. */
  readonly status: "settled" | "released";
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly settledAt: string;
  readonly allowance?: Allowance;
  /** Prepaid units of the account, in every environment. */
  readonly credits: number;
}

export interface Instance {
  /** Whether mail can be sent; without it links are handed over. */
  readonly mail: boolean;
  readonly portalUrl: string;
  readonly consoleUrl: string;
}

export interface Introspection {
  readonly active: boolean;
  /** All scopes that the key may use now, implied ones included. */
  readonly scope?: string;
  /** The account's id. */
  readonly client_id?: string;
  /** The key's id. */
  readonly sub?: string;
  readonly token_type?: string;
  readonly iat?: number;
  readonly nbf?: number;
  readonly exp?: number;
  readonly claviger?: {
    readonly project: string;
    readonly environment: string;
    readonly tier?: string;
    readonly plan?: string;
  };
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly createdAt: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly expiresAt: string;
  readonly role: "viewer" | "developer" | "admin" | "owner";
  /** To be handed over; only here and only where no mail was sent. */
  readonly link?: string;
}

export interface Invitations {
  /** Newest first. */
  readonly items: readonly Invitation[];
}

export interface IssuedTicket {
  /** To be used once, in the URL of a WebSocket. Shown here and nowhere else. */
  readonly ticket: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly expiresAt: string;
}

export interface Key {
  /** Names the key; no secret. */
  readonly id: string;
  readonly project: string;
  readonly account: string;
  readonly name: string;
  readonly environment: string;
  readonly scopes: readonly string[];
  readonly tier: string | null;
  /** Canonical addresses and CIDR ranges; empty admits every address. */
  readonly allowedIps: readonly string[];
  /** The operator's own data, at most 8 KiB of JSON; Claviger does not read it. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The beginning of the key, for listings. */
  readonly start: string;
  /** The end of the key, for listings. */
  readonly lastFour: string;
  readonly status: "active" | "disabled" | "expired" | "revoked" | "not_yet_valid";
  readonly notBefore: string | null;
  /** Exclusive: the key is expired at this moment. */
  readonly expiresAt: string | null;
  readonly disabledAt: string | null;
  readonly revokedAt: string | null;
  readonly deletedAt: string | null;
  /** The id of the first key of the rotation family. */
  readonly family: string;
  /** The key that this one replaced. */
  readonly predecessor: string | null;
  /** The key that replaced this one. */
  readonly successor: string | null;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly createdAt: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly updatedAt: string;
  /** The newest verdict that proved the key, refusals included; null for none. In reads only. */
  readonly lastUsedAt?: string | null;
}

export interface KeyChange {
  /** 1 to 100 characters, none of them a control character. */
  readonly name?: string;
  /** Scopes of the project, attached as the project declares them now. */
  readonly scopes?: readonly string[];
  /** A tier of the project. */
  readonly tier?: string;
  /** Addresses and CIDR ranges, IPv4 and IPv6. One bad entry refuses the list. */
  readonly allowedIps?: readonly string[];
  /** Must be true for a list that holds 0.0.0.0/0 or ::/0. */
  readonly confirmAnyAddress?: boolean;
  /** The key is unknown before this moment. */
  readonly notBefore?: string | null;
  /** A moment in the future; null for never. */
  readonly expiresAt?: string | null;
  /** The operator's own data, at most 8 KiB of JSON; Claviger does not read it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface KeySearch {
  /** Keys of this account only. */
  readonly account?: string;
  /**
   * An id, a start, the last four, a name or a part of one; or a whole key, of which only the digest is
   * looked for.
   */
  readonly text: string;
  readonly limit?: number;
}

export interface KeyUses {
  /** The newest verdict that proved the key; null for none. */
  readonly lastUsedAt: string | null;
  /** From where, as far as this node remembers. */
  readonly lastAddress: string | null;
  readonly requestsLast24Hours: number;
  /** Of the last 24 hours, the busiest first. */
  readonly routes: readonly {
    readonly route: string;
    readonly requests: number;
  }[];
}

export interface MemberChange {
  readonly role: "viewer" | "developer" | "admin" | "owner";
}

export interface Members {
  /** Oldest first. */
  readonly items: readonly {
    readonly person: string;
    readonly name: string;
    readonly email: string;
    readonly role: "viewer" | "developer" | "admin" | "owner";
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly since: string;
  }[];
}

export interface Movement {
  readonly id: string;
  /** The hour's beginning where it sums up an hour. */
  readonly at: string;
  readonly account: string;
  /** null for credits that were granted, adjusted or expired. */
  readonly environment: string | null;
  readonly pot: "allowance" | "credits";
  readonly kind: "grant" | "adjustment" | "spend" | "refund" | "expiry";
  /** Above 0 gained, below 0 lost. */
  readonly units: number;
  /** How many requests it sums up; 0 where none made it. */
  readonly requests: number;
  /** The key that spent. */
  readonly key: string | null;
  /** The pattern of the route; null where none was consulted. */
  readonly route: string | null;
  /** Of an allowance, when its period began. */
  readonly period: string | null;
  /** Of credits, when they end; null for never. */
  readonly expiresAt: string | null;
  readonly reason: string | null;
  /** Whether it stands for all like it of its hour. */
  readonly compacted: boolean;
}

export interface NewAccount {
  /** 1 to 100 characters, none of them a control character. */
  readonly name: string;
  /** Your own id of the customer, unique in the project. */
  readonly externalId?: string | null;
  /** A plan of the project; null for its default plan. */
  readonly plan?: string | null;
  /** The operator's own data, at most 8 KiB of JSON; Claviger does not read it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface NewCredits {
  /** Units to add, or below 0 to take away; not 0. */
  readonly amount: number;
  /** A moment in the future at which added credits end; null for never. */
  readonly expiresAt?: string | null;
  /** 1 to 200 characters, none of them a control character; it stands in the journal. */
  readonly reason?: string | null;
}

export interface NewInvitation {
  readonly email: string;
  readonly role: "viewer" | "developer" | "admin" | "owner";
}

export interface NewKey {
  /** The id of the account that owns the key. */
  readonly account: string;
  /** 1 to 100 characters, none of them a control character. */
  readonly name: string;
  /** The project's first when absent. */
  readonly environment?: string;
  /** Scopes of the project, attached as the project declares them now. */
  readonly scopes?: readonly string[];
  /** A tier of the project. */
  readonly tier?: string;
  /** Addresses and CIDR ranges, IPv4 and IPv6. One bad entry refuses the list. */
  readonly allowedIps?: readonly string[];
  /** Must be true for a list that holds 0.0.0.0/0 or ::/0. */
  readonly confirmAnyAddress?: boolean;
  /** The key is unknown before this moment. */
  readonly notBefore?: string | null;
  /** A moment in the future; null for never. */
  readonly expiresAt?: string | null;
  /** The operator's own data, at most 8 KiB of JSON; Claviger does not read it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface NewOperator {
  readonly email: string;
  readonly role: "viewer" | "support" | "admin" | "owner";
}

export interface NewPortalSession {
  /** Whose keys are shown. */
  readonly account: string;
  readonly role?: "viewer" | "developer" | "admin" | "owner";
}

export interface NewResetLink {
  readonly email: string;
  /** Default member. */
  readonly kind?: "member" | "operator";
  /** Whose portal the link of a member leads to. */
  readonly project?: string;
}

export interface NewTicket {
  /** The id of the key whose rights, limits and money the socket has. */
  readonly key: string;
  /** The only path that it opens, without a query. */
  readonly path?: string;
  /** The address of the only client that may use it. */
  readonly address?: string;
  readonly ttlSeconds?: number;
}

export interface OAuthError {
  readonly error: string;
  readonly error_description?: string;
}

export interface OneTimeLink {
  /** Works once; shown here and nowhere else. */
  readonly link: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly expiresAt: string;
}

export interface OperatorChange {
  readonly role: "viewer" | "support" | "admin" | "owner";
}

export interface OperatorInvitation {
  readonly id: string;
  readonly email: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly createdAt: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly expiresAt: string;
  readonly role: "viewer" | "support" | "admin" | "owner";
  /** To be handed over; only here and only where no mail was sent. */
  readonly link?: string;
}

export interface Operators {
  /** Oldest first. */
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly role: "viewer" | "support" | "admin" | "owner";
    readonly secondFactor: boolean;
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly since: string;
  }[];
  readonly invitations: readonly OperatorInvitation[];
}

export interface Portal {
  readonly project: string;
  readonly title: string;
  readonly description: string | null;
  readonly labels: {
    /** The way to the keys. */
    readonly menu: readonly string[];
    readonly keys: string;
    readonly key: string;
    readonly createKey: string;
    readonly rotateKey: string;
    readonly revokeKey: string;
    readonly account: string;
    readonly usage: string;
  };
  /** Such as #1c5fd4. */
  readonly accent: string;
  /** A data URI. */
  readonly logo: string | null;
  readonly signUp: "open" | "invited";
  /** Whether a reset can be asked for by mail. */
  readonly mail: boolean;
  readonly environments: readonly string[];
  readonly scopes: readonly {
    readonly name: string;
    readonly description: string;
    /** The product it belongs to. */
    readonly group: string | null;
    readonly implies: readonly string[];
    readonly standsForAll: boolean;
  }[];
  readonly defaultScopes: readonly string[];
  readonly tiers: readonly {
    readonly name: string;
    readonly title: string;
    readonly scopes: readonly string[];
  }[];
  readonly keys: {
    /** The template of a new key. */
    readonly looksLike: string;
    readonly maxPerAccount: number | null;
    readonly defaultExpiryDays: number | null;
    readonly maxExpiryDays: number | null;
  };
  readonly client: {
    readonly environmentVariable: string;
    /** Where keys are used. */
    readonly baseUrl: string | null;
    /** A request that works, and reads the key from the environment. */
    readonly snippets: readonly {
      readonly title: string;
      readonly language: string;
      readonly code: string;
    }[];
  };
}

export interface PortalSession {
  /** Opens the portal, signed in. The code stands in the fragment. */
  readonly url: string;
  /** For a frame, which is handed the code by postMessage. */
  readonly embedUrl: string;
  /** Works once. */
  readonly code: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly expiresAt: string;
}

export interface Problem {
  /** urn:claviger:error: and the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What to mend. */
  readonly detail: string;
  /** Stable; programs may rely on it. */
  readonly code:
    | "invalid_request"
    | "invalid_json"
    | "multiple_credentials"
    | "missing_key"
    | "invalid_key"
    | "session_required"
    | "invalid_credentials"
    | "insufficient_credits"
    | "insufficient_scope"
    | "forbidden"
    | "csrf_failed"
    | "reauth_required"
    | "address_unconfirmed"
    | "not_found"
    | "method_not_allowed"
    | "conflict"
    | "confirmation_required"
    | "mail_unavailable"
    | "limit_reached"
    | "idempotency_in_progress"
    | "payload_too_large"
    | "unsupported_media_type"
    | "validation_failed"
    | "idempotency_key_reused"
    | "too_many_attempts"
    | "headers_too_large"
    | "overloaded"
    | "store_unavailable"
    | "internal_error";
  /** The request's id, as in X-Request-Id. */
  readonly instance: string;
  /** Where the mistakes are, with validation_failed; at most 100 of them. */
  readonly errors?: readonly {
    /** Dotted path of the field; empty for the body as a whole. */
    readonly field: string;
    readonly message: string;
  }[];
}

export interface Project {
  readonly name: string;
  readonly title: string;
  readonly file: ProjectFile;
  /** Counts the changes of the file from 1. */
  readonly version: number;
  readonly endpoints: readonly {
    /** As the project file names it. */
    readonly host: string;
    /** Where this server answers for the host, for clients that do not resolve it. */
    readonly url: string;
  }[];
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly createdAt: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly updatedAt: string;
}

export interface ProjectFile {
  /** The project's id; the only field that must be given. */
  readonly name: string;
  /** The shown name. */
  readonly title?: string;
  /** One sentence for the generated pages. */
  readonly description?: string;
  readonly hosts?: readonly (
    | string
    | {
        readonly host: string;
        /** Only keys of this environment are admitted here. */
        readonly environment?: string;
        /** The region reported to the upstream for requests to this host. */
        readonly region?: string;
      }
  )[];
  readonly environments?: readonly string[];
  readonly keys?: {
    /** Template of a key, of text, {env}, {id:N} and a final {secret:N}; such as acme_{env}_{secret:32}. */
    readonly format?: string;
    /** Whether the last six characters of the secret are a base62 CRC-32 of all before them. */
    readonly checksum?: "crc32" | "none";
    /** Formats that are read beside the one that is minted, for keys issued before. */
    readonly accept?: readonly {
      readonly format: string;
      /** Whether the last six characters of the secret are a base62 CRC-32 of all before them. */
      readonly checksum?: "crc32" | "none";
    }[];
    /** Scopes of a key that is made without naming any; without it such a key is refused. */
    readonly defaultScopes?: readonly string[];
    /** How many keys of an account may be alive at once. Without it there is no bound. */
    readonly maxPerAccount?: number;
    /** Of a key that is made without expiresAt. Without it such a key does not expire. */
    readonly defaultExpiryDays?: number;
    /**
     * The longest life of a key that a customer makes; then none without an end. Without it there is no
     * bound.
     */
    readonly maxExpiryDays?: number;
  };
  readonly credentials?: {
    /** Authorization: Bearer <key> (RFC 6750). Default true. */
    readonly bearer?: boolean;
    /** Headers whose whole value is the key. */
    readonly headers?: readonly string[];
    readonly query?: {
      readonly name?: string;
      /** Where the parameter is accepted: nowhere, or on WebSocket upgrades only. */
      readonly on?: "never" | "upgrade";
    };
    /** Hands the key on to the upstream as the client sent it. Default false: it is taken out. */
    readonly keep?: boolean;
    /**
     * Where a one-time ticket may stand in the URL of a WebSocket upgrade, for clients that must not hold
     * a key; default ticket.
     */
    readonly ticket?: {
      readonly name?: string;
    };
  };
  readonly regions?: Readonly<
    Record<
      string,
      {
        readonly keyPrefix: string;
        /** Where requests of the region go on to, in place of `upstream`. */
        readonly upstream?: string;
      }
    >
  >;
  readonly scopes?: Readonly<
    Record<
      string,
      | string
      | {
          /** What the scope allows, in the customer's words. */
          readonly description?: string;
          /** The product it belongs to. */
          readonly group?: string;
          /** Scopes that it includes. */
          readonly implies?: readonly string[];
          /** Full access: to the scopes of the key's creation only, or to those added later too. */
          readonly standsForAll?: "frozen" | "future";
        }
    >
  >;
  readonly tiers?: Readonly<
    Record<
      string,
      {
        /** Shown name. */
        readonly title?: string;
        readonly scopes: readonly string[];
      }
    >
  >;
  /** How fast and how many at once, for every key unless a plan says otherwise. */
  readonly limits?: Readonly<
    Record<
      string,
      | {
          /** Units per window; 0 admits nothing. */
          readonly rate: number;
          readonly windowSeconds: number;
          /** Units at one moment; default the rate. */
          readonly burst?: number;
          /**
           * Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of
           * everything that one client address sends (IPv6: one /64).
           */
          readonly per?: "key" | "account" | "address";
        }
      | {
          /** Requests at once; 0 admits nothing. */
          readonly concurrency: number;
          readonly retryAfterSeconds?: number;
          /**
           * Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of
           * everything that one client address sends (IPv6: one /64).
           */
          readonly per?: "key" | "account" | "address";
        }
    >
  >;
  readonly plans?: Readonly<
    Record<
      string,
      {
        /** Shown name. */
        readonly title?: string;
        readonly features?: "all" | readonly string[];
        /** Limits of the plan's accounts; one with a name of the project's takes its place. */
        readonly limits?: Readonly<
          Record<
            string,
            | {
                /** Units per window; 0 admits nothing. */
                readonly rate: number;
                readonly windowSeconds: number;
                /** Units at one moment; default the rate. */
                readonly burst?: number;
                /**
                 * Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of
                 * everything that one client address sends (IPv6: one /64).
                 */
                readonly per?: "key" | "account" | "address";
              }
            | {
                /** Requests at once; 0 admits nothing. */
                readonly concurrency: number;
                readonly retryAfterSeconds?: number;
                /**
                 * Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of
                 * everything that one client address sends (IPv6: one /64).
                 */
                readonly per?: "key" | "account" | "address";
              }
          >
        >;
        /**
         * Units of each environment of an account in a calendar month (UTC). A plan without it has none;
         * unlimited counts without bound.
         */
        readonly allowance?:
          | number
          | "unlimited"
          | {
              readonly units: number | "unlimited";
              /** Lets the account go past its allowance; what went over is counted and told. */
              readonly overage?: {
                /** Units past the allowance that a period takes; without it there is no bound. */
                readonly upTo?: number;
                readonly price?: {
                  readonly amount: number;
                  /** How many units the amount is for. */
                  readonly units: number;
                  readonly currency?: string;
                };
              };
              /**
               * Day of the month, or created for the day on which the account was made; default 1. A month too short
               * for it has its last day.
               */
              readonly resetsOn?: number | "created";
            };
        readonly price?: {
          readonly amount: number;
          readonly currency?: string;
          readonly per?: "month" | "year";
        };
      }
    >
  >;
  /** The plan of an account that has none. */
  readonly defaultPlan?: string;
  /** Without it every path is open to every valid key; with it what matches none is refused. */
  readonly routes?: readonly {
    readonly match: string | readonly string[];
    /** The group of methods, or group and method, that stands for it in client packages. */
    readonly name?: string;
    /** Whether client packages open a WebSocket here. Default false. */
    readonly webSocket?: boolean;
    /** All of these are needed. */
    readonly scopes?: readonly string[];
    /** The feature that the account's plan must include. */
    readonly feature?: string;
    /** The path parameter that must be the key's own account (its id or externalId). */
    readonly ownAccount?: string;
    /** The limits that hold here; default all of them. */
    readonly limits?: readonly string[];
    /** What a request counts in rate limits; default 1. */
    readonly weight?: number;
    /** Units that a request costs; 1 where the route names a pot and no cost. */
    readonly cost?:
      | number
      | {
          readonly characters: string;
        }
      | {
          readonly value: string;
          readonly minimum?: number;
        }
      | {
          readonly bytes: "body";
        };
    /** What pays: a pot, or pots in the order in which they pay. */
    readonly pot?: "allowance" | "credits" | readonly ("allowance" | "credits")[];
    readonly hold?:
      | true
      | {
          readonly settle: string;
          /** The most that a request may come to; default what was held. */
          readonly max?: number;
        };
    /**
     * What each message costs that a client sends over a WebSocket of this route, paid before it is passed
     * on; 1 where the cost is not said. Paid from the route's pot where none is named.
     */
    readonly messages?: {
      /** Units that a request costs; 1 where the route names a pot and no cost. */
      readonly cost?:
        | number
        | {
            readonly characters: string;
          }
        | {
            readonly value: string;
            readonly minimum?: number;
          }
        | {
            readonly bytes: "body";
          };
      /** What pays: a pot, or pots in the order in which they pay. */
      readonly pot?: "allowance" | "credits" | readonly ("allowance" | "credits")[];
    };
    /** How the route is judged for a proxy that asks (forward-auth, ext_authz). */
    readonly forwardAuth?:
      | false
      | {
          /** Units, in place of the route's cost; spent for good, whatever the upstream answers. */
          readonly cost?: number;
          /** How long a request counts as running, since nobody says when it ends. */
          readonly concurrencySeconds?: number;
        };
  }[];
  readonly network?: {
    readonly trustedProxies?: readonly string[];
    readonly clientAddressHeader?: string;
    readonly headerStyle?: "list" | "single" | "forwarded";
    /**
     * Lets the trusted proxies ask for verdicts (forward-auth, ext_authz); every route must then fit.
     * Default false.
     */
    readonly forwardAuth?: boolean;
    /**
     * How many invalid keys one client address (IPv6: one /64) may try; those beyond are answered
     * rate_exceeded. Without it there is no bound.
     */
    readonly failedAttempts?: {
      /** Invalid keys per window. */
      readonly rate: number;
      readonly windowSeconds: number;
    };
  };
  /**
   * Preflights are answered without the upstream, and every answer says which pages may read it. Never
   * with cookies.
   */
  readonly cors?: {
    /** Exact origins whose pages may call the API, or * alone for every page. */
    readonly origins: readonly string[];
    /** Request headers beside those that carry a key, Content-Type and Idempotency-Key. */
    readonly headers?: readonly string[];
    /** Answer headers beside those that Claviger itself sets. */
    readonly exposedHeaders?: readonly string[];
    /** How long a browser may remember the answer to a preflight; default 600. */
    readonly maxAgeSeconds?: number;
  };
  /** The URL that requests are forwarded to, or `sample` for one served inside the process. */
  readonly upstream?: string;
  readonly upstreamTimeouts?: {
    /** How long the upstream may take to begin its answer; default 60. */
    readonly answerSeconds?: number;
    /** How long it may pause within its answer; default 300. */
    readonly silenceSeconds?: number;
  };
  /** Answers of the sample upstream that are not the echo. */
  readonly sample?: readonly {
    /**
     * METHODS /path, such as GET /v1/voices/**, POST|PATCH /v1/voices/{voice}, or /v1/music/** for any
     * method.
     */
    readonly match: string;
    readonly status?: number;
    readonly body?: unknown;
    readonly delayMs?: number;
    /**
     * Over a WebSocket each message is answered with a moment of audio too (16-bit PCM, 24 kHz, mono),
     * before the echo.
     */
    readonly audio?: boolean;
    readonly failWhen?: {
      /** Member of the JSON body. */
      readonly field: string;
      readonly equals: unknown;
      readonly status: number;
    };
  }[];
  readonly client?: {
    readonly environmentVariable?: string;
    /** Where the API is; default the first host. */
    readonly baseUrl?: string;
    readonly regions?: Readonly<Record<string, string>>;
    /** What is installed; default the project's name. */
    readonly packageName?:
      | string
      | {
          /** On PyPI. */
          readonly python?: string;
          /** On npm; may have a scope. */
          readonly typescript?: string;
        };
    /** What Python imports; default the package's name with _ for other signs. */
    readonly moduleName?: string;
    /** The client's class; default the title, if it can be one, else the name. */
    readonly className?: string;
    readonly example?: {
      readonly method?: string;
      readonly path: string;
      readonly body?: unknown;
    };
  };
  readonly dialect?: {
    /** In WWW-Authenticate. */
    readonly realm?: string;
    /** JSON template of every refusal: {code}, {message}, {status}, … */
    readonly body?: unknown;
    readonly answers?: {
      readonly missing_key?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly multiple_credentials?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly malformed_request?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly ambiguous_path?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly invalid_key?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly revoked_key?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly disabled_key?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly expired_key?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly account_suspended?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly wrong_environment?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly ip_not_allowed?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly no_route?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly insufficient_scope?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly wrong_account?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly feature_not_in_plan?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly concurrency_exceeded?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly rate_exceeded?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly unmeasurable_request?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly request_too_large?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly allowance_exceeded?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly insufficient_credits?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly store_unavailable?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly upstream_unavailable?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly upstream_timeout?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly method_not_allowed?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly headers_too_large?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
      readonly origin_not_allowed?: {
        readonly status?: number;
        /** The vendor's error code. */
        readonly code?: string;
        /** May hold placeholders such as {hint}. */
        readonly message?: string;
        /** A body of its own instead of the dialect's. */
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
    };
    /** On every answer to a valid key. */
    readonly headers?: Readonly<Record<string, string>>;
    /**
     * Adds RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10) to every answer to a
     * valid key.
     */
    readonly rateLimitFields?: boolean;
  };
  /** The page on which customers keep their keys. */
  readonly portal?: {
    /** The words of the vendor's own pages. */
    readonly labels?: {
      /** The way to the keys, such as [Settings, API Keys]. Default [API Keys]. */
      readonly menu?: readonly string[];
      /** What keys are called, in the plural. Default API keys. */
      readonly keys?: string;
      /** What a key is called. Default API key. */
      readonly key?: string;
      /** On the button that makes a key. Default Create API key. */
      readonly createKey?: string;
      /** On the button that replaces a key. Default Rotate. */
      readonly rotateKey?: string;
      /** On the button that ends a key. Default Revoke. */
      readonly revokeKey?: string;
      /** What an account is called. Default account. */
      readonly account?: string;
      /** What usage is called. Default Usage. */
      readonly usage?: string;
    };
    /** Of buttons and links. Default #1c5fd4. */
    readonly accent?: string;
    /** Shown as an image, in which no script runs. */
    readonly logo?: string;
    /** Whether anybody may make an account, or only who is invited. Default open. */
    readonly signUp?: "open" | "invited";
    /** Whose pages may show the portal in a frame. Default nobody's. */
    readonly embedOrigins?: readonly string[];
  };
}

export interface Readiness {
  readonly ready: boolean;
  /** What was looked at: ok, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface Revocation {
  /** Every key of the rotation family too. */
  readonly family?: boolean;
}

export interface RevokeMany {
  readonly account?: string;
  /** Exclusive. */
  readonly createdBefore?: string;
  /** How many keys are meant to die. Without the exact number none does, and it is told. */
  readonly expectedCount?: number;
}

export interface RevokedMany {
  readonly revoked: number;
}

export interface Rotation {
  /** How long the old key goes on working; 0 revokes it in the same moment. */
  readonly graceSeconds?: number;
}

export interface SeenRequest {
  /** Grows; of this node and its present run. */
  readonly id: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly at: string;
  readonly method: string | null;
  /** Without its query. */
  readonly path: string | null;
  /** The pattern of the project file. */
  readonly route: string | null;
  /** The code of the verdict. */
  readonly outcome: string;
  readonly allowed: boolean;
  /** The verdict in words, and what to do. */
  readonly reason: string;
  readonly key: string | null;
  readonly keyName: string | null;
  readonly account: string | null;
  readonly environment: string | null;
  readonly address: string | null;
  readonly cost: number | null;
}

export interface SeenRequests {
  /** Newest first; what this node remembers. */
  readonly items: readonly SeenRequest[];
}

export interface Settlement {
  /** What the request really cost, in units. Less than held is given back, more is taken. */
  readonly cost: number;
}

export interface TestRequest {
  /** A whole key; in no log and no URL. */
  readonly key?: string;
  /** Or a key's id, as if the key were sent. */
  readonly keyId?: string;
  readonly method: string;
  /** As a client would send it. */
  readonly path: string;
  /** A host of the project; default the first. */
  readonly host?: string;
  readonly clientAddress?: string;
  /** Units; in place of the route's cost. */
  readonly cost?: number;
}

export interface TestedRequest {
  readonly allowed: boolean;
  /** Of the verdict. */
  readonly code: string;
  readonly reason: string;
  /** The key's id, once its secret was proved. */
  readonly key: string | null;
  /** The matched pattern. */
  readonly route: string | null;
  /** What the client would be told, where it is refused. */
  readonly answer: {
    readonly status: number;
    readonly body: string;
  } | null;
  /** In the order in which they are taken. */
  readonly steps: readonly {
    readonly step: string;
    readonly outcome: "passed" | "failed" | "not_reached";
    readonly words: string;
  }[];
}

export interface Usage {
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly from: string;
  /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
  readonly to: string;
  readonly by: readonly (
    | "account"
    | "environment"
    | "key"
    | "route"
    | "outcome"
    | "hour"
    | "day"
    | "month"
  )[];
  /** In the order of the groups, oldest and lowest first; nothing where nothing was counted. */
  readonly items: readonly {
    /** Empty for verdicts without a proven key. */
    readonly account?: string;
    /** Empty for verdicts without a proven key. */
    readonly environment?: string;
    /** Empty for verdicts without a proven key. */
    readonly key?: string;
    /** The pattern of the project file; empty where none matched. */
    readonly route?: string;
    /** The code of the verdict. */
    readonly outcome?: string;
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly hour?: string;
    /** In UTC, such as 2026-11-21. */
    readonly day?: string;
    /** In UTC, such as 2026-11. */
    readonly month?: string;
    /** Verdicts, refusals among them. */
    readonly requests: number;
    /** What they cost, less what was given back; below 0 where more was given back than spent. */
    readonly units: number;
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly lastAt: string;
  }[];
  readonly totals: {
    readonly requests: number;
    readonly units: number;
  };
}

export interface Verdict {
  readonly allowed: boolean;
  readonly code:
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
    | "store_unavailable";
  /** Present once the secret has matched. */
  readonly key?: {
    readonly id: string;
    readonly name: string;
    readonly account: string;
    readonly environment: string;
    readonly scopes: readonly string[];
    readonly tier?: string;
    readonly plan?: string;
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly expiresAt?: string;
    /** The operator's own data, at most 8 KiB of JSON; Claviger does not read it. */
    readonly metadata: Readonly<Record<string, unknown>>;
  };
  /** The pattern of the project file that matched. */
  readonly route?: string;
  /** The region that the credential's prefix asked for. */
  readonly region?: string;
  /** The database does not answer, and the key was admitted from memory past its lease (--fail-static). */
  readonly stale?: boolean;
  readonly requiredScopes?: readonly string[];
  /** What the limits say, for a valid key. */
  readonly limits?: readonly {
    readonly name: string;
    readonly kind: "rate" | "concurrency";
    readonly limit: number;
    readonly remaining: number;
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly resetsAt: string;
    readonly windowSeconds?: number;
    readonly retryAfterSeconds?: number;
  }[];
  /** Units: what the request has paid, or would have had to pay. */
  readonly cost?: number;
  readonly allowance?: Allowance;
  /** Prepaid units of the account, in every environment. */
  readonly credits?: number;
  /** Where one was asked for and something was paid. At expiresAt it stays spent. */
  readonly hold?: {
    /** Settle or release it under this id. */
    readonly id: string;
    readonly units: number;
    /** ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z. */
    readonly expiresAt: string;
  };
  /** With the codes that pass by waiting. */
  readonly retryAfterSeconds?: number;
  /** What to mend, out of a fixed list. */
  readonly hint?: string;
}

export interface VerifyBatch {
  readonly requests: readonly VerifyQuestion[];
}

export interface VerifyQuestion {
  /** The project whose key it should be. */
  readonly project: string;
  /** The credential as it was sent to you. */
  readonly key: string;
  /** The client's address. Without it a key that has an allowlist is refused. */
  readonly ip?: string;
  /** Admit keys of this environment only. */
  readonly environment?: string;
  /** Needed beside what the route needs. */
  readonly scopes?: readonly string[];
  /** Together with path: judge on this route. */
  readonly method?: string;
  /** The request target as it was sent. Without it no route is consulted. */
  readonly path?: string;
  /**
   * What the request costs in units, in place of the route's cost. Needed where the route takes its cost
   * from the request. An allowed verdict has spent it.
   */
  readonly cost?: number;
  /** Keep what is spent open under an id, so that it can be settled or given back. */
  readonly hold?: boolean;
}

export interface GetHealthResult {
  readonly status: "ok";
}

export interface IntrospectKeyBody {
  /** The key, exactly once. */
  readonly token: string;
  /** Ignored. */
  readonly token_type_hint?: string;
  /** Needed with Bearer; with Basic the user says it. */
  readonly project?: string;
}

export interface ProjectPage {
  /** Newest first. */
  readonly items: readonly Project[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface AccountPage {
  /** Newest first. */
  readonly items: readonly Account[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface MovementPage {
  /** Newest first. */
  readonly items: readonly Movement[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface AuditEntryPage {
  /** Newest first. */
  readonly items: readonly AuditEntry[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface KeyPage {
  /** Newest first. */
  readonly items: readonly Key[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface VerifyKeysResult {
  /** In the order of the requests. */
  readonly verdicts: readonly Verdict[];
}
