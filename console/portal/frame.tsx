// The portal's menu: the keys and their use, then what is the account's.
import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { useScene } from "../shared/api/scene.tsx";
import { Entries, type Entry, Shell } from "../shared/pieces/shell.tsx";
import { usePerson } from "./person.ts";

const ACCOUNT_PAGES: readonly Entry[] = [
  { to: "/members", label: "Members", icon: "people" },
  { to: "/security", label: "Sign-in and security", icon: "shield" },
];

export function Frame({ children }: { readonly children: ReactNode }) {
  const { portal, keysPath, client } = useScene();
  const { session, membership } = usePerson();
  const { menu, keys, usage } = portal.labels;
  // The keys stand where the operator's own pages say they stand, such as Settings › API Keys.
  const group = menu.length > 1 ? menu[0] : undefined;
  const first: readonly Entry[] = [
    { to: keysPath, label: menu.at(-1) ?? keys, icon: "key", isFirst: true },
    { to: "/usage", label: usage, icon: "chart" },
    { to: "/requests", label: "Requests", icon: "list" },
  ];
  const side = (
    <>
      <AccountChoice />
      <nav aria-label="Pages">
        {group !== undefined && <p className="nav-group">{group}</p>}
        <Entries of={first} />
        <p className="nav-group">Account</p>
        <Entries of={ACCOUNT_PAGES} />
      </nav>
    </>
  );
  return (
    <Shell
      brand={{ site: portal.title, logo: portal.logo }}
      group={group}
      entries={[...first, ...ACCOUNT_PAGES]}
      side={side}
      person={session.person}
      standing={membership.accountName}
      client={client}
    >
      {children}
    </Shell>
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
