// The list of keys: real rows, each with what tells it from the others, and never its secret.

import { useScene } from "../api/scene.tsx";
import type { Key } from "../api/shapes.ts";
import { Moment, useNow } from "../pieces/moment.tsx";
import { Link } from "../router/link.tsx";
import { KeyMenu } from "./key-menu.tsx";
import { KeyBadge, KeyHint, Powers } from "./key-pieces.tsx";
import { isIdle, keyState } from "./status.ts";

interface KeyTableProps {
  readonly keys: readonly Key[];
  readonly caption: string;
}

export function KeyTable({ keys, caption }: KeyTableProps) {
  const { portal, refusal, account } = useScene();
  const hasPowers = portal.scopes.length > 0 || portal.tiers.length > 0;
  const hasEnvironments = portal.environments.length > 1;
  return (
    <div className="table-wrap">
      <table className="table">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {account === undefined && <th scope="col">Account</th>}
            {hasEnvironments && <th scope="col">Environment</th>}
            {hasPowers && <th scope="col">{portal.tiers.length > 0 ? "Tier" : "Scopes"}</th>}
            <th scope="col">Status</th>
            <th scope="col">Last used</th>
            <th scope="col">Expires</th>
            {refusal === undefined && (
              <th scope="col">
                <span className="hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow key={key.id} of={key} hasEnvironments={hasEnvironments} hasPowers={hasPowers} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface KeyRowProps {
  readonly of: Key;
  readonly hasEnvironments: boolean;
  readonly hasPowers: boolean;
}

function KeyRow({ of: key, hasEnvironments, hasPowers }: KeyRowProps) {
  const { keysPath, refusal, account, accountsPath } = useScene();
  const nowMs = useNow();
  const { isLive } = keyState(key, nowMs);
  return (
    <tr className={isLive ? "" : "is-spent"}>
      <td data-label="Name">
        <div className="stack stack-tiny">
          <Link className="row-link" to={`${keysPath}/${key.id}`}>
            {key.name}
          </Link>
          <KeyHint of={key} />
        </div>
      </td>
      {account === undefined && (
        <td data-label="Account">
          <Link to={`${accountsPath}/${key.account}`}>
            <code>{key.account}</code>
          </Link>
        </td>
      )}
      {hasEnvironments && (
        <td data-label="Environment">
          <span className="badge badge-plain">{key.environment}</span>
        </td>
      )}
      {hasPowers && (
        <td data-label="May do">
          <Powers of={key} />
        </td>
      )}
      <td data-label="Status">
        <KeyBadge of={key} />
      </td>
      <td data-label="Last used">
        <Moment at={key.lastUsedAt} />
        {isIdle(key, nowMs) && <div className="tiny warn-text">Unused for 30 days. Revoke it?</div>}
      </td>
      <td data-label="Expires">{isLive ? <Moment at={key.expiresAt} /> : <span>–</span>}</td>
      {refusal === undefined && (
        <td data-label="" className="cell-end cell-actions">
          <KeyMenu of={key} />
        </td>
      )}
    </tr>
  );
}
