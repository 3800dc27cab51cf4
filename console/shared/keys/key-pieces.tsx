// How a key is shown wherever it is shown: its state, its beginning and end, what it may do.
import { Tooltip } from "@mantine/core";
import type { Key } from "../api/shapes.ts";
import { useNow } from "../pieces/moment.tsx";
import { keyState } from "./status.ts";

export function KeyBadge({ of: key }: { readonly of: Key }) {
  const { word, kind } = keyState(key, useNow());
  return <span className={`badge badge-${kind}`}>{word}</span>;
}

/** Too little to guess, enough to recognise. */
export const keyHint = ({ start, lastFour }: Pick<Key, "start" | "lastFour">): string =>
  `${start}…${lastFour}`;

export function KeyHint({ of: key }: { readonly of: Key }) {
  return <code className="muted nowrap">{keyHint(key)}</code>;
}

const SHOWN = 2;

export function Powers({ of: { tier, scopes } }: { readonly of: Key }) {
  if (tier !== null) return <span className="badge badge-plain">{tier}</span>;
  if (scopes.includes("*")) return <span className="badge badge-plain badge-warn">Full access</span>;
  if (scopes.length === 0) return <span className="muted">Everything</span>;
  const rest = scopes.length - SHOWN;
  return (
    <span className="chips">
      {scopes.slice(0, SHOWN).map((scope) => (
        <code className="chip" key={scope}>
          {scope}
        </code>
      ))}
      {rest > 0 && (
        <Tooltip label={scopes.slice(SHOWN).join(", ")}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the rest must be reachable by keyboard. */}
          <span className="chip" tabIndex={0}>
            +{rest}
          </span>
        </Tooltip>
      )}
    </span>
  );
}
