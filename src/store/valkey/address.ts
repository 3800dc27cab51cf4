// Reads the URL of a Valkey or Redis. What it throws does not hold the password.
import { StoreUnavailable } from "../contract.ts";

export interface ValkeyAddress {
  readonly host: string;
  readonly port: number;
  /** `host:port`, for people. */
  readonly place: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The number of the database; 0 is the only one of a Cluster. */
  readonly database: number;
  readonly tls: boolean;
}

const DEFAULT_PORT = 6_379;

/** Throws StoreUnavailable in words. */
export function readValkeyAddress(url: string): ValkeyAddress {
  try {
    return addressOf(new URL(url));
  } catch {
    // Without its cause, which quotes the whole URL.
    throw new StoreUnavailable(
      "the address of the counters is not of the form redis://user:password@host:port/0, or rediss:// for TLS",
    );
  }
}

function addressOf({ protocol, hostname, port, username, password, pathname }: URL): ValkeyAddress {
  const [, secure] = /^(?:redis|valkey)(s?):$/.exec(protocol) ?? [];
  const [, database] = /^\/?(\d*)$/.exec(pathname) ?? [];
  if (secure === undefined || database === undefined || hostname === "") throw new Error("another form");
  const host = hostname.replace(/^\[|\]$/g, "");
  const textOf = (part: string) => (part === "" ? undefined : decodeURIComponent(part));
  return {
    host,
    port: port === "" ? DEFAULT_PORT : Number(port),
    place: `${hostname}:${port === "" ? DEFAULT_PORT : port}`,
    username: textOf(username),
    password: textOf(password),
    database: Number(database),
    tls: secure === "s",
  };
}
