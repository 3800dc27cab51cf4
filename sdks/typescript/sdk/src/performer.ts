// Carries out operations by way of @claviger/client, which retries, limits and redacts; it knows no single operation. The root key
// leaves it in requests only.
import {
  type ApiClient,
  ApiError,
  ConfigurationError,
  defineClient,
  type Query,
  type RequestOptions,
  type ServerSentEvent,
} from "@claviger/client";

export interface ClavigerOptions {
  /** Instead of CLAVIGER_ROOT_KEY. */
  readonly rootKey?: string | undefined;
  /** Of the control plane, instead of CLAVIGER_URL; default http://127.0.0.1:4000. */
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of one attempt, in milliseconds; default 60,000. */
  readonly timeoutMs?: number;
  /** Default 2. */
  readonly maxRetries?: number;
  readonly fetch?: typeof globalThis.fetch;
  /** The next three are for tests. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  readonly now?: () => number;
}

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface KeyedOptions extends CallOptions {
  /** Made once per call if not given, and the same over all retries. */
  readonly idempotencyKey?: string;
}

/** What an operation sends, and how it may be answered. */
interface Facts {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly form?: object;
  /** A text is YAML. */
  readonly file?: unknown;
  /** A second arrival would do it again. */
  readonly once?: boolean;
  /** Statuses of refusal whose body is a result. */
  readonly alsoResults?: readonly number[];
}

const Client = defineClient({
  name: "Claviger",
  environmentVariable: "CLAVIGER_ROOT_KEY",
  baseUrl: "http://127.0.0.1:4000",
  baseUrlEnvironmentVariable: "CLAVIGER_URL",
  keyFormat: "claviger_root_{secret:40}",
  headers: { "user-agent": "claviger-sdk/0.1.0" },
});

export abstract class Performer {
  readonly #client: ApiClient;

  /** Throws a ConfigurationError; sends nothing. */
  constructor({ rootKey, url, ...options }: ClavigerOptions = {}) {
    try {
      // A root key in a page is a root key given away, whatever an untyped program asks for.
      const settled = { ...options, dangerouslyAllowBrowser: false };
      this.#client = new Client({ ...settled, apiKey: rootKey, baseUrl: url });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const words = error.message
        .replace("API key", "root key")
        .replace("apiKey", "rootKey")
        .replace(" (dangerouslyAllowBrowser)", "");
      throw new ConfigurationError(words);
    }
  }

  /** Of the control plane, without a final slash. */
  get url(): string {
    return this.#client.baseUrl;
  }

  /** Any call, for what this release has no method for. Throws an ApiError. */
  get request(): ApiClient["request"] {
    return this.#client.request.bind(this.#client);
  }

  protected async perform<T>(
    method: string,
    segments: readonly string[],
    facts: Facts,
    options: KeyedOptions = {},
  ): Promise<T> {
    const { alsoResults = [], ...sent } = facts;
    // Such a status is an answer already: it is not waited for that it passes.
    const request = { ...(alsoResults.length > 0 && { maxRetries: 0 }), ...requestOf(sent), ...options };
    try {
      return await this.#client.request<T>(method, pathOf(segments), withHeaders(request, facts));
    } catch (error) {
      const isResult = error instanceof ApiError && alsoResults.includes(error.status ?? 0);
      if (isResult && typeof error.body === "object") return error.body as T;
      throw error;
    }
  }

  /** JSON Lines as they arrive. An answer that breaks off throws: what came of it is not whole. */
  protected async *lines<T>(
    method: string,
    segments: readonly string[],
    { query }: Facts,
    options: CallOptions = {},
  ): AsyncGenerator<T, void, undefined> {
    const path = pathOf(segments);
    const stream = await this.#client.request(method, path, {
      ...known({ query }),
      ...options,
      stream: "lines",
    });
    for await (const line of stream) if (line !== "") yield parsed(line) as T;
  }

  /** Events as they arrive; iterating ends when the server ends them, and throws when they break off. */
  protected async *events(
    method: string,
    segments: readonly string[],
    { query }: Facts,
    options: CallOptions = {},
  ): AsyncGenerator<ServerSentEvent, void, undefined> {
    const request = { ...known({ query }), ...options, stream: "events" } as const;
    yield* await this.#client.request(method, pathOf(segments), request);
  }

  /** `query.cursor` is where to begin. */
  protected async *pages<T>(
    method: string,
    segments: readonly string[],
    query: Query = {},
    options: CallOptions = {},
  ): AsyncGenerator<T, void, undefined> {
    for (let cursor = query.cursor; ; ) {
      const facts = { query: { ...query, cursor } };
      const page = await this.perform<{ items: T[]; nextCursor?: string }>(method, segments, facts, options);
      yield* page.items;
      if (page.nextCursor === undefined) return;
      cursor = page.nextCursor;
    }
  }
}

function pathOf(segments: readonly string[]): string {
  // An empty one, or dots, would be folded away, and the call would reach another operation.
  if (segments.some((segment) => /^\.{0,2}$/.test(segment))) throw new TypeError("A name or an id is empty.");
  return `/${segments.map(encodeURIComponent).join("/")}`;
}

function requestOf({ query, body, form, file, once }: Facts): RequestOptions & { stream?: never } {
  return known({
    query,
    body: form ? new URLSearchParams({ ...form }) : (file ?? body),
    idempotencyKey: once ? "" : undefined,
  });
}

function withHeaders<T extends CallOptions>(request: T, { file }: Facts): T {
  if (typeof file !== "string") return request;
  return { ...request, headers: { "content-type": "application/yaml", ...request.headers } };
}

function known<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ApiError("A line of the answer is not the JSON it says.");
  }
}
