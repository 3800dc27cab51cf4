// What a vendor's client can do, as methods; the work is done elsewhere. The key leaves it in requests only.
import type { Answer } from "./answer.ts";
import { call } from "./call.ts";
import type {
  ClientDefinition,
  ClientOptions,
  RequestOptions,
  StreamKind,
  WebSocketOptions,
} from "./definition.ts";
import { type Settings, settle } from "./settings.ts";
import type { Stream, StreamItems } from "./stream.ts";
import type { Usage } from "./usage.ts";
import { connect } from "./web-socket.ts";

type Streamed<K extends StreamKind> = RequestOptions & { readonly stream: K };
type Whole = RequestOptions & { readonly stream?: never };

/** Made by `defineClient`. Calls may run side by side; `usage` is of the answer that came last. */
export class ApiClient {
  /** Without a final slash. */
  readonly baseUrl: string;
  readonly #settings: Settings;

  /** Throws a ConfigurationError; sends nothing. */
  constructor(definition: ClientDefinition, options: ClientOptions = {}) {
    this.#settings = settle(definition, options);
    this.baseUrl = this.#settings.baseUrl;
  }

  /** Of the last answer, a refusal included; undefined before the first. */
  get usage(): Usage | undefined {
    return this.#settings.meter.usage;
  }

  /** The body of the answer, or a stream of it. Throws an ApiError, or the reason of `signal`. */
  request<K extends StreamKind>(
    method: string,
    path: string,
    options: Streamed<K>,
  ): Promise<Stream<StreamItems[K]>>;
  request<T = unknown>(method: string, path: string, options?: Whole): Promise<T>;
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const answer = await call(this.#settings, method, path, options);
    return "body" in answer ? answer.body : answer;
  }

  /** Like `request`, with status, headers, request id and usage beside the body. */
  exchange<T = unknown>(method: string, path: string, options: Whole = {}): Promise<Answer<T>> {
    return call(this.#settings, method, path, options) as Promise<Answer<T>>;
  }

  get<K extends StreamKind>(path: string, options: Streamed<K>): Promise<Stream<StreamItems[K]>>;
  get<T = unknown>(path: string, options?: Whole): Promise<T>;
  get(path: string, options?: RequestOptions): Promise<unknown> {
    return this.request("GET", path, options as Whole);
  }

  post<K extends StreamKind>(path: string, options: Streamed<K>): Promise<Stream<StreamItems[K]>>;
  post<T = unknown>(path: string, options?: Whole): Promise<T>;
  post(path: string, options?: RequestOptions): Promise<unknown> {
    return this.request("POST", path, options as Whole);
  }

  put<T = unknown>(path: string, options?: Whole): Promise<T> {
    return this.request("PUT", path, options);
  }

  patch<T = unknown>(path: string, options?: Whole): Promise<T> {
    return this.request("PATCH", path, options);
  }

  delete<T = unknown>(path: string, options?: Whole): Promise<T> {
    return this.request("DELETE", path, options);
  }

  /** An open socket. The key goes in a header where the runtime can send one, else as a ticket, else in the query. */
  websocket(path: string, options: WebSocketOptions = {}): Promise<WebSocket> {
    return connect(this.#settings, this, path, options);
  }
}

/** Makes a vendor's client: `class Acme extends defineClient({ name: "Acme", … }) {}`. */
export function defineClient(definition: ClientDefinition): new (options?: ClientOptions) => ApiClient {
  return class extends ApiClient {
    constructor(options?: ClientOptions) {
      super(definition, options);
    }
  };
}
