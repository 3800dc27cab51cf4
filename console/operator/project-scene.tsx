// What the key pages need of a project, for an operator: all of its accounts, or one of them.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Portal } from "../shared/api/portal.ts";
import { type Scene, SceneProvider } from "../shared/api/scene.tsx";
import { KeyDialogsProvider } from "../shared/keys/key-dialogs.tsx";
import { ProblemNotice } from "../shared/pieces/notice.tsx";
import { Rows } from "../shared/pieces/rows.tsx";
import { useOperator, useRefusal } from "./operator.ts";

interface ProjectSceneProps {
  readonly project: string;
  readonly children: ReactNode;
}

export function ProjectScene({ project, children }: ProjectSceneProps) {
  const { client } = useOperator();
  const refusal = useRefusal("keys:write");
  const portal = useQuery({
    queryKey: ["portal", project],
    staleTime: 30_000,
    queryFn: ({ signal }) => client.request<Portal>("GET", `/v1/projects/${project}/portal`, { signal }),
  });
  if (portal.data === undefined)
    return <div className="column">{portal.isError ? <ProblemNotice error={portal.error} /> : <Rows />}</div>;
  const scene: Scene = {
    client,
    portal: portal.data,
    account: undefined,
    refusal,
    hasSession: true,
    keysPath: `/p/${project}/keys`,
    accountsPath: `/p/${project}/accounts`,
  };
  return (
    <SceneProvider value={scene}>
      <KeyDialogsProvider>{children}</KeyDialogsProvider>
    </SceneProvider>
  );
}
