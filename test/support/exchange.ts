// A request whose two halves a test moves by itself: written piece by piece, answered piece by piece, broken off at will.
import { type Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

export interface Exchange {
  readonly request: ClientRequest;
  /** As soon as its headers are there; rejects when the connection breaks before. */
  readonly response: Promise<IncomingMessage>;
}

export interface ExchangeOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  /** Without one the connection serves this request only. */
  readonly agent?: Agent;
}

/** Sends the headers at once and leaves the body to the caller, who has to end the request. */
export function openExchange(port: number, host: string, options: ExchangeOptions = {}): Exchange {
  const { method = "GET", path = "/", headers = {}, agent = false } = options;
  const sent = request({ host: "127.0.0.1", port, method, path, agent, headers: { ...headers, Host: host } });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve);
    sent.on("error", reject);
  });
  // A test that breaks the exchange off on purpose does not wait for an answer.
  response.catch(() => {});
  sent.flushHeaders();
  return { request: sent, response };
}

/** Sends the bytes as they are and answers all that comes back until the other side closes, which the last request asks for. */
export async function converse(port: number, bytes: Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}
