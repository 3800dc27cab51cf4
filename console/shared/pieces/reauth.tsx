// Asks who is there again before a risky change, and repeats the change after it. The password is sent and not kept.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useCallback, useMemo, useRef, useState } from "react";
import type { Client } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { Dialog, DialogActions } from "./dialog.tsx";
import { ProblemNotice } from "./notice.tsx";
import { useAction } from "./use-action.ts";

interface Reauth {
  /** The same client, whose refused changes are repeated after a confirmation. */
  readonly client: Client;
  readonly dialog: React.ReactNode;
}

export function useReauth(inner: Client, hasSecondFactor: boolean): Reauth {
  const [isOpen, setOpen] = useState(false);
  const settle = useRef<(isConfirmed: boolean) => void>(() => undefined);
  const ask = useCallback(
    () =>
      new Promise<boolean>((resolve) => {
        settle.current = resolve;
        setOpen(true);
      }),
    [],
  );
  const client = useMemo(() => repeatAfter(inner, ask), [inner, ask]);
  const finish = (isConfirmed: boolean): void => {
    setOpen(false);
    settle.current(isConfirmed);
  };
  const dialog = (
    <Dialog title="Confirm that it is you" isOpen={isOpen} onClose={() => finish(false)} width={420}>
      {isOpen && <ConfirmForm client={inner} hasSecondFactor={hasSecondFactor} onDone={finish} />}
    </Dialog>
  );
  return { client, dialog };
}

function repeatAfter(inner: Client, ask: () => Promise<boolean>): Client {
  const guarded = async <Answer,>(work: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "reauth_required") throw error;
      if (await ask()) return work();
      throw new ApiProblem({
        status: 403,
        code: "reauth_required",
        detail: "Nothing was changed: this needs your confirmation. Try again when you are ready.",
      });
    }
  };
  return {
    open: (...words) => guarded(() => inner.open(...words)),
    request: (...words) => guarded(() => inner.request(...words)),
  };
}

interface ConfirmFormProps {
  readonly client: Client;
  readonly hasSecondFactor: boolean;
  readonly onDone: (isConfirmed: boolean) => void;
}

function ConfirmForm({ client, hasSecondFactor, onDone }: ConfirmFormProps) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const action = useAction(async () => {
    await client.request("POST", "/auth/confirm", { body: code === "" ? { password } : { code } });
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) === true) onDone(true);
  };
  return (
    <form onSubmit={submit} className="stack">
      <p className="muted">
        You signed in a while ago. Keys and members are changed only after a fresh confirmation.
      </p>
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        data-autofocus
      />
      {hasSecondFactor && (
        <TextInput
          label="Or a code of your authenticator"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value.trim())}
        />
      )}
      <ProblemNotice error={action.error} />
      <DialogActions>
        <Button variant="default" onClick={() => onDone(false)}>
          Cancel
        </Button>
        <Button type="submit" loading={action.isRunning}>
          Confirm
        </Button>
      </DialogActions>
    </form>
  );
}
