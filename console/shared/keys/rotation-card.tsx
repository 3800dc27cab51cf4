// A rotation under way: both keys, the countdown, whether the old one is still in use, and both ways out.
import { Button } from "@mantine/core";
import { useKeyUses } from "../api/keys.ts";
import { useScene } from "../api/scene.tsx";
import type { Key } from "../api/shapes.ts";
import { Icon } from "../look/icons.tsx";
import { Moment, useNow } from "../pieces/moment.tsx";
import { absoluteTime, timeLeft } from "../pieces/time.ts";
import { useKeyDialogs } from "./key-dialogs.tsx";
import { KeyHint } from "./key-pieces.tsx";
import { isRetiring } from "./status.ts";

const EVERY_SECOND_MS = 1_000;

export function RotationCards({ keys }: { readonly keys: readonly Key[] }) {
  const nowMs = useNow();
  return keys.filter((key) => isRetiring(key, nowMs)).map((key) => <RotationCard key={key.id} of={key} />);
}

export function RotationCard({ of: key }: { readonly of: Key }) {
  const { refusal } = useScene();
  const { open } = useKeyDialogs();
  const nowMs = useNow(EVERY_SECOND_MS);
  const uses = useKeyUses(key.id);
  const end = key.expiresAt ?? "";
  return (
    <section className="card rotation" aria-label={`Rotation of ${key.name}`}>
      <span className="rotation-icon">
        <Icon name="rotate" size={18} />
      </span>
      <div className="stack stack-tiny rotation-text">
        <h2>{key.name} is being replaced</h2>
        <p className="muted small">
          The old key <KeyHint of={key} /> ends in{" "}
          <strong className="number">
            <time dateTime={end} title={absoluteTime(end)}>
              {timeLeft(end, nowMs)}
            </time>
          </strong>
          . <LastUse at={uses.data?.lastUsedAt ?? key.lastUsedAt} />
        </p>
      </div>
      {refusal === undefined && (
        <div className="row">
          <Button variant="default" onClick={() => open({ kind: "cancel", key })}>
            Cancel rotation
          </Button>
          <Button variant="default" onClick={() => open({ kind: "cut", key })}>
            End old key now
          </Button>
        </div>
      )}
    </section>
  );
}

/** The one thing to know before the old key is ended. */
function LastUse({ at }: { readonly at: string | null | undefined }) {
  if (at === null || at === undefined) return "It has never been used.";
  return (
    <>
      It was last used <Moment at={at} />.
    </>
  );
}
