// The keys inside an operator's own page: a launch code comes by message, is used once, and its token stays in memory.
import { useEffect, useMemo, useRef, useState } from "react";
import { createClient } from "../shared/api/client.ts";
import type { Portal } from "../shared/api/portal.ts";
import { SceneProvider } from "../shared/api/scene.tsx";
import type { Role } from "../shared/api/shapes.ts";
import { KeyDialogsProvider } from "../shared/keys/key-dialogs.tsx";
import { Notice } from "../shared/pieces/notice.tsx";
import { Rows } from "../shared/pieces/rows.tsx";
import { BaseContext } from "../shared/router/location.ts";
import { WithPortal } from "./app.tsx";
import { Pages } from "./pages.tsx";
import { refusalOf } from "./signed-in.tsx";

/** What `POST /auth/launch` answers. */
export interface Launched {
  readonly token: string;
  readonly project: string;
  readonly account: string;
  readonly role: Role;
  readonly expiresAt: string;
}

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
    return <LaunchedPages portal={portal} launched={state} onEnd={() => setState("ended")} />;
  return (
    <main className="embed" id="page">
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
  const client = useMemo(() => createClient(), []);
  useEffect(() => {
    if (!isWanted) return undefined;
    const take = async ({ source, data }: MessageEvent<unknown>): Promise<void> => {
      const message = data as { type?: unknown; code?: unknown } | null;
      if (source !== window.parent || message?.type !== "claviger:launch") return;
      window.removeEventListener("message", take);
      try {
        const body = { code: String(message.code) };
        setState(await client.request<Launched>("POST", "/auth/launch", { body }));
      } catch {
        setState("refused");
      }
    };
    window.addEventListener("message", take);
    window.parent.postMessage({ type: "claviger:ready" }, "*");
    return () => window.removeEventListener("message", take);
  }, [client, isWanted, setState]);
}

interface LaunchedPagesProps {
  readonly portal: Portal;
  readonly launched: Launched;
  /** The token is no longer good: the parent is asked for another code. */
  readonly onEnd: () => void;
}

export function LaunchedPages({ portal, launched, onEnd }: LaunchedPagesProps) {
  const client = useMemo(
    () => createClient({ token: () => launched.token, onSignedOut: onEnd }),
    [launched, onEnd],
  );
  const scene = {
    client,
    portal,
    account: launched.account,
    refusal: refusalOf(launched.role),
    keysPath: "/keys",
  };
  return (
    <SceneProvider value={scene}>
      <KeyDialogsProvider>
        <main className="embed" id="page">
          <Pages />
        </main>
      </KeyDialogsProvider>
    </SceneProvider>
  );
}

/** Tells the parent how tall the page is, so that the frame needs no scroll bar. A size is all that is told. */
function useHeight(): void {
  const last = useRef(0);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const height = Math.ceil(document.documentElement.scrollHeight);
      if (height === last.current) return;
      last.current = height;
      window.parent.postMessage({ type: "claviger:height", height }, "*");
    });
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
}
