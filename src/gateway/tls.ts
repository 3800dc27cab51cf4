// HTTPS for a listener: the certificate and key that it begins with, and new ones while it runs. It reads no file.
import type { Server as HttpServer } from "node:http";
import { createSecureContext, Server as TlsServer } from "node:tls";

/** PEM; the certificate with its chain. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** HTTP/2 is not spoken: every limit of this listener is one of HTTP/1.1, and no key is worth two ways to frame a request. */
export const TLS_OPTIONS = {
  ALPNProtocols: ["http/1.1"],
  minVersion: "TLSv1.2",
  /** A client that begins a handshake and does not end it holds a socket no longer. */
  handshakeTimeout: 10_000,
} as const;

/** Throws in OpenSSL's words for what is no certificate, no key, or a key of another certificate. */
export function checkTlsPair(pair: TlsPair): void {
  createSecureContext(pair);
}

/** For connections from now on; those that are open keep what they have. Throws as `checkTlsPair` and then changes nothing. */
export function renewTls(server: HttpServer, pair: TlsPair): void {
  checkTlsPair(pair);
  if (!(server instanceof TlsServer)) throw new TypeError("The listener speaks no TLS.");
  server.setSecureContext({ ...pair, minVersion: TLS_OPTIONS.minVersion });
}
