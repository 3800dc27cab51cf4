// Reads the URL of a database. Nothing that it answers or throws, but for what goes to the driver, holds the password.
import type { PoolConfig } from "pg";
import { StoreUnavailable } from "../contract.ts";

export interface Address {
  /** `host:port/database`, for people. */
  readonly place: string;
  /** For the driver. */
  readonly config: PoolConfig;
}

/** The driver takes all of these for `verify-full`, and says on every start that it will not for ever. */
const VERIFYING = new Set(["prefer", "require", "verify-ca"]);

/** Throws StoreUnavailable in words. */
export function readAddress(url: string): Address {
  try {
    return addressOf(new URL(url));
  } catch {
    // Without its cause, which quotes the whole URL.
    throw new StoreUnavailable(
      "the address of the database is not of the form postgres://user:password@host:port/database",
    );
  }
}

function addressOf(url: URL): Address {
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") throw new Error("another protocol");
  const mode = url.searchParams.get("sslmode");
  if (mode !== null && VERIFYING.has(mode) && !url.searchParams.has("uselibpqcompat"))
    url.searchParams.set("sslmode", "verify-full");
  const host = url.searchParams.get("host") ?? decodeURIComponent(url.hostname);
  const port = url.port === "" ? "" : `:${url.port}`;
  const database = decodeURIComponent(url.pathname.slice(1));
  return { place: `${host}${port}/${database}`, config: { connectionString: url.href } };
}
