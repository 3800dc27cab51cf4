// The public facts of a project that its pages are made of: words, colours, what a key may be given.
import type { ScopeFacts, Snippet, TierFacts } from "./shapes.ts";

export interface PortalLabels {
  /** Such as `API Keys`. */
  readonly keys: string;
  /** Such as `Create API Key`. */
  readonly create: string;
}

export interface Portal {
  readonly project: string;
  readonly title: string;
  readonly labels: PortalLabels;
  /** `#rrggbb`. */
  readonly accent: string | null;
  /** A `data:` URI. */
  readonly logo: string | null;
  /** Where the keys stand, such as `Settings`, `API Keys`. */
  readonly menu: readonly string[];
  readonly signUp: "open" | "invited";
  readonly mail: boolean;
  readonly environments: readonly string[];
  readonly scopes: readonly ScopeFacts[];
  readonly defaultScopes: readonly string[] | null;
  readonly tiers: readonly TierFacts[];
  readonly expiry: { readonly defaultDays: number | null; readonly maxDays: number | null };
  readonly client: {
    readonly environmentVariable: string;
    readonly baseUrl: string | null;
    readonly snippets: readonly Snippet[];
  };
}
