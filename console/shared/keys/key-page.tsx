// One key: what it is, what it has done, and what can be done with it.
import { Button } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import { useKey, useKeyUses } from "../api/keys.ts";
import { useScene } from "../api/scene.tsx";
import type { Key } from "../api/shapes.ts";
import { Icon } from "../look/icons.tsx";
import { CopyButton } from "../pieces/copy-button.tsx";
import { Moment, useNow } from "../pieces/moment.tsx";
import { Notice, ProblemNotice } from "../pieces/notice.tsx";
import { Card, PageHead } from "../pieces/page.tsx";
import { Rows } from "../pieces/rows.tsx";
import { Link } from "../router/link.tsx";
import { useKeyDialogs } from "./key-dialogs.tsx";
import { KeyMenu } from "./key-menu.tsx";
import { KeyBadge, keyHint } from "./key-pieces.tsx";
import { SnippetTabs } from "./reveal-dialog.tsx";
import { RotationCard } from "./rotation-card.tsx";
import { isRetiring } from "./status.ts";

const KeyUsage = lazy(() => import("./key-usage.tsx").then(({ KeyUsage: view }) => ({ default: view })));

export function KeyPage({ id }: { readonly id: string }) {
  const { keysPath, portal } = useScene();
  const key = useKey(id);
  const above = (
    <nav aria-label="Above this page">
      <ul className="crumbs">
        <li>
          <Link to={keysPath}>{portal.labels.keys}</Link>
        </li>
        <li aria-hidden="true">
          <Icon name="next" size={12} />
        </li>
      </ul>
    </nav>
  );
  return (
    <div className="column">
      {key.data === undefined ? (
        <>
          <PageHead title="Key" above={above} />
          {key.isError ? <ProblemNotice error={key.error} /> : <Rows />}
        </>
      ) : (
        <KeyView of={key.data} above={above} />
      )}
    </div>
  );
}

function KeyView({ of: key, above }: { readonly of: Key; readonly above: ReactNode }) {
  const { portal } = useScene();
  const nowMs = useNow();
  return (
    <>
      <PageHead title={key.name} above={above} actions={<KeyActions of={key} />}>
        <code>{keyHint(key)}</code> <KeyBadge of={key} />
      </PageHead>
      {isRetiring(key, nowMs) && <RotationCard of={key} />}
      <Kin of={key} />
      <Suspense fallback={<Rows />}>
        <KeyUsage id={key.id} account={key.account} />
      </Suspense>
      <div className="grid-2">
        <Facts of={key} />
        <Uses id={key.id} />
      </div>
      {portal.client.snippets.length > 0 && (
        <Card title="Use it">
          <SnippetTabs snippets={portal.client.snippets} />
        </Card>
      )}
    </>
  );
}

function KeyActions({ of: key }: { readonly of: Key }) {
  const { refusal, portal } = useScene();
  const { open } = useKeyDialogs();
  const isRotatable = (key.status === "active" || key.status === "disabled") && key.successor === null;
  if (refusal !== undefined) return null;
  return (
    <>
      {isRotatable && (
        <Button
          variant="default"
          leftSection={<Icon name="rotate" />}
          onClick={() => open({ kind: "rotate", key })}
        >
          {portal.labels.rotateKey}
        </Button>
      )}
      <KeyMenu of={key} />
    </>
  );
}

/** The keys before and after it in its rotation. */
function Kin({ of: { predecessor, successor } }: { readonly of: Key }) {
  const { keysPath } = useScene();
  if (predecessor === null && successor === null) return null;
  return (
    <Notice>
      {successor !== null ? (
        <>
          This key has been rotated. <Link to={`${keysPath}/${successor}`}>Go to its successor</Link>
        </>
      ) : (
        <>
          This key replaced another one. <Link to={`${keysPath}/${predecessor}`}>Go to the one before</Link>
        </>
      )}
    </Notice>
  );
}

function Facts({ of: key }: { readonly of: Key }) {
  return (
    <Card title="Details">
      <dl className="facts">
        <dt>Id</dt>
        <dd className="row row-tight">
          <code>{key.id}</code>
          <CopyButton text={() => key.id} what="key id" />
        </dd>
        <dt>Environment</dt>
        <dd>{key.environment}</dd>
        {key.tier !== null && (
          <>
            <dt>Tier</dt>
            <dd>{key.tier}</dd>
          </>
        )}
        <dt>Scopes</dt>
        <dd>
          <Chips of={key.scopes} none="Everything the plan allows" />
        </dd>
        <dt>Addresses</dt>
        <dd>
          <Chips of={key.allowedIps} none="Every address" />
        </dd>
        <dt>Created</dt>
        <dd>
          <Moment at={key.createdAt} />
        </dd>
        <dt>Expires</dt>
        <dd>
          <Moment at={key.expiresAt} />
        </dd>
      </dl>
    </Card>
  );
}

function Chips({ of: words, none }: { readonly of: readonly string[]; readonly none: string }) {
  if (words.length === 0) return <span className="muted">{none}</span>;
  return (
    <span className="chips">
      {words.map((word) => (
        <code className="chip" key={word}>
          {word}
        </code>
      ))}
    </span>
  );
}

function Uses({ id }: { readonly id: string }) {
  const { data } = useKeyUses(id);
  const { requestsPath } = useScene();
  return (
    <Card
      title="Last 24 hours"
      actions={
        requestsPath !== undefined && (
          <Link className="small" to={`${requestsPath}?${new URLSearchParams({ key: id })}`}>
            See its requests
          </Link>
        )
      }
    >
      <dl className="facts">
        <dt>Requests</dt>
        <dd className="number">{data === undefined ? "…" : data.requestsLast24Hours.toLocaleString("en")}</dd>
        <dt>Last used</dt>
        <dd>
          <Moment at={data?.lastUsedAt} />
        </dd>
        <dt>From</dt>
        <dd>{data?.lastAddress ?? <span className="muted">–</span>}</dd>
        <dt>Routes</dt>
        <dd>
          <Chips of={data?.routes.map(({ route }) => route || "other") ?? []} none="None yet" />
        </dd>
      </dl>
    </Card>
  );
}
