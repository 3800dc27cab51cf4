// The accounts of a project: found by the server, and one of them with all that belongs to it.
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useDeferredValue, useState } from "react";
import { fieldMessage } from "../../shared/api/problem.ts";
import { useScene } from "../../shared/api/scene.tsx";
import type { Account } from "../../shared/api/shapes.ts";
import { Icon } from "../../shared/look/icons.tsx";
import { announce } from "../../shared/pieces/announce.tsx";
import { Dialog, DialogActions } from "../../shared/pieces/dialog.tsx";
import { Moment } from "../../shared/pieces/moment.tsx";
import { ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Empty, PageHead } from "../../shared/pieces/page.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";
import { Link } from "../../shared/router/link.tsx";
import { usePlace } from "../../shared/router/location.ts";
import { useAccountChanges, useAccounts } from "../accounts.ts";
import { useRefusal } from "../operator.ts";
import { AccountPage } from "./account-page.tsx";

export function AccountsPage() {
  const { segments } = usePlace();
  const id = segments[3];
  return id === undefined ? <Accounts /> : <AccountPage id={id} key={id} />;
}

function Accounts() {
  const { portal } = useScene();
  const [search, setSearch] = useState("");
  const [isMaking, setMaking] = useState(false);
  const refusal = useRefusal("accounts:write");
  const list = useAccounts(useDeferredValue(search.trim()));
  const accounts = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="column">
      <PageHead
        title="Accounts"
        actions={
          refusal === undefined && (
            <Button leftSection={<Icon name="plus" />} onClick={() => setMaking(true)}>
              Create account
            </Button>
          )
        }
      >
        Customers of {portal.title}. They sign up at the portal, or you make them here.
      </PageHead>
      <ProblemNotice error={list.error} />
      <section className="card" aria-label="Accounts">
        <div className="toolbar">
          <TextInput
            className="search"
            aria-label="Search accounts"
            placeholder="Id, your own id, or beginning of the name"
            leftSection={<Icon name="search" />}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        </div>
        {list.isPending && <Rows />}
        {accounts.length > 0 && <AccountTable accounts={accounts} />}
        {list.isSuccess && accounts.length === 0 && (
          <Empty icon="building" title={search === "" ? "No account yet" : "No account fits"}>
            {search === ""
              ? "An account holds keys, credits and members. The first one comes with the first sign-up."
              : "Try its id, or the beginning of its name."}
          </Empty>
        )}
        {list.hasNextPage && (
          <div className="table-foot">
            <span>Newest first</span>
            <Button variant="default" size="compact-sm" onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </section>
      <CreateAccount isOpen={isMaking} onClose={() => setMaking(false)} />
    </div>
  );
}

function AccountTable({ accounts }: { readonly accounts: readonly Account[] }) {
  const { portal } = useScene();
  return (
    <div className="table-wrap">
      <table className="table">
        <caption className="hidden">Accounts</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Plan</th>
            <th scope="col" className="cell-end">
              Credits
            </th>
            <th scope="col">Status</th>
            <th scope="col">Created</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ id, name, externalId, plan, credits, suspended, createdAt }) => (
            <tr key={id}>
              <td data-label="Name">
                <div className="stack stack-tiny">
                  <Link className="row-link" to={`/p/${portal.project}/accounts/${id}`}>
                    {name}
                  </Link>
                  <code className="muted">{externalId ?? id}</code>
                </div>
              </td>
              <td data-label="Plan">{plan ?? <span className="muted">–</span>}</td>
              <td data-label="Credits" className="cell-end number">
                {credits.toLocaleString("en")}
              </td>
              <td data-label="Status">
                <span className={`badge ${suspended ? "badge-bad" : "badge-good"}`}>
                  {suspended ? "Suspended" : "Active"}
                </span>
              </td>
              <td data-label="Created">
                <Moment at={createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CreateAccountProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function CreateAccount({ isOpen, onClose }: CreateAccountProps) {
  const { create } = useAccountChanges();
  const [name, setName] = useState("");
  const [externalId, setExternalId] = useState("");
  const action = useAction(() =>
    create({ name: name.trim(), ...(externalId.trim() !== "" && { externalId: externalId.trim() }) }),
  );
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) === undefined) return;
    announce(`${name.trim()} is made`);
    setName("");
    setExternalId("");
    onClose();
  };
  return (
    <Dialog title="Create account" isOpen={isOpen} onClose={onClose} width={460}>
      <form onSubmit={submit} className="stack">
        <TextInput
          label="Name"
          required
          maxLength={100}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={fieldMessage(action.error, "name")}
          data-autofocus
        />
        <TextInput
          label="Your own id of the customer"
          description="Unique in the project. Leave it empty if you have none."
          value={externalId}
          onChange={({ currentTarget }) => setExternalId(currentTarget.value)}
          error={fieldMessage(action.error, "externalId")}
        />
        <ProblemNotice error={action.error} />
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={action.isRunning}>
            Create account
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
