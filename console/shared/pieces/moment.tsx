// A time on the page: relative words, and the moment itself in a tooltip that also opens on focus.
import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { absoluteTime, relativeTime } from "./time.ts";

/** The clock of the page, read again every `everyMs`. */
export function useNow(everyMs = 15_000): number {
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

interface MomentProps {
  readonly at: string | null | undefined;
  /** Where there is no such moment. */
  readonly none?: string;
}

export function Moment({ at, none = "Never" }: MomentProps) {
  const nowMs = useNow();
  if (at === null || at === undefined) return <span className="muted">{none}</span>;
  return (
    <Tooltip label={absoluteTime(at)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be reachable by keyboard. */}
      <time dateTime={at} tabIndex={0} className="nowrap">
        {relativeTime(at, nowMs)}
      </time>
    </Tooltip>
  );
}
