// What one-time links lead to: a new password, a confirmed address, an invitation. The token came by the fragment and is sent once.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Client } from "../api/client.ts";
import { Notice, ProblemNotice } from "../pieces/notice.tsx";
import { Rows } from "../pieces/rows.tsx";
import { useAction } from "../pieces/use-action.ts";

export const PASSWORD_HINT =
  "8 characters or more. A few words together are easy to keep in mind and hard to guess.";

interface TokenFormProps {
  readonly client: Client;
  readonly token: string;
  readonly onDone: () => void;
}

export function NewPasswordForm({ client, token, onDone }: TokenFormProps) {
  const [password, setPassword] = useState("");
  const action = useAction(async () => {
    await client.request("POST", "/auth/reset/complete", { body: { token, password } });
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) === true) onDone();
  };
  return (
    <form onSubmit={submit} className="stack">
      <PasswordInput
        label="New password"
        description={PASSWORD_HINT}
        required
        minLength={8}
        autoComplete="new-password"
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <ProblemNotice error={action.error} />
      <Button type="submit" size="md" fullWidth loading={action.isRunning}>
        Set password
      </Button>
    </form>
  );
}

/** Waits for a press: programs that look at links in mails must not use them up. */
export function VerifyEmailForm({ client, token, onDone }: TokenFormProps) {
  const action = useAction(async () => {
    await client.request("POST", "/auth/verify-email", { body: { token } });
    return true;
  });
  const submit = async (): Promise<void> => {
    if ((await action.run(undefined)) === true) onDone();
  };
  return (
    <div className="stack">
      <ProblemNotice error={action.error} />
      <Button size="md" fullWidth onClick={submit} loading={action.isRunning}>
        Confirm my address
      </Button>
    </div>
  );
}

interface Invitation {
  readonly accountName?: string;
  readonly role: string;
  readonly email: string;
}

interface InvitationFormProps extends TokenFormProps {
  readonly isSignedIn: boolean;
  readonly site: string;
}

export function InvitationForm({ client, token, onDone, isSignedIn, site }: InvitationFormProps) {
  const invitation = useQuery({
    queryKey: ["invitation"],
    retry: false,
    gcTime: 0,
    queryFn: () => client.request<Invitation>("POST", "/auth/invitations/read", { body: { token } }),
  });
  if (invitation.isPending) return <Rows count={2} />;
  if (invitation.data === undefined) return <ProblemNotice error={invitation.error} />;
  const { accountName, role, email } = invitation.data;
  return (
    <div className="stack">
      <Notice>
        You are invited to <strong>{accountName ?? site}</strong> as {role}, as {email}.
      </Notice>
      <AcceptForm client={client} token={token} onDone={onDone} isSignedIn={isSignedIn} />
    </div>
  );
}

function AcceptForm({ client, token, onDone, isSignedIn }: Omit<InvitationFormProps, "site">) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const action = useAction(async () => {
    const body = isSignedIn ? { token } : { token, name: name.trim(), password };
    await client.request("POST", "/auth/invitations/accept", { body });
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) === true) onDone();
  };
  return (
    <form onSubmit={submit} className="stack">
      {!isSignedIn && (
        <>
          <TextInput
            label="Your name"
            required
            autoComplete="name"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            description={PASSWORD_HINT}
            required
            minLength={8}
            autoComplete="new-password"
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        </>
      )}
      <ProblemNotice error={action.error} />
      <Button type="submit" size="md" fullWidth loading={action.isRunning}>
        Accept invitation
      </Button>
    </form>
  );
}
