// The console's menu: the pages of one project, and those of the installation.
import { ActionIcon, Menu, NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Brand } from "../shared/gate/brand.tsx";
import { Icon, type IconName } from "../shared/look/icons.tsx";
import { SchemeItem } from "../shared/look/scheme-item.tsx";
import { usePlace } from "../shared/router/location.ts";
import { NavLink } from "../shared/router/nav-link.tsx";
import { useOperator } from "./operator.ts";
import { useProjectName, useProjects } from "./projects.ts";

interface Entry {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
}

const PROJECT_PAGES: readonly Entry[] = [
  { to: "accounts", label: "Accounts", icon: "building" },
  { to: "keys", label: "Keys", icon: "key" },
  { to: "traffic", label: "Live traffic", icon: "pulse" },
  { to: "usage", label: "Usage", icon: "chart" },
  { to: "test", label: "Test a request", icon: "flask" },
  { to: "audit", label: "Audit log", icon: "book" },
  { to: "file", label: "Project file", icon: "file" },
];

const INSTANCE_PAGES: readonly Entry[] = [
  { to: "/root-keys", label: "Root keys", icon: "shield" },
  { to: "/operators", label: "Operators", icon: "people" },
  { to: "/security", label: "Sign-in and security", icon: "user" },
];

function projectEntries(project: string | undefined): Entry[] {
  if (project === undefined) return [];
  return PROJECT_PAGES.map((entry) => ({ ...entry, to: `/p/${project}/${entry.to}` }));
}

export function Frame({ site, children }: { readonly site: string; readonly children: ReactNode }) {
  const project = useProjectName();
  return (
    <div className="frame">
      <a className="skip" href="#page">
        Go to the page
      </a>
      <nav className="topbar" aria-label="Site">
        <span className="brand">
          <Brand site={site} logo={null} />
        </span>
        <NarrowMenu project={project} />
      </nav>
      <aside className="side" aria-label="Menu">
        <span className="brand">
          <Brand site={site} logo={null} />
        </span>
        <nav aria-label="Pages">
          <div className="nav">
            <NavLink to="/projects" label="Projects" icon="box" isFirst />
          </div>
          {project !== undefined && (
            <>
              <p className="nav-group">Project</p>
              <ProjectChoice project={project} />
              <div className="nav">
                {projectEntries(project).map((entry) => (
                  <NavLink key={entry.to} {...entry} />
                ))}
              </div>
            </>
          )}
          <p className="nav-group">Installation</p>
          <div className="nav">
            {INSTANCE_PAGES.map((entry) => (
              <NavLink key={entry.to} {...entry} />
            ))}
          </div>
        </nav>
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

/** The same page of another project. */
function ProjectChoice({ project }: { readonly project: string }) {
  const { go, segments } = usePlace();
  const projects = useProjects().data ?? [];
  return (
    <NativeSelect
      className="nav-choice"
      aria-label="Project"
      data={projects.map(({ name: value, title: label }) => ({ value, label }))}
      value={project}
      onChange={({ currentTarget }) => go(`/p/${currentTarget.value}/${segments[2] ?? "accounts"}`)}
    />
  );
}

function PersonMenu() {
  const { session } = useOperator();
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <button type="button" className="person">
          <span className="avatar" aria-hidden="true">
            {session.person.name.charAt(0).toUpperCase()}
          </span>
          <span className="person-text">
            <span className="person-name">{session.person.name}</span>
            <span className="person-account">{session.role}</span>
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

function NarrowMenu({ project }: { readonly project: string | undefined }) {
  const { go } = usePlace();
  const entries: readonly Entry[] = [
    { to: "/projects", label: "Projects", icon: "box" },
    ...projectEntries(project),
    ...INSTANCE_PAGES,
  ];
  return (
    <Menu withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size={36} aria-label="Menu">
          <Icon name="menu" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(({ to, label, icon }) => (
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
  const { client } = useOperator();
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
