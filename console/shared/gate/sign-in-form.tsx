// Signs in: address and password, then a code where the person has a second factor. Nothing of it is kept.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Client } from "../api/client.ts";
import { ProblemNotice } from "../pieces/notice.tsx";
import { useAction } from "../pieces/use-action.ts";

interface SignInFormProps {
  readonly client: Client;
  readonly onSignedIn: () => void;
  /** Filled in already, after a sign-up. */
  readonly email?: string;
}

export function SignInForm({ client, onSignedIn, email: known = "" }: SignInFormProps) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const action = useAction(() =>
    client.request<{ secondFactor: boolean }>("POST", "/auth/sign-in", {
      body: { email: email.trim(), password },
    }),
  );
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await action.run(undefined);
    if (answer === undefined) return;
    setPassword("");
    if (answer.secondFactor) setNeedsCode(true);
    else onSignedIn();
  };
  if (needsCode) return <CodeForm client={client} onSignedIn={onSignedIn} />;
  return (
    <form onSubmit={submit} className="stack">
      <TextInput
        label="E-mail"
        type="email"
        required
        autoComplete="username"
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        required
        autoComplete="current-password"
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <ProblemNotice error={action.error} />
      <Button type="submit" size="md" fullWidth loading={action.isRunning}>
        Sign in
      </Button>
    </form>
  );
}

function CodeForm({ client, onSignedIn }: Pick<SignInFormProps, "client" | "onSignedIn">) {
  const [code, setCode] = useState("");
  const [isBackup, setBackup] = useState(false);
  const action = useAction(async () => {
    const text = code.trim();
    await client.request("POST", "/auth/second-factor", {
      body: isBackup ? { backupCode: text } : { code: text.replaceAll(" ", "") },
    });
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) === true) onSignedIn();
  };
  return (
    <form onSubmit={submit} className="stack">
      <TextInput
        label={isBackup ? "Backup code" : "Code of your authenticator"}
        description={isBackup ? "Each of them works once." : "Six digits, new every 30 seconds."}
        required
        inputMode={isBackup ? "text" : "numeric"}
        autoComplete="one-time-code"
        value={code}
        onChange={({ currentTarget }) => setCode(currentTarget.value)}
        autoFocus
      />
      <ProblemNotice error={action.error} />
      <Button type="submit" size="md" fullWidth loading={action.isRunning}>
        Continue
      </Button>
      <Button variant="subtle" onClick={() => setBackup(!isBackup)}>
        {isBackup ? "Use my authenticator" : "Use a backup code"}
      </Button>
    </form>
  );
}
