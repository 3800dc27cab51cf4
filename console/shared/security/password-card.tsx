// Changes the password; all other sessions end with it.
import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Client } from "../api/client.ts";
import { fieldMessage } from "../api/problem.ts";
import { PASSWORD_HINT } from "../gate/token-forms.tsx";
import { announce } from "../pieces/announce.tsx";
import { ProblemNotice } from "../pieces/notice.tsx";
import { Card } from "../pieces/page.tsx";
import { useAction } from "../pieces/use-action.ts";

export function PasswordCard({ client }: { readonly client: Client }) {
  const [password, setPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const action = useAction(async () => {
    await client.request("POST", "/auth/password", { body: { password, newPassword } });
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) !== true) return;
    setPassword("");
    setNewPassword("");
    announce("Your password is changed, and all other sessions have ended");
  };
  return (
    <Card title="Password" note="Changing it ends all your other sessions">
      <form onSubmit={submit} className="stack">
        <PasswordInput
          label="Present password"
          required
          autoComplete="current-password"
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description={PASSWORD_HINT}
          required
          minLength={8}
          autoComplete="new-password"
          value={newPassword}
          onChange={({ currentTarget }) => setNewPassword(currentTarget.value)}
          error={fieldMessage(action.error, "newPassword")}
        />
        <ProblemNotice error={action.error} />
        <div className="row row-end">
          <Button type="submit" variant="default" loading={action.isRunning}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}
