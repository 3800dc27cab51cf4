// Requests from many lines at once to all nodes of a cluster, paced, each written into the history. It may not know what the
// verdicts should be.
import { setTimeout as delay } from "node:timers/promises";
import type { History } from "./history.ts";
import type { Line } from "./line.ts";
import type { Node } from "./nodes.ts";

/** What one verify request asks about. */
export interface Asked {
  /** In the history. */
  readonly subject: string;
  /** Of `POST /v1/verify`. */
  readonly question: Readonly<Record<string, unknown>>;
}

export interface LoadOptions {
  readonly nodes: readonly Node[];
  readonly history: History;
  readonly linesPerNode: number;
  /** Over all nodes; fewer where the machine gives no more. */
  readonly perSecond: number;
  /** What to ask next, if there is anything. */
  readonly next: (node: Node) => Asked | undefined;
}

/** Answers the end of it, which resolves when the last request is answered. */
export function startLoad({
  nodes,
  history,
  linesPerNode,
  perSecond,
  next,
}: LoadOptions): () => Promise<void> {
  let isOver = false;
  const intervalMs = (nodes.length * linesPerNode * 1_000) / perSecond;
  const drive = async (node: Node): Promise<void> => {
    let port = node.port;
    let line = node.line();
    let dueAt = performance.now() + Math.random() * intervalMs;
    while (!isOver) {
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await delay(waitMs);
      dueAt = Math.max(dueAt + intervalMs, performance.now() - intervalMs);
      const asked = next(node);
      if (asked === undefined) continue;
      if (port !== node.port) {
        line.close();
        port = node.port;
        line = node.line();
      }
      await askOnce(node, line, asked, history);
    }
    line.close();
  };
  const running = nodes.flatMap((node) => Array.from({ length: linesPerNode }, () => drive(node)));
  return async () => {
    isOver = true;
    await Promise.all(running);
  };
}

export async function askOnce(
  { name }: Node,
  line: Line,
  { subject, question }: Asked,
  history: History,
): Promise<string> {
  const startedAt = performance.now();
  const code = await line.ask({ method: "POST", path: "/v1/verify", body: question }).then(
    ({ status, body }) => (status === 200 ? (JSON.parse(body).code as string) : "unknown"),
    () => "unknown",
  );
  history.seen.push({ subject, node: name, startedAt, endedAt: performance.now(), code });
  return code;
}
