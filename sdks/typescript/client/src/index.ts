// What the package offers, and nothing else of it.
export type { Answer } from "./answer.ts";
export { ApiClient, defineClient } from "./client.ts";
export type {
  ClientDefinition,
  ClientOptions,
  KeyFormat,
  Query,
  RequestOptions,
  StreamKind,
  UpgradeInit,
  WebSocketOptions,
} from "./definition.ts";
export {
  ApiError,
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  NotFoundError,
  PaymentRequiredError,
  PermissionError,
  RateLimitError,
  ServerError,
  TimeoutError,
} from "./errors.ts";
export type { ServerSentEvent, Stream, StreamItems } from "./stream.ts";
export type { Limit, Usage } from "./usage.ts";
