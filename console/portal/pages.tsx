// Which page of the portal stands at which address. What the first page does not need is loaded when it is asked for.
import { lazy, Suspense } from "react";
import { useScene } from "../shared/api/scene.tsx";
import { KeyPage } from "../shared/keys/key-page.tsx";
import { KeysPage } from "../shared/keys/keys-page.tsx";
import { Empty, PageHead } from "../shared/pieces/page.tsx";
import { Rows } from "../shared/pieces/rows.tsx";
import { Safe } from "../shared/pieces/safe.tsx";
import { Link } from "../shared/router/link.tsx";
import { usePlace } from "../shared/router/location.ts";
import { Standing } from "./pages/standing.tsx";

const UsagePage = lazy(() =>
  import("./pages/usage-page.tsx").then(({ UsagePage: page }) => ({ default: page })),
);
const RequestsPage = lazy(() =>
  import("./pages/requests-page.tsx").then(({ RequestsPage: page }) => ({ default: page })),
);
const MembersPage = lazy(() =>
  import("./pages/members-page.tsx").then(({ MembersPage: page }) => ({ default: page })),
);
const SecurityPage = lazy(() =>
  import("./pages/security-page.tsx").then(({ SecurityPage: page }) => ({ default: page })),
);

export function Pages() {
  const { path } = usePlace();
  return (
    <Safe key={path}>
      <Suspense
        fallback={
          <div className="column">
            <Rows />
          </div>
        }
      >
        <Page />
      </Suspense>
    </Safe>
  );
}

function Page() {
  const { segments } = usePlace();
  const [first = "keys", second] = segments;
  if (first === "keys") return second === undefined ? <Keys /> : <KeyPage id={second} key={second} />;
  if (first === "usage") return <UsagePage />;
  if (first === "requests") return <RequestsPage />;
  if (first === "members") return <MembersPage />;
  if (first === "security") return <SecurityPage />;
  return <Lost />;
}

function Keys() {
  const { portal } = useScene();
  const above = portal.labels.menu.slice(0, -1);
  return (
    <KeysPage
      title={portal.labels.keys}
      lead={`A key lets a program use ${portal.title} in your name. Keep it out of browsers, repositories and chats.`}
      beside={<Standing />}
      above={above.length > 0 ? <p className="crumbs">{above.join(" › ")}</p> : undefined}
    />
  );
}

function Lost() {
  const { portal, keysPath } = useScene();
  return (
    <div className="column">
      <PageHead title="There is nothing here" />
      <section className="card">
        <Empty
          icon="search"
          title="No such page"
          actions={<Link to={keysPath}>Go to {portal.labels.keys}</Link>}
        >
          The address may be mistyped, or what it named is gone.
        </Empty>
      </section>
    </div>
  );
}
