// The operators of the installation: roles, invitations, reset links.
import { Button, NativeSelect } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { announce } from "../../shared/pieces/announce.tsx";
import { ConfirmDialog } from "../../shared/pieces/confirm-dialog.tsx";
import { InviteForm } from "../../shared/pieces/invite-form.tsx";
import { Notice, ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Card, PageHead } from "../../shared/pieces/page.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { SnippetView } from "../../shared/pieces/snippet.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";
import { useOperator, useRefusal } from "../operator.ts";

interface Operator {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

interface OperatorList {
  readonly items: readonly Operator[];
  /** Those who were invited and have not come yet. */
  readonly invitations: readonly { readonly id: string; readonly email: string; readonly role: string }[];
}

const ROLES = [
  { value: "owner", label: "Owner: everything" },
  { value: "admin", label: "Admin: all but operators" },
  { value: "support", label: "Support: reads, keys, accounts" },
  { value: "viewer", label: "Viewer: reads only" },
];

export function OperatorsPage() {
  const refusal = useRefusal("people:write");
  const [link, setLink] = useState<string | undefined>(undefined);
  return (
    <div className="column">
      <PageHead title="Operators">
        People who run this installation. Customers of your projects are no operators; they have the portal.
      </PageHead>
      {refusal === undefined && <Invite onLink={setLink} />}
      {link !== undefined && (
        <Card title="Hand this on">
          <div className="stack">
            <Notice kind="warn">For that person only. It works once, and is shown only now.</Notice>
            <SnippetView title="Link" what="link" code={link} />
          </div>
        </Card>
      )}
      <Operators mayChange={refusal === undefined} onLink={setLink} />
    </div>
  );
}

interface OnLink {
  readonly onLink: (link: string | undefined) => void;
}

function Invite({ onLink }: OnLink) {
  const { client } = useOperator();
  const queries = useQueryClient();
  return (
    <InviteForm
      title="Invite an operator"
      roles={ROLES}
      firstRole="support"
      send={(email, role) =>
        client.request<{ link?: string }>("POST", "/v1/operators", { body: { email, role } })
      }
      onMade={({ link }) => {
        onLink(link);
        announce(link === undefined ? "The invitation is on its way" : "The invitation is made");
        void queries.invalidateQueries({ queryKey: ["operators"] });
      }}
    />
  );
}

function Operators({ mayChange, onLink }: OnLink & { readonly mayChange: boolean }) {
  const { client, session } = useOperator();
  const queries = useQueryClient();
  const [gone, setGone] = useState<Operator | undefined>(undefined);
  const operators = useQuery({
    queryKey: ["operators"],
    queryFn: ({ signal }) => client.request<OperatorList>("GET", "/v1/operators", { signal }),
  });
  const change = useAction(async ({ id, role }: { id: string; role: string }) => {
    await client.request("PATCH", `/v1/operators/${id}`, { body: { role } });
    await queries.invalidateQueries({ queryKey: ["operators"] });
    announce("The role is changed");
  });
  const reset = useAction((id: string) =>
    client.request<{ link: string }>("POST", `/v1/operators/${id}/reset-link`, { body: {} }),
  );
  return (
    <Card title="People" isBare>
      <ProblemNotice error={operators.error ?? change.error ?? reset.error} />
      {operators.isPending && <Rows count={2} />}
      <div className="table-wrap">
        <table className="table">
          <caption className="hidden">Operators</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">E-mail</th>
              <th scope="col">Role</th>
              <th scope="col">
                <span className="hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {operators.data?.items.map((operator) => (
              <OperatorRow
                key={operator.id}
                of={operator}
                mayChange={mayChange && operator.id !== session.person.id}
                onRole={(role) => void change.run({ id: operator.id, role })}
                onReset={async () => onLink((await reset.run(operator.id))?.link)}
                onRemove={() => setGone(operator)}
              />
            ))}
            {operators.data?.invitations.map(({ id, email, role }) => (
              <tr key={id}>
                <td data-label="Name">
                  <span className="badge badge-plain">Invited</span>
                </td>
                <td data-label="E-mail">{email}</td>
                <td data-label="Role">{role}</td>
                <td data-label="" />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ConfirmDialog
        of={gone}
        title={`Remove ${gone?.name ?? "operator"}`}
        confirm="Remove"
        done="The operator is removed"
        isDangerous
        onClose={() => setGone(undefined)}
        work={async ({ id }) => {
          await client.request("DELETE", `/v1/operators/${id}`);
          await queries.invalidateQueries({ queryKey: ["operators"] });
        }}
      >
        Their sessions end at once. Root keys they made go on working: rotate the ones they knew.
      </ConfirmDialog>
    </Card>
  );
}

interface OperatorRowProps {
  readonly of: Operator;
  readonly mayChange: boolean;
  readonly onRole: (role: string) => void;
  readonly onReset: () => void;
  readonly onRemove: () => void;
}

function OperatorRow({ of: operator, mayChange, onRole, onReset, onRemove }: OperatorRowProps) {
  const { name, email, role } = operator;
  return (
    <tr>
      <td data-label="Name">{name}</td>
      <td data-label="E-mail">{email}</td>
      <td data-label="Role">
        {mayChange ? (
          <NativeSelect
            size="xs"
            aria-label={`Role of ${name}`}
            data={ROLES}
            value={role}
            onChange={({ currentTarget }) => onRole(currentTarget.value)}
          />
        ) : (
          role
        )}
      </td>
      <td data-label="" className="cell-end">
        {mayChange && (
          <div className="row row-end">
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`Reset link for ${name}`}
              onClick={onReset}
            >
              Reset link
            </Button>
            <Button variant="subtle" size="compact-sm" aria-label={`Remove ${name}`} onClick={onRemove}>
              Remove
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}
