// Makes a key: one name, what it may do, when it ends. The full key that comes back is handed on and not kept.
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { type FormEvent, useId, useState } from "react";
import { useKeyChanges } from "../api/keys.ts";
import type { Portal } from "../api/portal.ts";
import { fieldMessage } from "../api/problem.ts";
import { useScene } from "../api/scene.tsx";
import type { CreatedKey } from "../api/shapes.ts";
import { Dialog, DialogActions } from "../pieces/dialog.tsx";
import { ProblemNotice } from "../pieces/notice.tsx";
import { type Action, useAction } from "../pieces/use-action.ts";
import { AllowlistField } from "./allowlist-field.tsx";
import { formProblems, type KeyForm, newKeyOf, placeholderName, startForm } from "./create-form.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { ScopePicker } from "./scope-picker.tsx";
import { TierPicker } from "./tier-picker.tsx";

interface CreateDialogProps {
  readonly isOpen: boolean;
  readonly account: string;
  readonly onClose: () => void;
  readonly onCreated: (key: CreatedKey) => void;
}

export function CreateDialog({ isOpen, account, onClose, onCreated }: CreateDialogProps) {
  const { portal } = useScene();
  const { create } = useKeyChanges();
  const [form, setForm] = useState(() => startForm(portal));
  const [isChecked, setChecked] = useState(false);
  const [intent, setIntent] = useState(() => crypto.randomUUID());
  const action = useAction((key: Parameters<typeof create>[0]) => create(key, intent));
  const problems = formProblems(form, portal, Date.now());

  const change = (part: Partial<KeyForm>): void => {
    setForm((before) => ({ ...before, ...part }));
    setIntent(crypto.randomUUID());
    action.reset();
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(problems).length > 0) return;
    const made = await action.run(newKeyOf(form, portal, account, Date.now()));
    if (made === undefined) return;
    setForm(startForm(portal));
    setChecked(false);
    setIntent(crypto.randomUUID());
    onCreated(made);
  };
  return (
    <Dialog title={portal.labels.createKey} isOpen={isOpen} onClose={onClose} width={600}>
      <form onSubmit={submit} noValidate className="stack stack-large">
        <FormFields form={form} change={change} problems={isChecked ? problems : {}} action={action} />
        <ProblemNotice error={action.error} />
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={action.isRunning}>
            {portal.labels.createKey}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface FormFieldsProps {
  readonly form: KeyForm;
  readonly change: (part: Partial<KeyForm>) => void;
  readonly problems: ReturnType<typeof formProblems>;
  readonly action: Pick<Action<never, CreatedKey>, "error">;
}

function FormFields({ form, change, problems, action: { error } }: FormFieldsProps) {
  const { portal } = useScene();
  return (
    <>
      <TextInput
        label="Name"
        description="Name it after the service that will use it."
        placeholder={placeholderName(form.environment)}
        maxLength={100}
        value={form.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        error={fieldMessage(error, "name")}
        data-autofocus
      />
      {portal.environments.length > 1 && <EnvironmentField form={form} change={change} portal={portal} />}
      {portal.tiers.length > 0 && (
        <TierPicker tiers={portal.tiers} chosen={form.tier} onChange={(tier) => change({ tier })} />
      )}
      {portal.tiers.length === 0 && portal.scopes.length > 0 && (
        <ScopePicker
          scopes={portal.scopes}
          chosen={form.scopes}
          onChange={(scopes) => change({ scopes })}
          problem={problems.scopes ?? fieldMessage(error, "scopes")}
        />
      )}
      <ExpiryField
        rule={portal.keys}
        choice={form.expiry}
        customDay={form.expiryDay}
        onChoice={(expiry) => change({ expiry })}
        onCustomDay={(expiryDay) => change({ expiryDay })}
        problem={problems.expiresAt ?? fieldMessage(error, "expiresAt")}
      />
      <details className="fold" open={form.allowedIps.length > 0 || undefined}>
        <summary>Restrict where it can be used from</summary>
        <AllowlistField
          entries={form.allowedIps}
          onChange={(allowedIps) => change({ allowedIps })}
          problem={problems.allowedIps ?? fieldMessage(error, "allowedIps")}
        />
      </details>
    </>
  );
}

interface EnvironmentFieldProps {
  readonly form: KeyForm;
  readonly change: (part: Partial<KeyForm>) => void;
  readonly portal: Portal;
}

function EnvironmentField({ form, change, portal }: EnvironmentFieldProps) {
  const id = useId();
  return (
    <div className="stack stack-small">
      <span className="legend" id={id}>
        Environment
      </span>
      <SegmentedControl
        aria-labelledby={id}
        fullWidth
        data={[...portal.environments]}
        value={form.environment}
        onChange={(environment) => change({ environment })}
      />
    </div>
  );
}
