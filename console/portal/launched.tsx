// The keys of an account for somebody whom the operator has signed in: the token is in memory only, and ends with it.
import { useEffect, useMemo, useRef, useState } from "react";
import { createClient } from "../shared/api/client.ts";
import type { Portal } from "../shared/api/portal.ts";
import { SceneProvider } from "../shared/api/scene.tsx";
import type { Role } from "../shared/api/shapes.ts";
import { Brand } from "../shared/gate/brand.tsx";
import { Gate } from "../shared/gate/gate.tsx";
import { KeyDialogsProvider } from "../shared/keys/key-dialogs.tsx";
import { Notice } from "../shared/pieces/notice.tsx";
import { NavLink } from "../shared/router/nav-link.tsx";
import { Pages } from "./pages.tsx";
import { refusalOf } from "./person.ts";

/** What `POST /auth/launch` answers. */
export interface Launched {
  readonly token: string;
  readonly project: string;
  readonly account: string;
  readonly role: Role;
  readonly expiresAt: string;
}

/** Exchanges a launch code, which is good once. */
export async function launch(code: string): Promise<Launched> {
  return await createClient().request<Launched>("POST", "/auth/launch", { body: { code } });
}

interface LaunchedPagesProps {
  readonly portal: Portal;
  readonly launched: Launched;
  /** The token is no longer good. */
  readonly onEnd: () => void;
  readonly className: string;
}

export function LaunchedPages({ portal, launched, onEnd, className }: LaunchedPagesProps) {
  const client = useMemo(
    () => createClient({ token: () => launched.token, onSignedOut: onEnd }),
    [launched, onEnd],
  );
  const scene = {
    client,
    portal,
    account: launched.account,
    refusal: refusalOf(launched.role),
    hasSession: false,
    keysPath: "/keys",
    requestsPath: "/requests",
  };
  return (
    <SceneProvider value={scene}>
      <KeyDialogsProvider>
        <main className={className} id="page">
          <Tabs portal={portal} />
          <Pages />
        </main>
      </KeyDialogsProvider>
    </SceneProvider>
  );
}

/** What such a person may see: nothing of members and sign-in, which are the operator's. */
function Tabs({ portal }: { readonly portal: Portal }) {
  return (
    <nav className="nav nav-across" aria-label="Pages">
      <NavLink to="/keys" label={portal.labels.keys} icon="key" />
      <NavLink to="/usage" label={portal.labels.usage} icon="chart" />
      <NavLink to="/requests" label="Requests" icon="list" />
    </nav>
  );
}

type State = "waiting" | "refused" | "ended" | Launched;

interface LaunchedHereProps {
  readonly portal: Portal;
  /** Out of the fragment of the address. */
  readonly code: string;
}

/** The portal itself, opened by a link that the operator's own pages made. */
export function LaunchedHere({ portal, code }: LaunchedHereProps) {
  const [state, setState] = useState<State>("waiting");
  const isAsked = useRef(false);
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    launch(code).then(setState, () => setState("refused"));
  }, [code]);
  if (state === "waiting") return null;
  if (typeof state === "string")
    return (
      <Gate site={portal.title} logo={portal.logo} title="This link has ended">
        <Notice kind="warn">
          {state === "ended" ? "Your time here is over." : "It works once, and for a few minutes."} Go back to
          where you came from, and open your keys again.
        </Notice>
      </Gate>
    );
  return (
    <>
      <aside className="bar" aria-label={portal.title}>
        <span className="brand">
          <Brand site={portal.title} logo={portal.logo} />
        </span>
      </aside>
      <LaunchedPages
        portal={portal}
        launched={state}
        onEnd={() => setState("ended")}
        className="main main-alone"
      />
    </>
  );
}
