// One account, for an operator: its standing, its keys and members, and what may be done to it.

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { projectPath, SceneProvider, useScene } from "../../shared/api/scene.tsx";
import type { Account, Page } from "../../shared/api/shapes.ts";
import { CreateButton } from "../../shared/keys/create-button.tsx";
import { KeyDialogsProvider } from "../../shared/keys/key-dialogs.tsx";
import { KeyList } from "../../shared/keys/keys-page.tsx";
import { Icon } from "../../shared/look/icons.tsx";
import { CopyButton } from "../../shared/pieces/copy-button.tsx";
import { Moment } from "../../shared/pieces/moment.tsx";
import { Notice, ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Card, PageHead } from "../../shared/pieces/page.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { SnippetView } from "../../shared/pieces/snippet.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";
import { Link } from "../../shared/router/link.tsx";
import { useOneAccount } from "../accounts.ts";
import { useRefusal } from "../operator.ts";
import { AccountActions } from "./account-actions.tsx";

export function AccountPage({ id }: { readonly id: string }) {
  const scene = useScene();
  const account = useOneAccount(id);
  const above = (
    <ul className="crumbs" aria-label="Above this page">
      <li>
        <Link to={`/p/${scene.portal.project}/accounts`}>Accounts</Link>
      </li>
      <li aria-hidden="true">
        <Icon name="next" size={12} />
      </li>
    </ul>
  );
  if (account.data === undefined)
    return (
      <div className="column">
        <PageHead title="Account" above={above} />
        {account.isError ? <ProblemNotice error={account.error} /> : <Rows />}
      </div>
    );
  const { name, suspended, plan } = account.data;
  return (
    <SceneProvider value={{ ...scene, account: id }}>
      <KeyDialogsProvider>
        <div className="column">
          <PageHead title={name} above={above} actions={<AccountActions of={account.data} />}>
            <span className={`badge ${suspended ? "badge-bad" : "badge-good"}`}>
              {suspended ? "Suspended" : "Active"}
            </span>{" "}
            {plan !== null && <span className="badge badge-plain">{plan} plan</span>}
          </PageHead>
          <div className="grid-2">
            <Standing of={account.data} />
            <Members account={id} />
          </div>
          <Card title="Keys" actions={<CreateButton />} isBare>
            <KeyList />
          </Card>
          <PortalAccess account={id} />
        </div>
      </KeyDialogsProvider>
    </SceneProvider>
  );
}

function Standing({ of: account }: { readonly of: Account }) {
  const { allowance, credits } = account;
  return (
    <Card title="Standing">
      <dl className="facts">
        <dt>Id</dt>
        <dd className="row row-tight">
          <code>{account.id}</code>
          <CopyButton text={() => account.id} what="account id" />
        </dd>
        <dt>Your own id</dt>
        <dd>{account.externalId ?? <span className="muted">None</span>}</dd>
        <dt>Credits</dt>
        <dd className="number">{credits.toLocaleString("en")}</dd>
        {allowance !== undefined && (
          <>
            <dt>Allowance</dt>
            <dd className="number">
              {allowance.used.toLocaleString("en")} of{" "}
              {allowance.limit === null ? "no limit" : allowance.limit.toLocaleString("en")} used
            </dd>
          </>
        )}
        <dt>Created</dt>
        <dd>
          <Moment at={account.createdAt} />
        </dd>
      </dl>
    </Card>
  );
}

interface Member {
  readonly person: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

function Members({ account }: { readonly account: string }) {
  const scene = useScene();
  const path = projectPath(scene, `accounts/${account}/members`);
  const refusal = useRefusal("people:write");
  const members = useQuery({
    queryKey: ["members", path],
    queryFn: ({ signal }) => scene.client.request<Page<Member>>("GET", path, { signal }),
  });
  const reset = useAction((person: string) =>
    scene.client.request<{ link: string }>("POST", `${path}/${person}/reset-link`, { body: {} }),
  );
  const [link, setLink] = useState<string | undefined>(undefined);
  const make = async (person: string): Promise<void> => setLink((await reset.run(person))?.link);
  return (
    <Card title="Members">
      <div className="stack">
        <ProblemNotice error={members.error ?? reset.error} />
        {members.data?.items.length === 0 && (
          <p className="muted">Nobody signs in for this account. Its keys are made by you.</p>
        )}
        {members.data?.items.map(({ person, name, email, role }) => (
          <div className="row row-between" key={person}>
            <span>
              {name} <span className="muted">{email}</span> <span className="badge badge-plain">{role}</span>
            </span>
            {refusal === undefined && (
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={`Reset link for ${name}`}
                onClick={() => void make(person)}
              >
                Reset link
              </Button>
            )}
          </div>
        ))}
        {link !== undefined && (
          <>
            <Notice kind="warn">Hand it to that person only. It works once, and is shown only now.</Notice>
            <SnippetView title="Reset link" what="reset link" code={link} />
          </>
        )}
      </div>
    </Card>
  );
}

interface PortalSession {
  readonly url: string;
  readonly expiresAt: string;
}

/** What the operator's own back end does by the API, once by hand. */
function PortalAccess({ account }: { readonly account: string }) {
  const scene = useScene();
  const refusal = useRefusal("accounts:write");
  const [session, setSession] = useState<PortalSession | undefined>(undefined);
  const action = useAction(() =>
    scene.client.request<PortalSession>("POST", projectPath(scene, "portal-sessions"), { body: { account } }),
  );
  if (refusal !== undefined) return null;
  return (
    <Card
      title="Portal without sign-in"
      note="A link into this account's keys, good once within 15 minutes. Your own back end makes them by the API."
      actions={
        <Button
          variant="default"
          loading={action.isRunning}
          onClick={async () => setSession(await action.run(undefined))}
        >
          Make a link
        </Button>
      }
    >
      <div className="stack">
        <ProblemNotice error={action.error} />
        {session === undefined ? (
          <p className="muted">
            <code>POST /v1/projects/{scene.portal.project}/portal-sessions</code> with the account's id.
          </p>
        ) : (
          <SnippetView title="Portal link" what="portal link" code={session.url} />
        )}
      </div>
    </Card>
  );
}
