// Recent requests as rows: when, what was asked, how it ended and why.
import type { RecentRequest } from "../api/requests.ts";
import { Moment } from "../pieces/moment.tsx";
import { outcomeWord } from "./outcomes.ts";

interface RequestTableProps {
  readonly requests: readonly RecentRequest[];
  /** Whose it was, in the operator console. */
  readonly accountName?: (id: string) => string;
}

export function RequestTable({ requests, accountName }: RequestTableProps) {
  return (
    <div className="table-wrap">
      <table className="table">
        <caption className="hidden">Recent requests, newest first</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Request</th>
            <th scope="col">Result</th>
            <th scope="col">Key</th>
            {accountName !== undefined && <th scope="col">Account</th>}
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {requests.map((request) => (
            <RequestRow key={request.id} of={request} accountName={accountName} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RequestRowProps {
  readonly of: RecentRequest;
  readonly accountName: ((id: string) => string) | undefined;
}

function RequestRow({ of: request, accountName }: RequestRowProps) {
  const { at, method, path, route, outcome, reason, keyName, address, account } = request;
  const isAllowed = request.allowed;
  return (
    <tr>
      <td data-label="When">
        <Moment at={at} />
      </td>
      <td data-label="Request">
        <code className="wrap">{[method, path ?? route].filter(Boolean).join(" ") || "–"}</code>
      </td>
      <td data-label="Result">
        <div className="stack stack-tiny">
          <span>
            <span className={`badge ${isAllowed ? "badge-good" : "badge-bad"}`}>{outcomeWord(outcome)}</span>
          </span>
          {!isAllowed && <span className="muted tiny">{reason}</span>}
        </div>
      </td>
      <td data-label="Key">{keyName ?? <span className="muted">none proven</span>}</td>
      {accountName !== undefined && <td data-label="Account">{account ? accountName(account) : "–"}</td>}
      <td data-label="From">
        <code>{address ?? "–"}</code>
      </td>
    </tr>
  );
}
