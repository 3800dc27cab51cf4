// The keys inside an operator's own page: a launch code comes by message, is used once, and its token stays in memory.
import { useEffect, useRef, useState } from "react";
import type { Portal } from "../shared/api/portal.ts";
import { Notice } from "../shared/pieces/notice.tsx";
import { Rows } from "../shared/pieces/rows.tsx";
import { BaseContext } from "../shared/router/location.ts";
import { WithPortal } from "./app.tsx";
import { type Launched, LaunchedPages, launch } from "./launched.tsx";

export function EmbedApp({ project }: { readonly project: string }) {
  return (
    <BaseContext value={`/embed/${encodeURIComponent(project)}`}>
      <WithPortal project={project}>{(portal) => <Embedded portal={portal} />}</WithPortal>
    </BaseContext>
  );
}

type State = "waiting" | "refused" | "ended" | Launched;

function Embedded({ portal }: { readonly portal: Portal }) {
  const [state, setState] = useState<State>("waiting");
  useLaunch(setState, state === "waiting" || state === "ended");
  useHeight();
  if (typeof state === "object")
    return (
      <LaunchedPages portal={portal} launched={state} onEnd={() => setState("ended")} className="embed" />
    );
  return (
    <main className="embed">
      {state === "refused" ? (
        <Notice kind="warn">This page could not be opened. Reload it to get a new pass.</Notice>
      ) : (
        <Rows />
      )}
    </main>
  );
}

/**
 * Asks the parent for a code and takes the first answer. `*` is used for the question alone, which holds nothing: the frame does not
 * know its parent's origin before the parent speaks, and `frame-ancestors` has admitted it already.
 */
function useLaunch(setState: (state: State) => void, isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return undefined;
    const take = async ({ source, data }: MessageEvent<unknown>): Promise<void> => {
      const message = data as { type?: unknown; code?: unknown } | null;
      if (source !== window.parent || message?.type !== "claviger:launch") return;
      window.removeEventListener("message", take);
      try {
        setState(await launch(String(message.code)));
      } catch {
        setState("refused");
      }
    };
    window.addEventListener("message", take);
    window.parent.postMessage({ type: "claviger:ready" }, "*");
    return () => window.removeEventListener("message", take);
  }, [isWanted, setState]);
}

/** Tells the parent how tall the page is, so that the frame needs no scroll bar. A size is all that is told. */
function useHeight(): void {
  const last = useRef(0);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const height = Math.ceil(document.body.scrollHeight);
      if (height === last.current) return;
      last.current = height;
      window.parent.postMessage({ type: "claviger:height", height }, "*");
    });
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
}
