// Starts the operator console under `/console/`.
import "../shared/look/mantine.ts";
import "../shared/look/fonts.ts";
import "../shared/look/base.css";
import "../shared/look/layout.css";
import "../shared/look/pieces.css";
import "../shared/look/table.css";
import { applyAccent } from "../shared/look/apply-accent.ts";
import { BaseContext } from "../shared/router/location.ts";
import { start } from "../shared/start.tsx";
import { OperatorApp } from "./app.tsx";

const SITE = "Claviger";

document.documentElement.dataset.site = SITE;
applyAccent("#2d5bd7");

start(
  <BaseContext value="/console">
    <OperatorApp site={SITE} />
  </BaseContext>,
);
