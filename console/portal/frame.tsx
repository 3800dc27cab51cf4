// The portal's menu and what stands around a page; on a narrow screen the menu is behind a button.
import { ActionIcon, Menu, NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useScene } from "../shared/api/scene.tsx";
import { Brand } from "../shared/gate/brand.tsx";
import { Icon, type IconName } from "../shared/look/icons.tsx";
import { SchemeItem } from "../shared/look/scheme-item.tsx";
import { usePlace } from "../shared/router/location.ts";
import { NavLink } from "../shared/router/nav-link.tsx";
import { usePerson } from "./person.ts";

interface Entry {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
}

const account: readonly Entry[] = [
  { to: "/members", label: "Members", icon: "people" },
  { to: "/security", label: "Sign-in and security", icon: "shield" },
];

/** The keys stand where the operator's own pages say they stand, such as Settings › API Keys. */
function useEntries(): { readonly group: string | undefined; readonly first: readonly Entry[] } {
  const { portal, keysPath } = useScene();
  return {
    group: portal.labels.menu.length > 1 ? portal.labels.menu[0] : undefined,
    first: [
      { to: keysPath, label: portal.labels.menu.at(-1) ?? portal.labels.keys, icon: "key" },
      { to: "/usage", label: portal.labels.usage, icon: "chart" },
      { to: "/requests", label: "Requests", icon: "list" },
    ],
  };
}

export function Frame({ children }: { readonly children: ReactNode }) {
  const { portal } = useScene();
  return (
    <div className="frame">
      <a className="skip" href="#page">
        Go to the page
      </a>
      <nav className="topbar" aria-label="Site">
        <span className="brand">
          <Brand site={portal.title} logo={portal.logo} />
        </span>
        <NarrowMenu />
      </nav>
      <aside className="side" aria-label="Menu">
        <span className="brand">
          <Brand site={portal.title} logo={portal.logo} />
        </span>
        <AccountChoice />
        <SideNav />
        <div className="side-end">
          <PersonMenu />
        </div>
      </aside>
      <main className="main" id="page" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function SideNav() {
  const { group, first } = useEntries();
  return (
    <nav aria-label="Pages">
      {group !== undefined && <p className="nav-group">{group}</p>}
      <div className="nav">
        {first.map((entry) => (
          <NavLink key={entry.to} {...entry} />
        ))}
      </div>
      <p className="nav-group">Account</p>
      <div className="nav">
        {account.map((entry) => (
          <NavLink key={entry.to} {...entry} />
        ))}
      </div>
    </nav>
  );
}

function AccountChoice() {
  const { memberships, membership, choose } = usePerson();
  if (memberships.length < 2) return null;
  return (
    <NativeSelect
      aria-label="Account"
      data={memberships.map(({ account: value, accountName: label }) => ({ value, label }))}
      value={membership.account}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    />
  );
}

function PersonMenu() {
  const { session, membership } = usePerson();
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <button type="button" className="person">
          <span className="avatar" aria-hidden="true">
            {session.person.name.charAt(0).toUpperCase()}
          </span>
          <span className="person-text">
            <span className="person-name">{session.person.name}</span>
            <span className="person-account">{membership.accountName}</span>
          </span>
          <Icon name="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.person.email}</Menu.Label>
        <SchemeItem />
        <SignOutItem />
      </Menu.Dropdown>
    </Menu>
  );
}

function NarrowMenu() {
  const { group, first } = useEntries();
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
        {[...first, ...account].map(({ to, label, icon }) => (
          <Menu.Item key={to} leftSection={<Icon name={icon} />} onClick={() => go(to)}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <SchemeItem />
        <SignOutItem />
      </Menu.Dropdown>
    </Menu>
  );
}

function SignOutItem() {
  const { client } = useScene();
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
