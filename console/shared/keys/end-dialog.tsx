// Stops a key: disable, which can be taken back, or revoke, which cannot; what will break is said before.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useKeyChanges, useKeyUses } from "../api/keys.ts";
import type { Key, KeyUses } from "../api/shapes.ts";
import { announce } from "../pieces/announce.tsx";
import { Dialog, DialogActions } from "../pieces/dialog.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Notice, ProblemNotice } from "../pieces/notice.tsx";
import { useAction } from "../pieces/use-action.ts";
import { keyHint } from "./key-pieces.tsx";

export type Ending = "revoke" | "disable";

interface EndDialogProps {
  readonly of: Key | undefined;
  readonly ending: Ending;
  readonly onClose: () => void;
}

export function EndDialog({ of: key, ending, onClose }: EndDialogProps) {
  const title = `${ending === "revoke" ? "Revoke" : "Disable"} ${key?.name ?? "key"}`;
  return (
    <Dialog title={title} isOpen={key !== undefined} onClose={onClose}>
      {key !== undefined && <EndForm of={key} ending={ending} onClose={onClose} />}
    </Dialog>
  );
}

interface EndFormProps {
  readonly of: Key;
  readonly ending: Ending;
  readonly onClose: () => void;
}

const WORDS = {
  revoke: { confirm: "Revoke key", done: "revoked", word: "revoke" },
  disable: { confirm: "Disable key", done: "disabled", word: "" },
} as const;

function EndForm({ of: key, ending, onClose }: EndFormProps) {
  const { end } = useKeyChanges();
  const uses = useKeyUses(key.id);
  const [typed, setTyped] = useState("");
  const action = useAction(() => end(key.id, ending));
  const words = WORDS[ending];
  const isInUse = (uses.data?.requestsLast24Hours ?? 0) > 0;
  const mustType = ending === "revoke" && isInUse;
  const isReady = !mustType || typed.trim().toLowerCase() === words.word;
  const submit = async (): Promise<void> => {
    if (!isReady || (await action.run(undefined)) === undefined) return;
    announce(`${key.name} is ${words.done}`);
    onClose();
  };
  return (
    <div className="stack">
      <p className="muted">
        {ending === "revoke"
          ? "A revoked key never works again. If you may need it back, disable it instead."
          : "A disabled key is refused until somebody enables it again."}
      </p>
      <Consequences of={key} uses={uses.data} />
      {mustType && (
        <TextInput
          label={`This key is in use. Type "${words.word}" to go on`}
          value={typed}
          autoComplete="off"
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      )}
      <ProblemNotice error={action.error} />
      <DialogActions>
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red" onClick={submit} loading={action.isRunning} aria-disabled={!isReady || undefined}>
          {words.confirm}
        </Button>
      </DialogActions>
    </div>
  );
}

function Consequences({ of: key, uses }: { readonly of: Key; readonly uses: KeyUses | undefined }) {
  if (uses === undefined) return <p className="muted">Looking up where it is used…</p>;
  const count = uses.requestsLast24Hours;
  return (
    <>
      <dl className="facts">
        <dt>Key</dt>
        <dd>
          <code>{keyHint(key)}</code> · {key.environment}
        </dd>
        <dt>Last used</dt>
        <dd>
          <Moment at={uses.lastUsedAt} />
          {uses.lastAddress !== null && <> from {uses.lastAddress}</>}
        </dd>
        <dt>Last 24 hours</dt>
        <dd>
          {count.toLocaleString("en")} {count === 1 ? "request" : "requests"}
        </dd>
        {uses.routes.length > 0 && <dt>What will stop</dt>}
        {uses.routes.length > 0 && (
          <dd className="chips">
            {uses.routes.slice(0, 6).map(({ route }) => (
              <code className="chip" key={route}>
                {route === "" ? "other requests" : route}
              </code>
            ))}
          </dd>
        )}
      </dl>
      <Notice kind={count > 0 ? "warn" : "info"}>
        {count > 0
          ? "Something used this key in the last 24 hours. It will be refused from its next request on."
          : "Nothing used this key in the last 24 hours."}
      </Notice>
    </>
  );
}
