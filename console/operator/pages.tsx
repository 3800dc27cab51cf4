// Which page of the console stands at which address; each is loaded when it is asked for.
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Empty, PageHead } from "../shared/pieces/page.tsx";
import { Rows } from "../shared/pieces/rows.tsx";
import { Safe } from "../shared/pieces/safe.tsx";
import { Link } from "../shared/router/link.tsx";
import { usePlace } from "../shared/router/location.ts";
import { Security } from "../shared/security/security-page.tsx";
import { useOperator } from "./operator.ts";
import { ProjectsPage } from "./pages/projects-page.tsx";
import { ProjectScene } from "./project-scene.tsx";

const page = <Name extends string>(
  load: () => Promise<Readonly<Record<Name, () => ReactNode>>>,
  name: Name,
): ComponentType => lazy(async () => ({ default: (await load())[name] as ComponentType }));

const PROJECT_PAGES: Readonly<Record<string, ComponentType>> = {
  accounts: page(() => import("./pages/accounts-page.tsx"), "AccountsPage"),
  keys: page(() => import("./pages/project-keys-page.tsx"), "ProjectKeysPage"),
  traffic: page(() => import("./pages/traffic-page.tsx"), "TrafficPage"),
  usage: page(() => import("./pages/project-usage-page.tsx"), "ProjectUsagePage"),
  test: page(() => import("./pages/test-page.tsx"), "TestPage"),
  audit: page(() => import("./pages/audit-page.tsx"), "AuditPage"),
  file: page(() => import("./pages/file-page.tsx"), "FilePage"),
};

const INSTANCE_PAGES: Readonly<Record<string, ComponentType>> = {
  projects: ProjectsPage,
  "root-keys": page(() => import("./pages/root-keys-page.tsx"), "RootKeysPage"),
  operators: page(() => import("./pages/operators-page.tsx"), "OperatorsPage"),
  security: OperatorSecurity,
};

export function Pages() {
  const { path, segments } = usePlace();
  const [first = "projects", project, second = "accounts"] = segments;
  const isOfProject = first === "p" && project !== undefined;
  const Found = isOfProject ? PROJECT_PAGES[second] : INSTANCE_PAGES[first];
  const shown = Found === undefined ? <Lost /> : <Found />;
  return (
    <Safe key={path}>
      <Suspense
        fallback={
          <div className="column">
            <Rows />
          </div>
        }
      >
        {isOfProject ? (
          <ProjectScene project={project} key={project}>
            {shown}
          </ProjectScene>
        ) : (
          shown
        )}
      </Suspense>
    </Safe>
  );
}

function OperatorSecurity() {
  const { client, session } = useOperator();
  return <Security client={client} person={session.person} />;
}

function Lost() {
  return (
    <div className="column">
      <PageHead title="There is nothing here" />
      <section className="card">
        <Empty icon="search" title="No such page" actions={<Link to="/projects">Go to the projects</Link>}>
          The address may be mistyped, or what it named is gone.
        </Empty>
      </section>
    </div>
  );
}
