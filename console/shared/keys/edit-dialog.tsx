// Changes a key's name, scopes and addresses. Its text stays what it is.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { type KeyChange, useKeyChanges } from "../api/keys.ts";
import { fieldMessage } from "../api/problem.ts";
import { useScene } from "../api/scene.tsx";
import type { Key } from "../api/shapes.ts";
import { announce } from "../pieces/announce.tsx";
import { Dialog, DialogActions } from "../pieces/dialog.tsx";
import { ProblemNotice } from "../pieces/notice.tsx";
import { useAction } from "../pieces/use-action.ts";
import { allowlistProblem } from "./allowlist.ts";
import { AllowlistField } from "./allowlist-field.tsx";
import { ScopePicker } from "./scope-picker.tsx";
import { TierPicker } from "./tier-picker.tsx";

interface EditDialogProps {
  readonly of: Key | undefined;
  readonly onClose: () => void;
}

export function EditDialog({ of: key, onClose }: EditDialogProps) {
  return (
    <Dialog title={`Edit ${key?.name ?? "key"}`} isOpen={key !== undefined} onClose={onClose} width={600}>
      {key !== undefined && <EditForm of={key} onClose={onClose} />}
    </Dialog>
  );
}

interface Draft {
  readonly name: string;
  readonly tier: string;
  readonly scopes: readonly string[];
  readonly allowedIps: readonly string[];
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each));

/** Only what is different: a field that nobody touched is not sent. */
function changesOf(key: Key, draft: Draft): KeyChange {
  return {
    ...(draft.name.trim() !== key.name && { name: draft.name.trim() }),
    ...(draft.tier !== (key.tier ?? "") && { tier: draft.tier }),
    ...(key.tier === null && !isSame(draft.scopes, key.scopes) && { scopes: draft.scopes }),
    ...(!isSame(draft.allowedIps, key.allowedIps) && { allowedIps: draft.allowedIps }),
  };
}

function EditForm({ of: key, onClose }: { readonly of: Key; readonly onClose: () => void }) {
  const { portal } = useScene();
  const { update } = useKeyChanges();
  const [draft, setDraft] = useState<Draft>({ ...key, tier: key.tier ?? "" });
  const action = useAction((change: KeyChange) => update(key.id, change));
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const submit = async (): Promise<void> => {
    if (allowlistProblem(draft.allowedIps) !== undefined) return;
    const changes = changesOf(key, draft);
    if (Object.keys(changes).length > 0 && (await action.run(changes)) === undefined) return;
    announce(`${draft.name} is saved`);
    onClose();
  };
  return (
    <div className="stack stack-large">
      <TextInput
        label="Name"
        maxLength={100}
        value={draft.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        error={fieldMessage(action.error, "name")}
        data-autofocus
      />
      {key.tier !== null && portal.tiers.length > 0 && (
        <TierPicker tiers={portal.tiers} chosen={draft.tier} onChange={(tier) => change({ tier })} />
      )}
      {key.tier === null && portal.scopes.length > 0 && (
        <ScopePicker
          scopes={portal.scopes}
          chosen={draft.scopes}
          onChange={(scopes) => change({ scopes })}
          problem={fieldMessage(action.error, "scopes")}
        />
      )}
      <AllowlistField
        entries={draft.allowedIps}
        onChange={(allowedIps) => change({ allowedIps })}
        problem={fieldMessage(action.error, "allowedIps")}
      />
      <ProblemNotice error={action.error} />
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={submit} loading={action.isRunning}>
          Save changes
        </Button>
      </DialogActions>
    </div>
  );
}
