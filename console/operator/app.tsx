// The console: who is signed in as an operator, what one-time links lead to, and then its pages.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { createClient } from "../shared/api/client.ts";
import { ApiProblem } from "../shared/api/problem.ts";
import { Gate } from "../shared/gate/gate.tsx";
import { ProblemNotice } from "../shared/pieces/notice.tsx";
import { usePlace } from "../shared/router/location.ts";
import { LINK_PATHS, LinkGate } from "./link-gate.tsx";
import type { OperatorSession } from "./operator.ts";
import { OperatorGate } from "./operator-gate.tsx";
import { SignedIn } from "./signed-in.tsx";

/** `null` where nobody is signed in. */
type MaybeSession = OperatorSession | null;

export function OperatorApp({ site }: { readonly site: string }) {
  const queries = useQueryClient();
  const { path } = usePlace();
  const leave = useCallback(() => queries.setQueryData<MaybeSession>(["session"], null), [queries]);
  const client = useMemo(() => createClient({ onSignedOut: leave }), [leave]);
  const session = useQuery({
    queryKey: ["session"],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<MaybeSession> => {
      try {
        return await client.request<OperatorSession>("GET", "/auth/session", { signal });
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
      <Gate site={site} logo={null} title="The control plane does not answer">
        <ProblemNotice error={session.error} />
      </Gate>
    );
  if (LINK_PATHS.includes(path)) return <LinkGate client={client} site={site} onSignedIn={enter} />;
  if (session.data === null) return <OperatorGate client={client} site={site} onSignedIn={enter} />;
  return <SignedIn client={client} site={site} session={session.data} />;
}
