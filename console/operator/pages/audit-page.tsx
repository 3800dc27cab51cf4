// Who changed what: filtered by the server, exported as it is filtered. Filters stand in the address: ids, names, times.
import { Button, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { projectPath, useScene } from "../../shared/api/scene.tsx";
import type { Page } from "../../shared/api/shapes.ts";
import { Icon } from "../../shared/look/icons.tsx";
import { Moment } from "../../shared/pieces/moment.tsx";
import { ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Empty, PageHead } from "../../shared/pieces/page.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { usePlace } from "../../shared/router/location.ts";

interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const FILTERS = [
  { name: "actor", label: "By whom", placeholder: "Id of a person or root key" },
  { name: "action", label: "What", placeholder: "key.create" },
  { name: "subject", label: "To what", placeholder: "Id of a key or account" },
  { name: "from", label: "From", placeholder: "2026-11-01" },
  { name: "to", label: "To", placeholder: "2026-11-30" },
] as const;

const PAGE_SIZE = 50;

function useFilter(): Readonly<Record<string, string | undefined>> {
  const { query } = usePlace();
  return Object.fromEntries(FILTERS.map(({ name }) => [name, query.get(name) ?? undefined]));
}

export function AuditPage() {
  const scene = useScene();
  const filter = useFilter();
  const list = useInfiniteQuery({
    queryKey: ["audit", scene.portal.project, filter],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }): Promise<Page<AuditEntry>> =>
      scene.client.request("GET", projectPath(scene, "audit"), {
        query: { ...filter, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor,
  });
  const entries = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="column">
      <PageHead title="Audit log" actions={<Exports filter={filter} />}>
        Each change of {scene.portal.title}, once, with who made it. Secrets are never in it.
      </PageHead>
      <ProblemNotice error={list.error} />
      <section className="card" aria-label="Changes">
        <Filters />
        {list.isPending && <Rows />}
        {entries.length > 0 && <Entries entries={entries} />}
        {list.isSuccess && entries.length === 0 && (
          <Empty icon="book" title="No change fits">
            Widen the filters. What was changed before this installation is not here.
          </Empty>
        )}
        {list.hasNextPage && (
          <div className="table-foot">
            <span>Newest first</span>
            <Button variant="default" size="compact-sm" onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </section>
    </div>
  );
}

/** Addresses, so that the browser saves what comes. */
function Exports({ filter }: { readonly filter: Readonly<Record<string, string | undefined>> }) {
  const scene = useScene();
  const given = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const address = (format: string): string =>
    `${projectPath(scene, "audit/export")}?${new URLSearchParams([...given, ["format", format]])}`;
  return (
    <>
      {["csv", "ndjson"].map((format) => (
        <Button
          key={format}
          component="a"
          variant="default"
          leftSection={<Icon name="download" />}
          href={address(format)}
          download={`${scene.portal.project}-audit.${format}`}
        >
          {format === "csv" ? "CSV" : "JSON lines"}
        </Button>
      ))}
    </>
  );
}

function Filters() {
  const { query, setQuery } = usePlace();
  return (
    <div className="toolbar toolbar-filters">
      {FILTERS.map(({ name, label, placeholder }) => (
        <TextInput
          key={`${name}-${query.get(name) ?? ""}`}
          label={label}
          size="xs"
          placeholder={placeholder}
          defaultValue={query.get(name) ?? ""}
          onBlur={({ currentTarget }) => setQuery({ [name]: currentTarget.value.trim() })}
          onKeyDown={({ key, currentTarget }) => {
            if (key === "Enter") setQuery({ [name]: currentTarget.value.trim() });
          }}
        />
      ))}
    </div>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <div className="table-wrap">
      <table className="table">
        <caption className="hidden">Changes, newest first</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">By whom</th>
            <th scope="col">To what</th>
            <th scope="col">Detail</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, at, action, actor, subject, detail }) => (
            <tr key={id}>
              <td data-label="When">
                <Moment at={at} />
              </td>
              <td data-label="What">
                <code className="chip">{action}</code>
              </td>
              <td data-label="By whom">
                <code className="wrap">{actor}</code>
              </td>
              <td data-label="To what">
                <code className="wrap">{subject}</code>
              </td>
              <td data-label="Detail">
                <details className="fold">
                  <summary aria-label={`Show ${action} ${subject}`}>Show</summary>
                  <pre className="detail">{JSON.stringify(detail, null, 2)}</pre>
                </details>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
