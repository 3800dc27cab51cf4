// What one-time links of the console lead to: the first operator, an invitation, a new password.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Client } from "../shared/api/client.ts";
import { fieldMessage } from "../shared/api/problem.ts";
import { Gate } from "../shared/gate/gate.tsx";
import { SignInForm } from "../shared/gate/sign-in-form.tsx";
import { InvitationForm, NewPasswordForm, PASSWORD_HINT } from "../shared/gate/token-forms.tsx";
import { Notice, ProblemNotice } from "../shared/pieces/notice.tsx";
import { useAction } from "../shared/pieces/use-action.ts";
import { takeFragment } from "../shared/router/fragment.ts";
import { Link } from "../shared/router/link.tsx";
import { usePlace } from "../shared/router/location.ts";

export const LINK_PATHS = ["/setup", "/reset", "/invitation"];

interface LinkGateProps {
  readonly client: Client;
  readonly site: string;
  readonly onSignedIn: () => void;
}

const TITLES: Readonly<Record<string, string>> = {
  "/setup": "Set up this installation",
  "/reset": "Choose a new password",
  "/invitation": "Accept the invitation",
};

export function LinkGate({ client, site, onSignedIn }: LinkGateProps) {
  const { path, go } = usePlace();
  const [token] = useState(() => takeFragment("token"));
  const [isDone, setDone] = useState(false);
  const enter = (): void => {
    go("/", { replace: true });
    onSignedIn();
  };
  const foot = <Link to="/">Go to sign in</Link>;
  if (isDone)
    return (
      <Gate site={site} logo={null} title="Sign in">
        <Notice kind="good">That worked. Sign in with your new password.</Notice>
        <SignInForm client={client} onSignedIn={enter} />
      </Gate>
    );
  if (token === undefined)
    return (
      <Gate site={site} logo={null} title="This link is not whole" foot={foot}>
        <Notice kind="warn">
          Open all of it, with what stands after the #. It works once; a new one is printed or made on
          request.
        </Notice>
      </Gate>
    );
  const form = { client, token, onDone: () => setDone(true) };
  return (
    <Gate
      site={site}
      logo={null}
      title={TITLES[path] ?? ""}
      {...(path === "/setup" && { lead: "You become its first operator. Others come by invitation." })}
      foot={foot}
    >
      {path === "/setup" && <SetupForm client={client} token={token} onEntered={enter} />}
      {path === "/reset" && <NewPasswordForm {...form} />}
      {path === "/invitation" && <InvitationForm {...form} isSignedIn={false} site={site} />}
    </Gate>
  );
}

interface SetupFormProps {
  readonly client: Client;
  readonly token: string;
  readonly onEntered: () => void;
}

function SetupForm({ client, token, onEntered }: SetupFormProps) {
  const [draft, setDraft] = useState({ name: "", email: "", password: "" });
  const change = (part: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...part }));
  const action = useAction(async () => {
    const email = draft.email.trim();
    await client.request("POST", "/auth/setup", {
      body: { token, name: draft.name.trim(), email, password: draft.password },
    });
    await client.request("POST", "/auth/sign-in", { body: { email, password: draft.password } });
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) === true) onEntered();
  };
  return (
    <form onSubmit={submit} className="stack">
      <TextInput
        label="Your name"
        required
        autoComplete="name"
        value={draft.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
      />
      <TextInput
        label="E-mail"
        type="email"
        required
        autoComplete="username"
        value={draft.email}
        onChange={({ currentTarget }) => change({ email: currentTarget.value })}
        error={fieldMessage(action.error, "email")}
      />
      <PasswordInput
        label="Password"
        description={PASSWORD_HINT}
        required
        minLength={8}
        autoComplete="new-password"
        value={draft.password}
        onChange={({ currentTarget }) => change({ password: currentTarget.value })}
        error={fieldMessage(action.error, "password")}
      />
      <ProblemNotice error={action.error} />
      <Button type="submit" size="md" fullWidth loading={action.isRunning}>
        Make me the first operator
      </Button>
    </form>
  );
}
