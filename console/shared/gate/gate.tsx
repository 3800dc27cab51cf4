// The page in front of the pages: the mark of the product, a card, one form.
import type { ReactNode } from "react";
import { PageHead } from "../pieces/page.tsx";
import { Brand } from "./brand.tsx";

interface GateProps {
  readonly site: string;
  readonly logo: string | null;
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
  /** Under the card, such as the way to the other form. */
  readonly foot?: ReactNode;
}

export function Gate({ site, logo, title, lead, children, foot }: GateProps) {
  return (
    <main className="gate">
      <div className="gate-inner">
        <div className="gate-brand">
          <Brand site={site} logo={logo} />
        </div>
        <section className="card gate-card stack stack-large">
          <PageHead title={title}>{lead}</PageHead>
          {children}
        </section>
        {foot !== undefined && <p className="gate-foot">{foot}</p>}
      </div>
    </main>
  );
}
