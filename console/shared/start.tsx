// What both faces begin with: theme, light or dark, the query cache, the live region.
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiProblem } from "./api/problem.ts";
import { theme } from "./look/theme.ts";
import { Announcer } from "./pieces/announce.tsx";

const MAX_RETRIES = 2;

/** An answer that says no is not asked for again; only silence and faults of the server are. */
const isWorthRepeating = (failures: number, error: unknown): boolean =>
  failures < MAX_RETRIES && !(error instanceof ApiProblem && error.status > 0 && error.status < 500);

const queries = new QueryClient({
  defaultOptions: { queries: { retry: isWorthRepeating, staleTime: 2_000, refetchOnWindowFocus: true } },
});

const scheme = localStorageColorSchemeManager({ key: "claviger-scheme" });

export function start(app: ReactNode): void {
  const root = document.getElementById("root");
  if (root === null) throw new Error("the page has no root");
  createRoot(root).render(
    <StrictMode>
      {/* Mantine's variables and classes stand in style sheets: it may not write style elements (CSP). */}
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={scheme}
        withCssVariables={false}
        withGlobalClasses={false}
        withStaticClasses
      >
        <QueryClientProvider client={queries}>
          {app}
          <Announcer />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
