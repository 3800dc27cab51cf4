// The listener that a monitoring system asks: `GET /metrics`, and nothing else. It asks for no key, and so it is on loopback unless its
// port is named.
import { createServer } from "node:http";
import type { Logger } from "../base/log.ts";
import { drain } from "../gateway/listen.ts";
import { createMetrics } from "../http/metrics.ts";
import type { Instance } from "../open.ts";
import { type TakenPort, takePort } from "./ports.ts";

export interface MetricsPort extends TakenPort {
  readonly host: string;
  stop(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/** `port` of the flag or the variable; otherwise `otherwise`, or a free one. Throws CommandFailure when a named port cannot be taken. */
export async function startMetrics(
  instance: Pick<Instance, "verdicts" | "condition">,
  { port, otherwise, host }: { port: number | undefined; otherwise: number; host: string },
  log: Logger,
): Promise<MetricsPort> {
  const metrics = createMetrics(instance);
  const server = createServer((request, response) => {
    const isKnown = request.url?.split("?")[0] === "/metrics";
    if (!isKnown || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(isKnown ? 405 : 404, isKnown ? { allow: "GET, HEAD" } : {}).end();
      return;
    }
    metrics.read().then(
      (text) => response.writeHead(200, { "content-type": metrics.contentType }).end(text),
      (error) => {
        log.error({ err: error }, "the metrics could not be read");
        response.writeHead(503).end();
      },
    );
  });
  const place = port === undefined ? LOOPBACK : host;
  const taken = await takePort(server, port ?? otherwise, place, port !== undefined);
  return { ...taken, host: place, stop: () => drain(server, 0) };
}
