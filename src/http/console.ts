// The operators' pages at the control plane, below /console/ and nowhere else. No page of anybody frames them.
import type { App } from "./operation.ts";
import { type Pages, sendDocument, sendFile } from "./pages.ts";

const anyone = { config: { access: "anyone" }, schema: { hide: true } } as const;

export function addConsolePages(app: App, pages: Pages): void {
  for (const path of pages.files.keys()) {
    if (path !== "index.html")
      app.get(`/console/${path}`, anyone, (_request, reply) => sendFile(reply, pages, path));
  }
  for (const url of ["/console", "/console/*"])
    app.get(url, anyone, (_request, reply) => sendDocument(reply, pages));
}
