// Turns the second factor on, in three steps, and off. Its secret and the backup codes are shown once, out of the state of this card.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Client } from "../api/client.ts";
import { announce } from "../pieces/announce.tsx";
import { Notice, ProblemNotice } from "../pieces/notice.tsx";
import { Card } from "../pieces/page.tsx";
import { SnippetView } from "../pieces/snippet.tsx";
import { useAction } from "../pieces/use-action.ts";

interface Enrolment {
  readonly uri: string;
  readonly secret: string;
  readonly backupCodes: readonly string[];
}

interface SecondFactorCardProps {
  readonly client: Client;
  readonly isOn: boolean;
}

export function SecondFactorCard({ client, isOn }: SecondFactorCardProps) {
  const queries = useQueryClient();
  const [enrolment, setEnrolment] = useState<Enrolment | undefined>(undefined);
  const finish = (words: string): void => {
    setEnrolment(undefined);
    announce(words);
    void queries.invalidateQueries({ queryKey: ["session"] });
  };
  return (
    <Card
      title="Second factor"
      note="A code of your phone beside the password"
      actions={<span className={`badge ${isOn ? "badge-good" : ""}`}>{isOn ? "On" : "Off"}</span>}
    >
      {enrolment !== undefined && (
        <Activate
          client={client}
          enrolment={enrolment}
          onDone={() => finish("The second factor is on")}
          onCancel={() => setEnrolment(undefined)}
        />
      )}
      {enrolment === undefined && isOn && (
        <PasswordStep
          client={client}
          path="/auth/second-factor/remove"
          button="Turn off"
          onDone={() => finish("The second factor is off")}
        />
      )}
      {enrolment === undefined && !isOn && (
        <PasswordStep
          client={client}
          path="/auth/second-factor/enrol"
          button="Set up"
          onDone={(answer) => setEnrolment(answer as Enrolment)}
        />
      )}
    </Card>
  );
}

interface PasswordStepProps {
  readonly client: Client;
  readonly path: string;
  readonly button: string;
  readonly onDone: (answer: unknown) => void;
}

function PasswordStep({ client, path, button, onDone }: PasswordStepProps) {
  const [password, setPassword] = useState("");
  const action = useAction(async () => ({
    answer: await client.request<unknown>("POST", path, { body: { password } }),
  }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const done = await action.run(undefined);
    if (done === undefined) return;
    setPassword("");
    onDone(done.answer);
  };
  return (
    <form onSubmit={submit} className="stack">
      <PasswordInput
        label="Your password"
        required
        autoComplete="current-password"
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <ProblemNotice error={action.error} />
      <div className="row row-end">
        <Button type="submit" variant="default" loading={action.isRunning}>
          {button}
        </Button>
      </div>
    </form>
  );
}

interface ActivateProps {
  readonly client: Client;
  readonly enrolment: Enrolment;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

function Activate({ client, enrolment, onDone, onCancel }: ActivateProps) {
  const [code, setCode] = useState("");
  const action = useAction(async () => {
    await client.request("POST", "/auth/second-factor/activate", {
      body: { code: code.replaceAll(" ", "") },
    });
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) === true) onDone();
  };
  return (
    <form onSubmit={submit} className="stack">
      <p className="muted">
        Add this secret to your authenticator (<a href={enrolment.uri}>open it on this device</a>), keep the
        backup codes apart from it, and type the code it shows.
      </p>
      <SnippetView title="Secret" what="secret of the authenticator" code={enrolment.secret} />
      <SnippetView
        title="Backup codes, each good once"
        what="backup codes"
        code={enrolment.backupCodes.join("\n")}
      />
      <Notice kind="warn">Both are shown only now. Without them a lost phone locks you out.</Notice>
      <TextInput
        label="Code of your authenticator"
        required
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={({ currentTarget }) => setCode(currentTarget.value)}
      />
      <ProblemNotice error={action.error} />
      <div className="row row-end">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={action.isRunning}>
          Turn on
        </Button>
      </div>
    </form>
  );
}
