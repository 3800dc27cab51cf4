// The list of keys of an account, or of a project: found by the server, page by page, with what is under way above it.
import { Button, TextInput } from "@mantine/core";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useKeys } from "../api/keys.ts";
import { useScene } from "../api/scene.tsx";
import { Icon } from "../look/icons.tsx";
import { ProblemNotice } from "../pieces/notice.tsx";
import { Empty, PageHead } from "../pieces/page.tsx";
import { Rows } from "../pieces/rows.tsx";
import { CreateButton } from "./create-button.tsx";
import { KeyTable } from "./key-table.tsx";
import { RotationCards } from "./rotation-card.tsx";

interface KeysPageProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly above?: ReactNode;
  /** What stands beside the keys, such as how much of the allowance is left. */
  readonly beside?: ReactNode;
}

export function KeysPage({ title, lead, above, beside }: KeysPageProps) {
  const list = useKeys("");
  const keys = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const isNew = list.isSuccess && keys.length === 0;
  return (
    <div className="column">
      <PageHead title={title} above={above} actions={isNew ? undefined : <CreateButton />}>
        {lead}
      </PageHead>
      {beside}
      <RotationCards keys={keys} />
      <section className="card" aria-label={title}>
        <KeyList />
      </section>
    </div>
  );
}

/** Search and rows; where there is no key yet, the way to the first. */
export function KeyList() {
  const { portal } = useScene();
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim());
  const list = useKeys(wanted);
  const keys = list.data?.pages.flatMap(({ items }) => items) ?? [];
  if (wanted === "" && search === "" && list.isSuccess && keys.length === 0) return <FirstKey />;
  return (
    <>
      <Search value={search} onChange={setSearch} />
      <ProblemNotice error={list.error} />
      {list.isPending && <Rows />}
      {keys.length > 0 && <KeyTable keys={keys} caption={portal.labels.keys} />}
      {list.isSuccess && keys.length === 0 && <NothingFits />}
      {list.hasNextPage && (
        <div className="table-foot">
          <span>Newest first</span>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => void list.fetchNextPage()}
            loading={list.isFetchingNextPage}
          >
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function Search({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  return (
    <div className="toolbar">
      <TextInput
        className="search"
        aria-label="Search keys"
        placeholder="Name, id, beginning or end of a key, or a whole key"
        autoComplete="off"
        spellCheck={false}
        leftSection={<Icon name="search" />}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </div>
  );
}

function NothingFits() {
  return (
    <Empty icon="search" title="No key fits">
      Try a part of its name, its beginning or its last four characters. A whole key finds itself.
    </Empty>
  );
}

function FirstKey() {
  const { portal, account } = useScene();
  if (account === undefined)
    return (
      <Empty icon="key" title="No key yet">
        Customers make them at the portal, and you make them on the page of an account.
      </Empty>
    );
  return (
    <Empty icon="key" title="Make your first key" actions={<CreateButton />}>
      You will see it once, put it into <code>{portal.client.environmentVariable}</code>, and send your first
      request a minute from now. Use one key for each service, so that you can revoke one without stopping the
      others.
    </Empty>
  );
}
