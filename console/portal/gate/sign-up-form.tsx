// Makes a person and an account. Whether the address was known is told by nobody: it ends at the sign-in either way.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Client } from "../../shared/api/client.ts";
import type { Portal } from "../../shared/api/portal.ts";
import { fieldMessage } from "../../shared/api/problem.ts";
import type { Session } from "../../shared/api/shapes.ts";
import { PASSWORD_HINT } from "../../shared/gate/token-forms.tsx";
import { Notice, ProblemNotice } from "../../shared/pieces/notice.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";
import { usePlace } from "../../shared/router/location.ts";

interface SignUpFormProps {
  readonly client: Client;
  readonly portal: Portal;
  readonly onDone: () => void;
  /** Called where it does not get further than the sign-in form. */
  readonly onKnown: (email: string) => void;
}

interface Draft {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export function SignUpForm({ client, portal, onDone, onKnown }: SignUpFormProps) {
  const { go } = usePlace();
  const [draft, setDraft] = useState<Draft>({ name: "", email: "", password: "" });
  const [isSent, setSent] = useState(false);
  const action = useAction(() => signUp(client, portal, draft));
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const end = await action.run(undefined);
    if (end === undefined) return;
    change({ password: "" });
    if (end === "signed-in") {
      go("/", { replace: true });
      onDone();
    } else if (end === "mail") setSent(true);
    else {
      onKnown(draft.email.trim());
      go("/sign-in", { replace: true });
    }
  };
  if (isSent)
    return (
      <Notice kind="good">
        We have sent a message to {draft.email.trim()}. Open its link to go on. If nothing comes within a few
        minutes, look in the folder for unwanted mail.
      </Notice>
    );
  return (
    <form onSubmit={submit} className="stack">
      <Fields draft={draft} change={change} error={action.error} />
      <ProblemNotice error={action.error} />
      <Button type="submit" size="md" fullWidth loading={action.isRunning}>
        Create account
      </Button>
    </form>
  );
}

/** With mail the address is confirmed first; without it the sign-in follows at once, if the password is the address's. */
async function signUp(client: Client, portal: Portal, { name, email, password }: Draft) {
  const address = email.trim();
  await client.request("POST", "/auth/sign-up", {
    body: { project: portal.project, name: name.trim(), email: address, password },
  });
  if (portal.mail) return "mail";
  try {
    const { secondFactor } = await client.request<{ secondFactor: boolean }>("POST", "/auth/sign-in", {
      body: { email: address, password },
    });
    if (secondFactor) return "known";
  } catch {
    return "known";
  }
  await beginAccount(client, portal, name.trim());
  return "signed-in";
}

/** A first account under the person's own name: one question less, and it can be renamed. */
async function beginAccount(client: Client, { project }: Portal, name: string): Promise<void> {
  const { memberships } = await client.request<Session>("GET", "/auth/session");
  if (memberships.some((membership) => membership.project === project)) return;
  await client.request("POST", `/v1/projects/${project}/accounts`, { body: { name } });
}

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly error: unknown;
}

function Fields({ draft, change, error }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Your name"
        required
        autoComplete="name"
        value={draft.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        error={fieldMessage(error, "name")}
      />
      <TextInput
        label="E-mail"
        type="email"
        required
        autoComplete="username"
        value={draft.email}
        onChange={({ currentTarget }) => change({ email: currentTarget.value })}
        error={fieldMessage(error, "email")}
      />
      <PasswordInput
        label="Password"
        description={PASSWORD_HINT}
        required
        minLength={8}
        autoComplete="new-password"
        value={draft.password}
        onChange={({ currentTarget }) => change({ password: currentTarget.value })}
        error={fieldMessage(error, "password")}
      />
    </>
  );
}
