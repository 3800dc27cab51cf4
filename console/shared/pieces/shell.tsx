// What stands around every page: the brand, the menu, who is signed in; on a narrow screen the menu is behind a button. What is in the
// menu is the face's business.
import { ActionIcon, Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Client } from "../api/client.ts";
import type { Person } from "../api/shapes.ts";
import { Brand } from "../gate/brand.tsx";
import { Icon, type IconName } from "../look/icons.tsx";
import { SchemeItem } from "../look/scheme-item.tsx";
import { usePlace } from "../router/location.ts";
import { NavLink } from "../router/nav-link.tsx";

export interface Entry {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  /** Whether it is also the page of the bare base path. */
  readonly isFirst?: boolean;
}

export interface ShellProps {
  readonly brand: { readonly site: string; readonly logo: string | null };
  /** Of the narrow menu, above its entries. */
  readonly group?: string | undefined;
  readonly entries: readonly Entry[];
  /** The wide menu. */
  readonly side: ReactNode;
  readonly person: Person;
  /** As whom the person is here: an account, or a role. */
  readonly standing: string;
  readonly client: Client;
  readonly children: ReactNode;
}

export function Shell({ brand, group, entries, side, person, standing, client, children }: ShellProps) {
  return (
    <div className="frame">
      <a className="skip" href="#page">
        Go to the page
      </a>
      <nav className="topbar" aria-label="Site">
        <span className="brand">
          <Brand {...brand} />
        </span>
        <NarrowMenu group={group} entries={entries} client={client} />
      </nav>
      <aside className="side" aria-label="Menu">
        <span className="brand">
          <Brand {...brand} />
        </span>
        {side}
        <div className="side-end">
          <PersonMenu person={person} standing={standing} client={client} />
        </div>
      </aside>
      <main className="main" id="page" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

export function Entries({ of }: { readonly of: readonly Entry[] }) {
  return (
    <div className="nav">
      {of.map((entry) => (
        <NavLink key={entry.to} {...entry} />
      ))}
    </div>
  );
}

function PersonMenu({ person, standing, client }: Pick<ShellProps, "person" | "standing" | "client">) {
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <button type="button" className="person">
          <span className="avatar" aria-hidden="true">
            {person.name.charAt(0).toUpperCase()}
          </span>
          <span className="person-text">
            <span className="person-name">{person.name}</span>
            <span className="person-account">{standing}</span>
          </span>
          <Icon name="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.email}</Menu.Label>
        <SchemeItem />
        <SignOutItem client={client} />
      </Menu.Dropdown>
    </Menu>
  );
}

function NarrowMenu({ group, entries, client }: Pick<ShellProps, "group" | "entries" | "client">) {
  const { go } = usePlace();
  return (
    <Menu withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size={36} aria-label="Menu">
          <Icon name="menu" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {group !== undefined && <Menu.Label>{group}</Menu.Label>}
        {entries.map(({ to, label, icon }) => (
          <Menu.Item key={to} leftSection={<Icon name={icon} />} onClick={() => go(to)}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <SchemeItem />
        <SignOutItem client={client} />
      </Menu.Dropdown>
    </Menu>
  );
}

function SignOutItem({ client }: Pick<ShellProps, "client">) {
  const queries = useQueryClient();
  const leave = async (): Promise<void> => {
    await client.request("POST", "/auth/sign-out", { body: {} }).catch(() => undefined);
    queries.clear();
    // A fresh document: nothing of the person stays in memory.
    window.location.reload();
  };
  return (
    <Menu.Item leftSection={<Icon name="out" />} onClick={leave}>
      Sign out
    </Menu.Item>
  );
}
