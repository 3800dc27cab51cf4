// Starts the portal: `/{project}/…` for people who sign in, `/embed/{project}` for the pages of the operator.
import "../shared/look/mantine.ts";
import "../shared/look/fonts.ts";
import "../shared/look/base.css";
import "../shared/look/layout.css";
import "../shared/look/pieces.css";
import "../shared/look/table.css";
import { lazy, Suspense } from "react";
import { start } from "../shared/start.tsx";
import { PortalApp } from "./app.tsx";

const EmbedApp = lazy(() => import("./embed.tsx").then(({ EmbedApp: app }) => ({ default: app })));

const [first = "", second = ""] = window.location.pathname.split("/").filter(Boolean);

start(
  first === "embed" ? (
    <Suspense fallback={null}>
      <EmbedApp project={decodeURIComponent(second)} />
    </Suspense>
  ) : (
    <PortalApp project={decodeURIComponent(first)} />
  ),
);
