// A sentence that must not be missed, with an icon for its kind; failures are read out at once.
import type { ReactNode } from "react";
import { describeProblem } from "../api/problem.ts";
import { Icon, type IconName } from "../look/icons.tsx";

type Kind = "info" | "good" | "warn" | "bad";

const ICONS: Readonly<Record<Kind, IconName>> = { info: "info", good: "check", warn: "warn", bad: "warn" };

interface NoticeProps {
  readonly kind?: Kind;
  readonly children: ReactNode;
}

export function Notice({ kind = "info", children }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} {...(kind === "bad" && { role: "alert" })}>
      <Icon name={ICONS[kind]} />
      <div className="notice-body">{children}</div>
    </div>
  );
}

/** What went wrong and what to do; nothing where nothing went wrong. */
export function ProblemNotice({ error }: { readonly error: unknown }) {
  if (error === undefined || error === null) return null;
  return <Notice kind="bad">{describeProblem(error)}</Notice>;
}
