// Where the person is signed in, and the way to end it.
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Client } from "../api/client.ts";
import type { OpenSession, Page } from "../api/shapes.ts";
import { announce } from "../pieces/announce.tsx";
import { Moment } from "../pieces/moment.tsx";
import { ProblemNotice } from "../pieces/notice.tsx";
import { Card } from "../pieces/page.tsx";
import { Rows } from "../pieces/rows.tsx";
import { useAction } from "../pieces/use-action.ts";
import { deviceName } from "./device-name.ts";

export function SessionsCard({ client }: { readonly client: Client }) {
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => client.request<Page<OpenSession>>("GET", "/auth/sessions", { signal }),
  });
  const end = useAction(async (id: string | undefined) => {
    await client.request("DELETE", id === undefined ? "/auth/sessions" : `/auth/sessions/${id}`);
    await queries.invalidateQueries({ queryKey: ["sessions"] });
    announce(id === undefined ? "All other sessions have ended" : "The session has ended");
  });
  const items = sessions.data?.items ?? [];
  return (
    <Card
      title="Sessions"
      note="Where you are signed in"
      isBare
      actions={
        items.length > 1 && (
          <Button variant="default" size="compact-sm" onClick={() => void end.run(undefined)}>
            End all others
          </Button>
        )
      }
    >
      <ProblemNotice error={sessions.error ?? end.error} />
      {sessions.isPending && <Rows count={2} />}
      <table className="table">
        <caption className="hidden">Open sessions</caption>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Address</th>
            <th scope="col">Last seen</th>
            <th scope="col">
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((session) => (
            <SessionRow key={session.id} of={session} onEnd={() => void end.run(session.id)} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function SessionRow({ of: session, onEnd }: { readonly of: OpenSession; readonly onEnd: () => void }) {
  const device = deviceName(session.userAgent ?? "");
  return (
    <tr>
      <td data-label="Device">
        {device} {session.current && <span className="badge badge-plain">this one</span>}
      </td>
      <td data-label="Address">
        <code>{session.address ?? "–"}</code>
      </td>
      <td data-label="Last seen">
        <Moment at={session.lastSeenAt} />
      </td>
      <td data-label="" className="cell-end cell-actions">
        {!session.current && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`End the session of ${device}`}
            onClick={onEnd}
          >
            End
          </Button>
        )}
      </td>
    </tr>
  );
}
