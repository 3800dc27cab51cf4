// Who belongs to the account, with which role, and who is invited.
import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldMessage } from "../../shared/api/problem.ts";
import { projectPath, useScene } from "../../shared/api/scene.tsx";
import type { Page, Role } from "../../shared/api/shapes.ts";
import { Icon } from "../../shared/look/icons.tsx";
import { announce } from "../../shared/pieces/announce.tsx";
import { ConfirmDialog } from "../../shared/pieces/confirm-dialog.tsx";
import { InviteForm } from "../../shared/pieces/invite-form.tsx";
import { Moment } from "../../shared/pieces/moment.tsx";
import { Notice, ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Card, PageHead } from "../../shared/pieces/page.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { SnippetView } from "../../shared/pieces/snippet.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";
import { isAtLeast, usePerson } from "../person.ts";

interface Member {
  readonly person: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: string;
  /** Where no mail can be sent: to be handed on by hand. Shown once. */
  readonly link?: string;
}

const ROLES: readonly { readonly value: Role; readonly label: string }[] = [
  { value: "owner", label: "Owner: everything" },
  { value: "admin", label: "Admin: keys and members" },
  { value: "developer", label: "Developer: keys" },
  { value: "viewer", label: "Viewer: looks only" },
];

function useAccountPath() {
  const scene = useScene();
  return (rest: string) => projectPath(scene, `accounts/${scene.account}/${rest}`);
}

export function MembersPage() {
  const { membership } = usePerson();
  const mayChange = isAtLeast(membership.role, "admin");
  return (
    <div className="column">
      <PageHead title="Members">
        Everybody of {membership.accountName} sees the same keys. Roles say who may change them.
      </PageHead>
      {mayChange && <Invite />}
      <Members mayChange={mayChange} />
      {mayChange && <Invitations />}
      {membership.role === "owner" && <AccountName />}
    </div>
  );
}

function Members({ mayChange }: { readonly mayChange: boolean }) {
  const { client } = useScene();
  const path = useAccountPath();
  const { session } = usePerson();
  const queries = useQueryClient();
  const [gone, setGone] = useState<Member | undefined>(undefined);
  const members = useQuery({
    queryKey: ["members", path("members")],
    queryFn: ({ signal }) => client.request<Page<Member>>("GET", path("members"), { signal }),
  });
  const change = useAction(async ({ person, role }: { person: string; role: string }) => {
    await client.request("PATCH", path(`members/${person}`), { body: { role } });
    await queries.invalidateQueries({ queryKey: ["members"] });
    announce("The role is changed");
  });
  return (
    <Card title="People" isBare>
      <ProblemNotice error={members.error ?? change.error} />
      {members.isPending && <Rows />}
      {members.data !== undefined && (
        <table className="table">
          <caption className="hidden">People of the account</caption>
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
            {members.data.items.map((member) => (
              <MemberRow
                key={member.person}
                of={member}
                isSelf={member.person === session.person.id}
                mayChange={mayChange}
                onRole={(role) => void change.run({ person: member.person, role })}
                onRemove={() => setGone(member)}
              />
            ))}
          </tbody>
        </table>
      )}
      <ConfirmDialog
        of={gone}
        title={`Remove ${gone?.name ?? "member"}`}
        confirm="Remove"
        done="The member is removed"
        isDangerous
        onClose={() => setGone(undefined)}
        work={async ({ person }) => {
          await client.request("DELETE", path(`members/${person}`));
          await queries.invalidateQueries();
        }}
      >
        They lose access to this account at once. Keys they made go on working: rotate the ones they knew.
      </ConfirmDialog>
    </Card>
  );
}

interface MemberRowProps {
  readonly of: Member;
  readonly isSelf: boolean;
  readonly mayChange: boolean;
  readonly onRole: (role: string) => void;
  readonly onRemove: () => void;
}

