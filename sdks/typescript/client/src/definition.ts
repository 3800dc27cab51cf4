// What a vendor says of its API, and what a caller may choose; shapes only.
import type { ApiClient } from "./client.ts";

/**
 * A template such as `acme_{env}_{id:8}_{secret:32}` whose last six characters are a checksum, the same with its particulars,
 * or a pattern for the whole key.
 */
export type KeyFormat =
  | string
  | RegExp
  | {
      readonly template: string;
      /** Default `crc32`: base62 of the CRC-32 of all before it. */
      readonly checksum?: "crc32" | "none";
    };

export interface ClientDefinition {
  /** Stands in messages. */
  readonly name: string;
  /** Where the key is read from when none is passed. */
  readonly environmentVariable: string;
  /** May end in a path. */
  readonly baseUrl: string;
  /** Read when no base URL is passed; goes before a region. */
  readonly baseUrlEnvironmentVariable?: string;
  /** By the prefix that asks for it, such as `eu-`: the prefix is taken off the key. */
  readonly regions?: Readonly<Record<string, { readonly baseUrl: string }>>;
  /** A key that fits none is refused before anything is sent. */
  readonly keyFormat?: KeyFormat | readonly KeyFormat[];
  /** The header whose whole value is the key; default `Authorization: Bearer <key>`. */
  readonly keyHeader?: string;
  readonly webSocket?: {
    /** The query parameter that carries the key where the runtime can send no header. */
    readonly keyParameter?: string;
    /** Query parameters with something short-lived in the key's place; goes before `keyParameter`. */
    readonly ticket?: (client: ApiClient) => Promise<Readonly<Record<string, string>>>;
  };
  /** Sent with every request; the place for a User-Agent of the vendor's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 60,000. */
  readonly timeoutMs?: number;
  /** Default 2. */
  readonly maxRetries?: number;
}

export interface UpgradeInit {
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols: string[];
}

export interface ClientOptions {
  /** Instead of the environment variable. */
  readonly apiKey?: string | undefined;
  /** Instead of the definition's and the region's. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of one attempt, in milliseconds; Infinity for none. */
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
  /** A browser shows the key to whoever uses the page. */
  readonly dangerouslyAllowBrowser?: boolean;
  readonly fetch?: typeof globalThis.fetch;
  /** Opens a socket with these headers, for runtimes whose own WebSocket takes none. */
  readonly webSocket?: (url: string, init: UpgradeInit) => WebSocket;
  /** The next three are for tests. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** At least 0 and below 1. */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export type QueryValue = string | number | boolean | null | undefined;
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[]>>;
export type StreamKind = "bytes" | "lines" | "events";

export interface RequestOptions {
  /** Text, bytes, forms and streams as they are; anything else as JSON. */
  readonly body?: unknown;
  /** A list gives the parameter several times; null and undefined give none. */
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes the result an iterable stream, whose time limit is for the headers and for each wait between two chunks. */
  readonly stream?: StreamKind;
  /** Made once per call of POST and PATCH if not given; the same over all retries. Empty for none, and then for no retry. */
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
  readonly signal?: AbortSignal;
}

export interface WebSocketOptions {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: string[];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
