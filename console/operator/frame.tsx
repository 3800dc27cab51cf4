// The console's menu: the pages of one project, and those of the installation.
import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { Entries, type Entry, Shell } from "../shared/pieces/shell.tsx";
import { usePlace } from "../shared/router/location.ts";
import { useOperator } from "./operator.ts";
import { useProjectName, useProjects } from "./projects.ts";

const FIRST: readonly Entry[] = [{ to: "/projects", label: "Projects", icon: "box", isFirst: true }];

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
  const { session, client } = useOperator();
  const project = useProjectName();
  const ofProject = projectEntries(project);
  const side = (
    <nav aria-label="Pages">
      <Entries of={FIRST} />
      {project !== undefined && (
        <>
          <p className="nav-group">Project</p>
          <ProjectChoice project={project} />
          <Entries of={ofProject} />
        </>
      )}
      <p className="nav-group">Installation</p>
      <Entries of={INSTANCE_PAGES} />
    </nav>
  );
  return (
    <Shell
      brand={{ site, logo: null }}
      entries={[...FIRST, ...ofProject, ...INSTANCE_PAGES]}
      side={side}
      person={session.person}
      standing={session.role}
      client={client}
    >
      {children}
    </Shell>
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
