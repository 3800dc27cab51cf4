// What a listener must know to let people in: who they are kept by, where its pages are, and which proxies it believes.
import type { People } from "../people/people.ts";
import type { AllowlistMatcher } from "../policy/network.ts";

export interface PeopleDoor {
  readonly people: People;
  /** The public origin where one is configured, such as `https://keys.acme.com`. */
  readonly origin: string | undefined;
  readonly trustedProxies: AllowlistMatcher;
}
