// The portal of one project: its looks, who is signed in, and which page stands at the address.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { createClient } from "../shared/api/client.ts";
import type { Portal } from "../shared/api/portal.ts";
import { ApiProblem } from "../shared/api/problem.ts";
import type { Session } from "../shared/api/shapes.ts";
import { Gate } from "../shared/gate/gate.tsx";
import { applyAccent } from "../shared/look/apply-accent.ts";
import { Notice, ProblemNotice } from "../shared/pieces/notice.tsx";
import { takeFragment } from "../shared/router/fragment.ts";
import { BaseContext, usePlace } from "../shared/router/location.ts";
import { Gates, LINK_PATHS, LinkGate } from "./gate/gates.tsx";
import { LaunchedHere } from "./launched.tsx";
import { SignedIn } from "./signed-in.tsx";

export function PortalApp({ project }: { readonly project: string }) {
  const [code] = useState(() => takeFragment("launch"));
  return (
    <BaseContext value={`/${encodeURIComponent(project)}`}>
      <WithPortal project={project}>
        {(portal) =>
          code === undefined ? <Door portal={portal} /> : <LaunchedHere portal={portal} code={code} />
        }
      </WithPortal>
    </BaseContext>
  );
}

interface WithPortalProps {
  readonly project: string;
  readonly children: (portal: Portal) => ReactNode;
}

/** Reads the project's words and colours, and puts the colours on. */
export function WithPortal({ project, children }: WithPortalProps) {
  const client = useMemo(() => createClient(), []);
  const portal = useQuery({
    queryKey: ["portal", project],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      client.request<Portal>("GET", `/v1/projects/${encodeURIComponent(project)}/portal`, { signal }),
  });
  const { data } = portal;
  useEffect(() => {
    applyAccent(data?.accent);
    if (data !== undefined) document.documentElement.dataset.site = data.title;
  }, [data]);
  if (data !== undefined) return children(data);
  if (!portal.isError) return null;
  const isMissing = portal.error instanceof ApiProblem && portal.error.status === 404;
  return (
    <Gate
      site="Claviger"
      logo={null}
      title={isMissing ? "There is no such portal" : "The portal does not answer"}
    >
      {isMissing ? (
        <Notice kind="warn">Look at the address again, or ask whoever gave it to you.</Notice>
      ) : (
        <ProblemNotice error={portal.error} />
      )}
    </Gate>
  );
}

/** `null` where nobody is signed in. */
type MaybeSession = Session | null;

function Door({ portal }: { readonly portal: Portal }) {
  const queries = useQueryClient();
  const { path } = usePlace();
  const leave = useCallback(() => queries.setQueryData<MaybeSession>(["session"], null), [queries]);
  const client = useMemo(() => createClient({ onSignedOut: leave }), [leave]);
  const session = useQuery({
    queryKey: ["session"],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<MaybeSession> => {
      try {
        return await client.request<Session>("GET", "/auth/session", { signal });
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }
    },
  });
  const enter = (): void => void queries.resetQueries();
  if (session.isPending) return null;
  if (session.data === undefined)
    return (
      <Gate site={portal.title} logo={portal.logo} title="The portal does not answer">
        <ProblemNotice error={session.error} />
      </Gate>
    );
  const isSignedIn = session.data !== null;
  if (LINK_PATHS.includes(path))
    return <LinkGate client={client} portal={portal} isSignedIn={isSignedIn} onSignedIn={enter} />;
  if (session.data === null) return <Gates client={client} portal={portal} onSignedIn={enter} />;
  return <SignedIn client={client} portal={portal} session={session.data} />;
}
