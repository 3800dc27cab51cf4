// Requests as they are decided, over server-sent events. It may be paused; no row is announced to readers.
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import type { RecentRequest } from "../../shared/api/requests.ts";
import { projectPath, useScene } from "../../shared/api/scene.tsx";
import { RequestTable } from "../../shared/keys/request-table.tsx";
import { Icon } from "../../shared/look/icons.tsx";
import { Notice } from "../../shared/pieces/notice.tsx";
import { Empty, PageHead } from "../../shared/pieces/page.tsx";
import { useAccountNames } from "../accounts.ts";

const MAX_ROWS = 200;

export function TrafficPage() {
  const [isPaused, setPaused] = useState(false);
  const { requests, skipped, isLive } = useTraffic(isPaused);
  const accountName = useAccountNames();
  return (
    <div className="column">
      <PageHead
        title="Live traffic"
        actions={
          <>
            <span className={`badge ${isLive && !isPaused ? "badge-good" : ""}`}>
              {isPaused ? "Paused" : isLive ? "Live" : "Connecting"}
            </span>
            <Button
              variant="default"
              leftSection={<Icon name={isPaused ? "play" : "pause"} />}
              onClick={() => setPaused(!isPaused)}
            >
              {isPaused ? "Go on" : "Pause"}
            </Button>
          </>
        }
      >
        Every verdict of this node as it is given, the newest {MAX_ROWS} of them.
      </PageHead>
      {skipped > 0 && (
        <Notice>
          {skipped.toLocaleString("en")} requests came faster than they can be shown. They are counted all the
          same.
        </Notice>
      )}
      <section className="card" aria-label="Requests">
        {requests.length === 0 ? (
          <Empty icon="pulse" title="Waiting for the first request">
            Send one to the gateway, and it stands here at once, with its verdict.
          </Empty>
        ) : (
          <RequestTable requests={requests} accountName={accountName} />
        )}
      </section>
    </div>
  );
}

interface Traffic {
  readonly requests: readonly RecentRequest[];
  readonly skipped: number;
  readonly isLive: boolean;
}

const NOTHING: Traffic = { requests: [], skipped: 0, isLive: false };

function useTraffic(isPaused: boolean): Traffic {
  const scene = useScene();
  const url = projectPath(scene, "traffic");
  const [traffic, setTraffic] = useState(NOTHING);
  useEffect(() => {
    if (isPaused) return undefined;
    const source = new EventSource(url);
    const set = (isLive: boolean) => () => setTraffic((before) => ({ ...before, isLive }));
    source.onopen = set(true);
    source.onerror = set(false);
    source.addEventListener("request", ({ data }) => {
      const request = JSON.parse(data) as RecentRequest;
      setTraffic((before) => ({
        ...before,
        isLive: true,
        requests: [request, ...before.requests].slice(0, MAX_ROWS),
      }));
    });
    source.addEventListener("skipped", ({ data }) => {
      const { count } = JSON.parse(data) as { count: number };
      setTraffic((before) => ({ ...before, skipped: before.skipped + count }));
    });
    return () => source.close();
  }, [url, isPaused]);
  return traffic;
}
