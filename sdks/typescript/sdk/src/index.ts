// What the package offers, and nothing else of it.

export type { ServerSentEvent } from "@claviger/client";
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
} from "@claviger/client";
export { Claviger } from "./claviger.ts";
export type { CallOptions, ClavigerOptions, KeyedOptions } from "./performer.ts";
export { type ProblemCode, problemOf } from "./problem.ts";
export type * from "./shapes.ts";
export {
  checkWebhook,
  type Webhook,
  type WebhookCheck,
  type WebhookDelivery,
  WebhookError,
  type WebhookFault,
} from "./webhook.ts";
