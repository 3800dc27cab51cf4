// Settles, before anything is sent, which key a client uses and where it goes; no message repeats the key.
import type { ClientDefinition, ClientOptions, KeyFormat } from "./definition.ts";
import { ConfigurationError } from "./errors.ts";
import { keyProblem } from "./key-format.ts";
import { isInUsersHands, readEnvironment } from "./runtime.ts";

export interface Access {
  readonly key: string;
  /** Without a final slash. */
  readonly baseUrl: string;
}

/** Throws a ConfigurationError: in a browser, without a key, with one that cannot be right, or for a base URL that is none. */
export function settleAccess(definition: ClientDefinition, options: ClientOptions): Access {
  if (isInUsersHands() && !options.dangerouslyAllowBrowser)
    throw new ConfigurationError(
      `The ${definition.name} client is for servers: elsewhere users read its key (dangerouslyAllowBrowser).`,
    );
  const { name, environmentVariable, baseUrlEnvironmentVariable: baseVariable, regions = {} } = definition;
  const given = options.apiKey ?? readEnvironment(environmentVariable);
  if (given === undefined)
    throw new ConfigurationError(`No ${name} API key: pass apiKey or set ${environmentVariable}.`);
  const prefix =
    Object.keys(regions)
      .sort((a, b) => b.length - a.length)
      .find((candidate) => given.startsWith(candidate)) ?? "";
  const key = given.slice(prefix.length);
  const problem = keyProblem(key, [definition.keyFormat ?? /.+/].flat() as KeyFormat[]);
  const source = options.apiKey === undefined ? `in ${environmentVariable}` : "passed as apiKey";
  if (problem !== undefined) throw new ConfigurationError(`The ${name} API key ${source} ${problem}.`);
  const base = options.baseUrl ?? (baseVariable && readEnvironment(baseVariable));
  return { key, baseUrl: checkBaseUrl(base ?? regions[prefix]?.baseUrl ?? definition.baseUrl) };
}

function checkBaseUrl(text: string): string {
  // The text is not repeated: it may be a key in the wrong place.
  if (!/^https?:\/\/[^\s@?#\\]+$/i.test(text))
    throw new ConfigurationError("The base URL is no plain http or https URL.");
  return text.replace(/\/+$/, "");
}
