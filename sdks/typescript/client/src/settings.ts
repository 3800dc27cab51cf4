// All that a client goes by, settled once from what the vendor defined and what the caller chose.
import { settleAccess } from "./api-key.ts";
import type { ClientDefinition, ClientOptions } from "./definition.ts";
import { known } from "./known.ts";
import { type Redact, redactor } from "./redact.ts";
import { type Base, setAll } from "./request.ts";
import { sleep } from "./runtime.ts";
import type { Usage } from "./usage.ts";

const USER_AGENT = "claviger-client/0.1.0";

type Choices = "fetch" | "timeoutMs" | "maxRetries" | "sleep" | "random" | "now";

export interface Settings extends Base, Required<Pick<ClientOptions, Choices>> {
  readonly redact: Redact;
  /** The usage of the last answer. */
  readonly meter: { usage?: Usage };
  /** Where a ticket comes from, or the key may stand. */
  readonly socket: NonNullable<ClientDefinition["webSocket"]>;
  readonly openSocket: ClientOptions["webSocket"];
}

/** Throws a ConfigurationError. */
export function settle(definition: ClientDefinition, options: ClientOptions): Settings {
  const { keyHeader } = definition;
  const access = settleAccess(definition, options);
  return {
    timeoutMs: 60_000,
    maxRetries: 2,
    // Looked up at each call, because programs replace it.
    fetch: (...args) => globalThis.fetch(...args),
    sleep,
    random: Math.random,
    now: Date.now,
    ...definition,
    ...known(options),
    ...access,
    credential: keyHeader ? [keyHeader, access.key] : ["authorization", `Bearer ${access.key}`],
    headers: setAll(setAll(new Headers({ "user-agent": USER_AGENT }), definition.headers), options.headers),
    redact: redactor(access.key),
    meter: {},
    socket: definition.webSocket ?? {},
    openSocket: options.webSocket,
  };
}
