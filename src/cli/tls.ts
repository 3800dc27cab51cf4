// The certificate and key files of the gateway: read at the start, and again when they change or the process is told to. It writes
// none, and says nothing of what is in a key.
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import type { Server } from "node:http";
import type { Logger } from "../base/log.ts";
import { checkTlsPair, renewTls, type TlsPair } from "../gateway/tls.ts";
import { CommandFailure, systemWords } from "./failure.ts";
import { EXIT, type Terminal } from "./terminal.ts";

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Looked at by time and not by events: a secret of Kubernetes changes by a link two folders above it. */
const LOOK_EVERY_MS = 5_000;

/** `undefined` where neither is named. Throws CommandFailure where only one is. */
export function tlsFilesOf(cert: string | undefined, key: string | undefined): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new CommandFailure("--tls-cert and --tls-key are given together or not at all", EXIT.usage);
  return { cert, key };
}

/** Throws CommandFailure. */
export function readTls(files: TlsFiles): TlsPair {
  const pair = { cert: readOne(files.cert), key: readOne(files.key) };
  try {
    checkTlsPair(pair);
  } catch (error) {
    const words = `${files.cert} and ${files.key} are no certificate and its key in PEM`;
    throw new CommandFailure(`${words}: ${(error as Error).message}`, EXIT.failed);
  }
  return pair;
}

function readOne(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read: ${systemWords(error)}`, EXIT.failed);
  }
}

/** What cannot be read, or does not fit together yet, changes nothing and is told. The answer ends it. */
export function followTls(
  files: TlsFiles,
  server: Server,
  log: Logger,
  onHangup: Terminal["onHangup"],
): () => void {
  const renew = (): void => {
    try {
      renewTls(server, readTls(files));
      log.info("the certificate was read anew");
    } catch (error) {
      log.error(`the certificate in use stays: ${(error as Error).message}`);
    }
  };
  const options = { interval: LOOK_EVERY_MS, persistent: false };
  for (const file of [files.cert, files.key]) watchFile(file, options, renew);
  const forget = onHangup(renew);
  return () => {
    forget();
    for (const file of [files.cert, files.key]) unwatchFile(file, renew);
  };
}
