// An upstream that a test writes itself: a bare server that remembers what reached it. It repairs and adds nothing.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface ReceivedRequest {
  readonly method: string;
  /** The request target as it came. */
  readonly target: string;
  /** Names and values as they came, alternating. */
  readonly rawHeaders: readonly string[];
}

/** Ends with the block that it was declared in by `await using`. */
export interface Upstream extends AsyncDisposable {
  /** Without a final slash. */
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Reads the request whole and answers 204. */
const readAndAnswer: Answering = async (request, response) => {
  await buffer(request);
  response.writeHead(204).end();
};

/** On a free loopback port. */
export async function startUpstream(answering: Answering = readAndAnswer): Promise<Upstream> {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const { method = "", url = "", rawHeaders } = request;
    received.push({ method, target: url, rawHeaders });
    void answering(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** All values of a header among raw ones, in order. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** Names among raw headers, in lower case. */
export function namesOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
}

/** A project file without routes or scopes, served under `acme.localhost` and forwarded to `url`. */
export function plainProject(url: string, more = ""): string {
  return `name: acme\nkeys: { format: "acme_{env}_{secret:32}" }\nupstream: ${url}\n${more}`;
}
