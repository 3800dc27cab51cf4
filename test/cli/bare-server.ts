// A server that is not Claviger, for commands that expect one. It knows nothing of projects and keys.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface BareServer {
  readonly port: number;
  readonly url: string;
  /** Nobody answers at its address from then on. Idempotent; happens at the latest when the test ends. */
  close(): Promise<void>;
}

/** On a loopback port: any free one unless it is named. */
export async function bareServer(
  context: TestContext,
  answer: RequestListener = (_request, response) => void response.end(),
  wantedPort = 0,
): Promise<BareServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wantedPort, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  context.after(close);
  return { port, url: `http://127.0.0.1:${port}`, close };
}
