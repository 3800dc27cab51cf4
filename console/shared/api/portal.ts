// The public facts of a project that its pages are made of: words, colours, what a key may be given.
import type { ScopeFacts, Snippet, TierFacts } from "./shapes.ts";

export interface PortalLabels {
  /** The way to the keys, such as `Settings`, `API Keys`. */
  readonly menu: readonly string[];
  readonly keys: string;
  readonly key: string;
  readonly createKey: string;
  readonly rotateKey: string;
  readonly revokeKey: string;
  readonly account: string;
  readonly usage: string;
}

export interface Portal {
  readonly project: string;
  readonly title: string;
  readonly labels: PortalLabels;
  /** `#rrggbb`. */
  readonly accent: string;
  /** A `data:` URI. */
  readonly logo: string | null;
  readonly signUp: "open" | "invited";
  readonly mail: boolean;
  readonly environments: readonly string[];
  readonly scopes: readonly ScopeFacts[];
  readonly defaultScopes: readonly string[];
  readonly tiers: readonly TierFacts[];
  readonly keys: {
    readonly looksLike: string;
    readonly maxPerAccount: number | null;
    readonly defaultExpiryDays: number | null;
    readonly maxExpiryDays: number | null;
  };
  readonly client: {
    readonly environmentVariable: string;
    readonly baseUrl: string | null;
    readonly snippets: readonly Snippet[];
  };
}
