// Replaces a key: a successor with the same rights, and how long the old one goes on.
import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useKeyChanges } from "../api/keys.ts";
import type { CreatedKey, Key } from "../api/shapes.ts";
import { Dialog, DialogActions } from "../pieces/dialog.tsx";
import { useNow } from "../pieces/moment.tsx";
import { Notice, ProblemNotice } from "../pieces/notice.tsx";
import { absoluteTime } from "../pieces/time.ts";
import { useAction } from "../pieces/use-action.ts";
import { keyHint } from "./key-pieces.tsx";
import { isRetiring } from "./status.ts";

const GRACES = [
  { value: "0", label: "At once (after a leak)" },
  { value: "3600", label: "For 1 hour" },
  { value: "86400", label: "For 24 hours" },
  { value: "604800", label: "For 7 days" },
];
const DEFAULT_GRACE = "86400";

interface RotateDialogProps {
  readonly of: Key | undefined;
  readonly onClose: () => void;
  readonly onRotated: (key: CreatedKey) => void;
}

export function RotateDialog({ of: key, onClose, onRotated }: RotateDialogProps) {
  return (
    <Dialog title={`Rotate ${key?.name ?? "key"}`} isOpen={key !== undefined} onClose={onClose}>
      {key !== undefined && <RotateForm of={key} onClose={onClose} onRotated={onRotated} />}
    </Dialog>
  );
}

interface RotateFormProps extends Omit<RotateDialogProps, "of"> {
  readonly of: Key;
}

function RotateForm({ of: key, onClose, onRotated }: RotateFormProps) {
  const { rotate } = useKeyChanges();
  const nowMs = useNow();
  const [grace, setGrace] = useState(DEFAULT_GRACE);
  const [intent] = useState(() => crypto.randomUUID());
  const action = useAction((seconds: number) => rotate(key.id, seconds, `${intent}-${seconds}`));
  const submit = async (): Promise<void> => {
    const made = await action.run(Number(grace));
    if (made !== undefined) onRotated(made);
  };
  return (
    <div className="stack">
      <p className="muted">
        You get a new key with the same rights. Put it where <code>{keyHint(key)}</code> is used; both work
        until the old one ends.
      </p>
      {isRetiring(key, nowMs) && (
        <Notice kind="warn">
          This key is being replaced already. Rotating again makes another successor; the first one goes on.
        </Notice>
      )}
      <NativeSelect
        label="The old key goes on working"
        data={GRACES}
        value={grace}
        onChange={({ currentTarget }) => setGrace(currentTarget.value)}
        data-autofocus
      />
      <p className="muted small" role="status">
        {graceInWords(Number(grace), nowMs)}
      </p>
      <ProblemNotice error={action.error} />
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={submit} loading={action.isRunning}>
          Rotate key
        </Button>
      </DialogActions>
    </div>
  );
}

function graceInWords(seconds: number, nowMs: number): string {
  if (seconds === 0)
    return "The old key is refused from the next request on. Whatever still uses it stops working.";
  const end = absoluteTime(new Date(nowMs + seconds * 1_000).toISOString());
  return `The old key ends ${end}. You can end it sooner, or cancel the rotation.`;
}
