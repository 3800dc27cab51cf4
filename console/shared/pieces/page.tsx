// The head of a page, cards, and what stands where there is nothing yet.
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon, type IconName } from "../look/icons.tsx";

interface PageHeadProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Where the page stands in the menu, such as Settings. */
  readonly above?: ReactNode;
}

/** On the first page the browser's own order holds, with the way past the menu at its beginning. */
let isFurtherPage = false;

/** Where the focus goes when what had it is gone, such as the row of a deleted key. */
export function focusHeading(): void {
  if (document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
}

/** Names the document, and takes the focus when the page has changed under the reader. */
export function PageHead({ title, children, actions, above }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const site = document.documentElement.dataset.site;
    document.title = site === undefined ? title : `${title} · ${site}`;
    if (isFurtherPage && document.activeElement === document.body)
      heading.current?.focus({ preventScroll: true });
    isFurtherPage = true;
  }, [title]);
  return (
    <header className="page-head">
      <div className="page-head-text">
        {above}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children !== undefined && <p>{children}</p>}
      </div>
      {actions !== undefined && <div className="row">{actions}</div>}
    </header>
  );
}

interface CardProps {
  readonly title?: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Without the padding, for tables. */
  readonly isBare?: boolean;
}

export function Card({ title, note, actions, children, isBare = false }: CardProps) {
  const id = useId();
  return (
    <section className="card" {...(title !== undefined && { "aria-labelledby": id })}>
      {title !== undefined && (
        <div className="card-head">
          <div className="stack stack-tiny">
            <h2 id={id}>{title}</h2>
            {note !== undefined && <p className="muted small">{note}</p>}
          </div>
          {actions}
        </div>
      )}
      {isBare ? children : <div className="card-body">{children}</div>}
    </section>
  );
}

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

export function Empty({ icon, title, children, actions }: EmptyProps) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={24} />
      </span>
      <h2>{title}</h2>
      <p>{children}</p>
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}
