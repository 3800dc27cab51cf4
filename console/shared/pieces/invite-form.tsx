// Asks for an address and a role and sends the invitation; what comes of it is shown by whoever uses the form.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { ProblemNotice } from "./notice.tsx";
import { Card } from "./page.tsx";
import { useAction } from "./use-action.ts";

export interface InviteFormProps<Made> {
  readonly title: string;
  readonly roles: readonly { readonly value: string; readonly label: string }[];
  readonly firstRole: string;
  readonly send: (email: string, role: string) => Promise<Made>;
  readonly onMade: (made: Made) => void;
  readonly children?: ReactNode;
}

export function InviteForm<Made>({ title, roles, firstRole, send, onMade, children }: InviteFormProps<Made>) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState(firstRole);
  const action = useAction(() => send(email.trim(), role));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const made = await action.run(undefined);
    if (made === undefined) return;
    setEmail("");
    onMade(made);
  };
  return (
    <Card title={title}>
      <form onSubmit={submit} className="stack">
        <div className="form-row">
          <TextInput
            label="E-mail"
            type="email"
            required
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
          <NativeSelect
            label="Role"
            data={[...roles]}
            value={role}
            onChange={({ currentTarget }) => setRole(currentTarget.value)}
          />
          <Button type="submit" loading={action.isRunning}>
            Invite
          </Button>
        </div>
        <ProblemNotice error={action.error} />
        {children}
      </form>
    </Card>
  );
}
