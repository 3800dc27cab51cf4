// The portal of somebody who is signed in: which account it is about, and the pages of it.
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Client } from "../shared/api/client.ts";
import type { Portal } from "../shared/api/portal.ts";
import { type Scene, SceneProvider } from "../shared/api/scene.tsx";
import type { Membership, Session } from "../shared/api/shapes.ts";
import { Gate } from "../shared/gate/gate.tsx";
import { KeyDialogsProvider } from "../shared/keys/key-dialogs.tsx";
import { ProblemNotice } from "../shared/pieces/notice.tsx";
import { useReauth } from "../shared/pieces/reauth.tsx";
import { useAction } from "../shared/pieces/use-action.ts";
import { Frame } from "./frame.tsx";
import { Pages } from "./pages.tsx";
import { PersonContext, refusalOf } from "./person.ts";

interface SignedInProps {
  readonly client: Client;
  readonly portal: Portal;
  readonly session: Session;
}

export function SignedIn({ client: inner, portal, session }: SignedInProps) {
  const { client, dialog } = useReauth(inner, session.person.secondFactor);
  const own = session.memberships.filter(({ project }) => project === portal.project);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const membership = own.find(({ account }) => account === chosen) ?? own[0];
  if (membership === undefined)
    return (
      <>
        <FirstAccount client={client} portal={portal} name={session.person.name} />
        {dialog}
      </>
    );
  return (
    <PersonContext value={{ session, membership, memberships: own, choose: setChosen }}>
      <AccountPages client={client} portal={portal} membership={membership} key={membership.account} />
      {dialog}
    </PersonContext>
  );
}

interface AccountPagesProps {
  readonly client: Client;
  readonly portal: Portal;
  readonly membership: Membership;
}

function AccountPages({ client, portal, membership }: AccountPagesProps) {
  const scene: Scene = {
    client,
    portal,
    account: membership.account,
    refusal: refusalOf(membership.role),
    hasSession: true,
    keysPath: "/keys",
    requestsPath: "/requests",
  };
  return (
    <SceneProvider value={scene}>
      <KeyDialogsProvider>
        <Frame>
          <Pages />
        </Frame>
      </KeyDialogsProvider>
    </SceneProvider>
  );
}

/** A person without an account here, such as one who knows this operator from another product of theirs. */
function FirstAccount({ client, portal, name }: Omit<SignedInProps, "session"> & { readonly name: string }) {
  const queries = useQueryClient();
  const [accountName, setAccountName] = useState(name);
  const action = useAction(async () => {
    await client.request("POST", `/v1/projects/${portal.project}/accounts`, {
      body: { name: accountName.trim() },
    });
    await queries.invalidateQueries({ queryKey: ["session"] });
    return true;
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void action.run(undefined);
  };
  return (
    <Gate
      site={portal.title}
      logo={portal.logo}
      title="Name your account"
      lead="Keys belong to an account, and you can invite others to it."
    >
      <form onSubmit={submit} className="stack">
        <TextInput
          label="Account name"
          required
          maxLength={100}
          value={accountName}
          onChange={({ currentTarget }) => setAccountName(currentTarget.value)}
        />
        <ProblemNotice error={action.error} />
        <Button type="submit" size="md" fullWidth loading={action.isRunning}>
          Create account
        </Button>
      </form>
    </Gate>
  );
}
