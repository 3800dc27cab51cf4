// The projects of the installation, and which of them the address is about.
import { useQuery } from "@tanstack/react-query";
import type { Page } from "../shared/api/shapes.ts";
import { usePlace } from "../shared/router/location.ts";
import { useOperator } from "./operator.ts";

export interface Project {
  readonly name: string;
  readonly title: string;
  readonly file: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly endpoints: readonly { readonly host: string; readonly url: string }[];
  readonly updatedAt: string;
}

/** The control plane's own project: its keys are the root keys, and it has a page of its own. */
export const ROOT_PROJECT = "claviger";

export function useProjects() {
  const { client } = useOperator();
  return useQuery({
    queryKey: ["projects"],
    staleTime: 30_000,
    queryFn: ({ signal }) => client.request<Page<Project>>("GET", "/v1/projects", { signal }),
    select: ({ items }) => items.filter(({ name }) => name !== ROOT_PROJECT),
  });
}

/** Addresses of a project's pages are `/p/{project}/…`. */
export function useProjectName(): string | undefined {
  const { segments } = usePlace();
  return segments[0] === "p" ? segments[1] : undefined;
}
