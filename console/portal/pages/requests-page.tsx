// The newest requests of the account, each with the reason of its result. Filters stand in the address: ids and codes only.
import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useKeys } from "../../shared/api/keys.ts";
import { useRequests } from "../../shared/api/requests.ts";
import { outcomeCodes, outcomeWord } from "../../shared/keys/outcomes.ts";
import { RequestTable } from "../../shared/keys/request-table.tsx";
import { Icon } from "../../shared/look/icons.tsx";
import { ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Empty, PageHead } from "../../shared/pieces/page.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { usePlace } from "../../shared/router/location.ts";

export function RequestsPage() {
  const { query } = usePlace();
  const [isPaused, setPaused] = useState(false);
  const filter = { key: query.get("key") ?? undefined, outcome: query.get("outcome") ?? undefined };
  const requests = useRequests(filter, isPaused);
  const items = requests.data?.items ?? [];
  const isFiltered = filter.key !== undefined || filter.outcome !== undefined;
  return (
    <div className="column">
      <PageHead
        title="Requests"
        actions={
          <Button
            variant="default"
            leftSection={<Icon name={isPaused ? "play" : "pause"} />}
            onClick={() => setPaused(!isPaused)}
          >
            {isPaused ? "Go on" : "Pause"}
          </Button>
        }
      >
        The newest first, with what was decided and why. New ones come by themselves.
      </PageHead>
      <ProblemNotice error={requests.error} />
      <section className="card" aria-label="Requests">
        <Filters />
        {requests.isPending && <Rows />}
        {items.length > 0 && <RequestTable requests={items} />}
        {requests.isSuccess && items.length === 0 && <Nothing isFiltered={isFiltered} />}
      </section>
    </div>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return (
      <Empty icon="search" title="No request fits">
        Widen the filters, or send a request that fits them.
      </Empty>
    );
  return (
    <Empty icon="list" title="No request yet">
      Send one with a key, and it stands here within seconds: allowed or refused, and why.
    </Empty>
  );
}

function Filters() {
  const { query, setQuery } = usePlace();
  const keys = useKeys("").data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="toolbar">
      <NativeSelect
        aria-label="Key"
        data={[
          { value: "", label: "All keys" },
          ...keys.map(({ id, name, lastFour }) => ({ value: id, label: `${name} (…${lastFour})` })),
        ]}
        value={query.get("key") ?? ""}
        onChange={({ currentTarget }) => setQuery({ key: currentTarget.value })}
      />
      <NativeSelect
        aria-label="Result"
        data={[
          { value: "", label: "All results" },
          ...outcomeCodes().map((code) => ({ value: code, label: outcomeWord(code) })),
        ]}
        value={query.get("outcome") ?? ""}
        onChange={({ currentTarget }) => setQuery({ outcome: currentTarget.value })}
      />
    </div>
  );
}
