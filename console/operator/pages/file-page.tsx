// The project file: changed as text, checked by the server, and applied only after its differences have been shown.
import { Button, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../shared/api/problem.ts";
import { projectPath, useScene } from "../../shared/api/scene.tsx";
import { announce } from "../../shared/pieces/announce.tsx";
import { Notice, ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Card, PageHead } from "../../shared/pieces/page.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";
import { useRefusal } from "../operator.ts";
import type { Project } from "../projects.ts";

interface Difference {
  readonly field: string;
  readonly change: "added" | "removed" | "changed";
  readonly before?: unknown;
  readonly after?: unknown;
}

interface Applied {
  readonly differences: readonly Difference[];
  readonly warnings: readonly string[];
}

export function FilePage() {
  const scene = useScene();
  const file = useQuery({
    queryKey: ["project-file", scene.portal.project],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const { stringify } = await import("yaml");
      const path = `/v1/projects/${scene.portal.project}`;
      const project = await scene.client.request<Project>("GET", path, { signal });
      return { version: project.version, text: stringify(project.file, { lineWidth: 100 }) };
    },
  });
  return (
    <div className="column">
      <PageHead title="Project file">
        What {scene.portal.title} is: hosts, scopes, plans, limits, words. Checked and compared before it
        counts; it counts from the next request on.
      </PageHead>
      <ProblemNotice error={file.error} />
      {file.data === undefined ? (
        <Rows count={6} />
      ) : (
        <Editor key={file.data.version} start={file.data.text} />
      )}
    </div>
  );
}

function Editor({ start }: { readonly start: string }) {
  const scene = useScene();
  const queries = useQueryClient();
  const refusal = useRefusal("projects:write");
  const [text, setText] = useState(start);
  const [checked, setChecked] = useState<Applied | undefined>(undefined);
  const put = (dryRun: boolean) =>
    scene.client.request<Applied>("PUT", projectPath(scene, "").slice(0, -1), {
      body: text,
      contentType: "application/yaml",
      ...(dryRun && { query: { dryRun } }),
    });
  const check = useAction(() => put(true));
  const apply = useAction(() => put(false));
  const finish = async (): Promise<void> => {
    if ((await apply.run(undefined)) === undefined) return;
    announce("The project file is applied");
    setChecked(undefined);
    void queries.invalidateQueries();
  };
  return (
    <>
      <Textarea
        className="editor"
        label="Project file (YAML)"
        description="Comments of the file on disk are not kept by the server, and are not here."
        spellCheck={false}
        autosize
        minRows={18}
        maxRows={34}
        readOnly={refusal !== undefined}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setChecked(undefined);
          check.reset();
        }}
      />
      {refusal !== undefined && <Notice>{refusal}</Notice>}
      <FileProblems error={check.error ?? apply.error} />
      {refusal === undefined && (
        <div className="row row-end">
          <Button variant="default" disabled={text === start} onClick={() => setText(start)}>
            Take back
          </Button>
          <Button loading={check.isRunning} onClick={async () => setChecked(await check.run(undefined))}>
            Check and compare
          </Button>
        </div>
      )}
      {checked !== undefined && (
        <Differences of={checked} onApply={() => void finish()} isBusy={apply.isRunning} />
      )}
    </>
  );
}

/** All that is wrong with the file, each with its field. */
function FileProblems({ error }: { readonly error: unknown }) {
  const fields = error instanceof ApiProblem ? (error.facts.fields ?? []) : [];
  if (fields.length === 0) return <ProblemNotice error={error} />;
  return (
    <Notice kind="bad">
      The file has {fields.length === 1 ? "a mistake" : `${fields.length} mistakes`}. Nothing was changed.
      <ul>
        {fields.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            <code>{field || "file"}</code> {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

interface DifferencesProps {
  readonly of: Applied;
  readonly onApply: () => void;
  readonly isBusy: boolean;
}

function Differences({ of: { differences, warnings }, onApply, isBusy }: DifferencesProps) {
  const count = differences.length;
  return (
    <Card
      title={count === 0 ? "Nothing would change" : `${count} ${count === 1 ? "change" : "changes"}`}
      isBare
      actions={
        count > 0 && (
          <Button onClick={onApply} loading={isBusy}>
            Apply
          </Button>
        )
      }
    >
      {warnings.length > 0 && (
        <div className="card-body">
          {warnings.map((warning) => (
            <Notice kind="warn" key={warning}>
              {warning}
            </Notice>
          ))}
        </div>
      )}
      <ul className="diff">
        {differences.map(({ field, change, before, after }) => (
          <li key={field}>
            <span>
              <code>{field || "file"}</code> <span className="muted small">{change}</span>
            </span>
            {before !== undefined && <del>{JSON.stringify(before)}</del>}
            {after !== undefined && <ins>{JSON.stringify(after)}</ins>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
