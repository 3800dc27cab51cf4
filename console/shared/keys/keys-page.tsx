// The list of keys of an account: found by the server, page by page, with what is under way above it.
import { Button, TextInput } from "@mantine/core";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useKeys } from "../api/keys.ts";
import { useScene } from "../api/scene.tsx";
import type { Key } from "../api/shapes.ts";
import { Icon } from "../look/icons.tsx";
import { ProblemNotice } from "../pieces/notice.tsx";
import { Empty, PageHead } from "../pieces/page.tsx";
import { Rows } from "../pieces/rows.tsx";
import { CreateButton } from "./create-button.tsx";
import { KeyTable } from "./key-table.tsx";
import { RotationCards } from "./rotation-card.tsx";

interface KeysPageProps {
  readonly above?: ReactNode;
  /** What stands beside the keys, such as how much of the allowance is left. */
  readonly beside?: ReactNode;
}

export function KeysPage({ above, beside }: KeysPageProps) {
  const { portal } = useScene();
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim());
  const list = useKeys(wanted);
  const keys = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const isNew = wanted === "" && list.isSuccess && keys.length === 0;
  return (
    <div className="column">
      <PageHead title={portal.labels.keys} above={above} actions={isNew ? undefined : <CreateButton />}>
        A key lets a program use {portal.title} in your name. Keep it out of browsers, repositories and chats.
      </PageHead>
      {beside}
      <RotationCards keys={keys} />
      <ProblemNotice error={list.error} />
      {isNew ? (
        <FirstKey />
      ) : (
        <section className="card" aria-label={portal.labels.keys}>
          <Search value={search} onChange={setSearch} />
          {list.isPending ? <Rows /> : <Found keys={keys} search={wanted} />}
          {list.hasNextPage && (
            <More onMore={() => void list.fetchNextPage()} isBusy={list.isFetchingNextPage} />
          )}
        </section>
      )}
    </div>
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

function Found({ keys, search }: { readonly keys: readonly Key[]; readonly search: string }) {
  const { portal } = useScene();
  if (keys.length > 0) return <KeyTable keys={keys} caption={portal.labels.keys} />;
  if (search === "") return null;
  return (
    <Empty icon="search" title="No key fits">
      Try a part of its name, its beginning or its last four characters. A whole key finds itself.
    </Empty>
  );
}

function FirstKey() {
  const { portal } = useScene();
  return (
    <section className="card">
      <Empty icon="key" title="Make your first key" actions={<CreateButton />}>
        You will see it once, put it into <code>{portal.client.environmentVariable}</code>, and send your
        first request a minute from now. Use one key for each service, so that you can revoke one without
        stopping the others.
      </Empty>
    </section>
  );
}

function More({ onMore, isBusy }: { readonly onMore: () => void; readonly isBusy: boolean }) {
  return (
    <div className="table-foot">
      <span>Newest first</span>
      <Button variant="default" size="compact-sm" onClick={onMore} loading={isBusy}>
        Show more
      </Button>
    </div>
  );
}
