// Opens a WebSocket with the key in the best place that the runtime has; it neither retries nor follows redirects.

import { startWatch } from "./attempt.ts";
import type { ApiClient } from "./client.ts";
import type { UpgradeInit, WebSocketOptions } from "./definition.ts";
import { ConfigurationError } from "./errors.ts";
import { known } from "./known.ts";
import { addressOf, setAll } from "./request.ts";
import { takesUpgradeHeaders } from "./runtime.ts";
import type { Settings } from "./settings.ts";

/** The options that Node's and Bun's constructors take and the standard's does not. */
type Constructor = new (url: string, init?: UpgradeInit | string[]) => WebSocket;

/** The socket, once it is open. Rejects with a ConnectionError, a TimeoutError or the reason of the caller's signal. */
export async function connect(
  settings: Settings,
  client: ApiClient,
  path: string,
  options: WebSocketOptions,
): Promise<WebSocket> {
  const url = addressOf(settings.baseUrl, path, options.query);
  url.protocol = url.protocol.replace("http", "ws");
  const watch = startWatch({ ...settings, ...known(options) }, url.host);
  try {
    const socket = await create(settings, client, url, options);
    return await new Promise((resolve, reject) => {
      // After the opening it does nothing: what happens then is the caller's to hear.
      const fail = (event: unknown): void => {
        reject(watch.failure((event as { error?: unknown }).error ?? new Error("no WebSocket was opened")));
        socket.close();
      };
      if (watch.signal.aborted) fail({});
      watch.signal.addEventListener("abort", fail);
      socket.addEventListener("open", () => resolve(socket));
      socket.addEventListener("error", fail);
      socket.addEventListener("close", fail);
    });
  } finally {
    watch.stop();
  }
}

/** Header, else ticket, else query parameter; a key in a URL can end up in logs. */
async function create(
  settings: Settings,
  client: ApiClient,
  url: URL,
  options: WebSocketOptions,
): Promise<WebSocket> {
  const { openSocket, socket, credential, key } = settings;
  const { protocols = [] } = options;
  const { WebSocket } = globalThis as { WebSocket?: Constructor };
  if (openSocket || (WebSocket && takesUpgradeHeaders())) {
    const headers = setAll(new Headers(settings.headers), options.headers);
    headers.set(...credential);
    const init = { headers: Object.fromEntries(headers), protocols };
    return openSocket ? openSocket(url.href, init) : new WebSocket!(url.href, init);
  }
  const { ticket, keyParameter = "" } = socket;
  if (!WebSocket || !(ticket || keyParameter) || options.headers)
    throw new ConfigurationError("Pass webSocket: this runtime's sends no headers.");
  const parameters = ticket ? await ticket(client) : { [keyParameter]: key };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return withoutLoss(new WebSocket(url.href, protocols));
}

/** Deno tells of a first message before whoever awaits the opening can listen: it is held until the next turn. */
function withoutLoss(socket: WebSocket): WebSocket {
  const held: MessageEvent[] = [];
  const hold = (event: MessageEvent): void => {
    event.stopImmediatePropagation();
    held.push(event);
  };
  const release = (): void => {
    socket.removeEventListener("message", hold);
    for (const { data } of held) socket.dispatchEvent(new MessageEvent("message", { data }));
  };
  socket.addEventListener("message", hold);
  socket.addEventListener("open", () => setTimeout(release));
  return socket;
}
