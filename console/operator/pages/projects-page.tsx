// The projects of the installation: what each is, and where it answers.

import { Moment } from "../../shared/pieces/moment.tsx";
import { ProblemNotice } from "../../shared/pieces/notice.tsx";
import { PageHead } from "../../shared/pieces/page.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { SnippetView } from "../../shared/pieces/snippet.tsx";
import { Link } from "../../shared/router/link.tsx";
import { useProjects } from "../projects.ts";

export function ProjectsPage() {
  const projects = useProjects();
  return (
    <div className="column">
      <PageHead title="Projects">
        Each is an API with its own keys, customers and words. A project file makes one.
      </PageHead>
      <ProblemNotice error={projects.error} />
      {projects.isPending && <Rows />}
      <div className="cards">
        {projects.data?.map(({ name, title, endpoints, updatedAt, file }) => (
          <section className="card project" key={name} aria-label={title}>
            <Link className="project-link" to={`/p/${name}/accounts`}>
              {title}
            </Link>
            <p className="muted small">{String(file.description ?? "")}</p>
            <p className="small">
              <code>{endpoints[0]?.host}</code>
            </p>
            <p className="muted tiny">
              Changed <Moment at={updatedAt} />
            </p>
          </section>
        ))}
      </div>
      {projects.data?.length === 0 && (
        <SnippetView title="Make the first one" what="command" code="npm run claviger -- init my-api" />
      )}
    </div>
  );
}
