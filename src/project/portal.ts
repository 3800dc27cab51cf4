// How a project's portal looks, with the defaults put in. It decides nothing of what anybody may do there but sign up.
import type { Note } from "./load.ts";
import type { ProjectFile } from "./schema.ts";

export interface Portal {
  readonly labels: {
    readonly menu: readonly string[];
    readonly keys: string;
    readonly key: string;
    readonly createKey: string;
    readonly rotateKey: string;
    readonly revokeKey: string;
    readonly account: string;
    readonly usage: string;
  };
  readonly accent: string;
  readonly logo: string | undefined;
  readonly signUp: "open" | "invited";
  /** Exact origins; they stand in a header. */
  readonly embedOrigins: readonly string[];
}

/** Paths of the portal's listener that no project can have. */
const RESERVED = new Set(["assets", "auth", "embed", "v1"]);

export function compilePortal({ name, portal = {} }: ProjectFile, note: Note): Portal {
  const { labels = {}, accent = "#1c5fd4", logo, signUp = "open", embedOrigins = [] } = portal;
  if (RESERVED.has(name) && Object.keys(portal).length > 0)
    note(["portal"], `a project named ${name} has no portal: its path is taken`);
  for (const [index, origin] of embedOrigins.entries()) {
    if (new URL(origin).origin !== origin)
      note(["portal", "embedOrigins", index], `is the same as ${new URL(origin).origin}: write it so`);
  }
  return {
    labels: {
      menu: labels.menu ?? ["API Keys"],
      keys: labels.keys ?? "API keys",
      key: labels.key ?? "API key",
      createKey: labels.createKey ?? "Create API key",
      rotateKey: labels.rotateKey ?? "Rotate",
      revokeKey: labels.revokeKey ?? "Revoke",
      account: labels.account ?? "account",
      usage: labels.usage ?? "Usage",
    },
    accent,
    logo,
    signUp,
    embedOrigins,
  };
}

/** Of new keys; days. */
export interface KeyBounds {
  readonly maxPerAccount?: number;
  readonly defaultExpiryDays?: number;
  readonly maxExpiryDays?: number;
}

export function compileKeyBounds({ keys = {} }: ProjectFile, note: Note): KeyBounds {
  const { maxPerAccount, defaultExpiryDays, maxExpiryDays } = keys;
  if (defaultExpiryDays !== undefined && maxExpiryDays !== undefined && defaultExpiryDays > maxExpiryDays)
    note(["keys", "defaultExpiryDays"], "is longer than maxExpiryDays");
  return {
    ...(maxPerAccount !== undefined && { maxPerAccount }),
    ...(defaultExpiryDays !== undefined && { defaultExpiryDays }),
    ...(maxExpiryDays !== undefined && { maxExpiryDays }),
  };
}