function MemberRow({ of: member, isSelf, mayChange, onRole, onRemove }: MemberRowProps) {
  return (
    <tr>
      <td data-label="Name">
        {member.name} {isSelf && <span className="badge badge-plain">you</span>}
      </td>
      <td data-label="E-mail">{member.email}</td>
      <td data-label="Role">
        {mayChange && !isSelf ? (
          <NativeSelect
            size="xs"
            aria-label={`Role of ${member.name}`}
            data={[...ROLES]}
            value={member.role}
            onChange={({ currentTarget }) => onRole(currentTarget.value)}
          />
        ) : (
          member.role
        )}
      </td>
      <td data-label="" className="cell-end cell-actions">
        {(mayChange || isSelf) && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={onRemove}
            aria-label={isSelf ? "Leave the account" : `Remove ${member.name}`}
          >
            {isSelf ? "Leave" : "Remove"}
          </Button>
        )}
      </td>
    </tr>
  );
}

function Invite() {
  const { client, portal } = useScene();
  const path = useAccountPath();
  const queries = useQueryClient();
  const [made, setMade] = useState<Invitation | undefined>(undefined);
  return (
    <InviteForm
      title="Invite somebody"
      roles={ROLES}
      firstRole="developer"
      send={(email, role) =>
        client.request<Invitation>("POST", path("invitations"), { body: { email, role } })
      }
      onMade={(invitation) => {
        setMade(invitation);
        announce("The invitation is made");
        void queries.invalidateQueries({ queryKey: ["invitations"] });
      }}
    >
      {made?.link !== undefined && (
        <>
          <Notice>
            {portal.title} sends no mail from here. Hand this link to {made.email} yourself; it works once and
            is shown only now.
          </Notice>
          <SnippetView title="Invitation link" what="invitation link" code={made.link} />
        </>
      )}
      {made !== undefined && made.link === undefined && (
        <Notice kind="good">The invitation to {made.email} is on its way.</Notice>
      )}
    </InviteForm>
  );
}

function Invitations() {
  const { client } = useScene();
  const path = useAccountPath();
  const queries = useQueryClient();
  const invitations = useQuery({
    queryKey: ["invitations", path("invitations")],
    queryFn: ({ signal }) => client.request<Page<Invitation>>("GET", path("invitations"), { signal }),
  });
  const withdraw = useAction(async (id: string) => {
    await client.request("DELETE", path(`invitations/${id}`));
    await queries.invalidateQueries({ queryKey: ["invitations"] });
    announce("The invitation is withdrawn");
  });
  const items = invitations.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Card title="Invited" isBare>
      <ProblemNotice error={withdraw.error} />
      <table className="table">
        <caption className="hidden">Open invitations</caption>
        <thead>
          <tr>
            <th scope="col">E-mail</th>
            <th scope="col">Role</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, email, role, expiresAt }) => (
            <tr key={id}>
              <td data-label="E-mail">{email}</td>
              <td data-label="Role">{role}</td>
              <td data-label="Ends">
                <Moment at={expiresAt} />
              </td>
              <td data-label="" className="cell-end cell-actions">
                <ActionIcon
                  variant="subtle"
                  aria-label={`Withdraw the invitation of ${email}`}
                  onClick={() => void withdraw.run(id)}
                >
                  <Icon name="close" />
                </ActionIcon>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** Only its owners may call it something else. */
function AccountName() {
  const { client } = useScene();
  const path = useAccountPath();
  const { membership } = usePerson();
  const queries = useQueryClient();
  const [name, setName] = useState(membership.accountName);
  const action = useAction(async () => {
    await client.request("PATCH", path("").slice(0, -1), { body: { name: name.trim() } });
    await queries.invalidateQueries({ queryKey: ["session"] });
    announce("The account is renamed");
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void action.run(undefined);
  };
  return (
    <Card title="Name of the account">
      <form onSubmit={submit} className="stack">
        <div className="form-row form-row-pair">
          <TextInput
            label="Account name"
            required
            maxLength={100}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={fieldMessage(action.error, "name")}
          />
          <Button type="submit" variant="default" loading={action.isRunning}>
            Rename
          </Button>
        </div>
        <ProblemNotice error={action.error} />
      </form>
    </Card>
  );
}
