// Asks for a reset link by mail; where no mail can be sent, says who can give one.
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Client } from "../../shared/api/client.ts";
import type { Portal } from "../../shared/api/portal.ts";
import { Notice, ProblemNotice } from "../../shared/pieces/notice.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";

interface ResetFormProps {
  readonly client: Client;
  readonly portal: Portal;
}

export function ResetForm({ client, portal }: ResetFormProps) {
  const [email, setEmail] = useState("");
  const [isSent, setSent] = useState(false);
  const action = useAction(async () => {
    await client.request("POST", "/auth/reset", { body: { email: email.trim(), project: portal.project } });
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSent((await action.run(undefined)) === true);
  };
  if (!portal.mail)
    return (
      <Notice>
        This site sends no mail. Ask the people of {portal.title} for a reset link; they can make one for your
        address, and it works once.
      </Notice>
    );
  if (isSent)
    return (
      <Notice kind="good">
        If {email.trim()} has an account here, a link is on its way. It works once, for a short time.
      </Notice>
    );
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
      <ProblemNotice error={action.error} />
      <Button type="submit" size="md" fullWidth loading={action.isRunning}>
        Send reset link
      </Button>
    </form>
  );
}
