// The pepper's home: a file beside the data or the environment, never the database. A pepper that is not the one the store was
// filled with stops the start, because with it every key would look invalid.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createPepper, type Pepper, pepperCheckValue } from "../key/digest.ts";
import { type Store, StoreUnavailable } from "./contract.ts";

const VERSION = 1;
const SETTING = `pepper.${VERSION}`;
const MIN_BYTES = 32;

export interface PepperSource {
  /** Base64url of at least 32 bytes, out of the environment; wins over the file. */
  readonly text: string | undefined;
  /** Made at first start with mode 0600. */
  readonly file: string;
}

/** Throws StoreUnavailable in words when the pepper is missing, malformed or not the store's. */
export async function openPepper(store: Store, { text, file }: PepperSource): Promise<Pepper> {
  const known = await store.setting(SETTING);
  if (text === undefined && known === undefined && !existsSync(file)) writePepper(file);
  const pepper = createPepper(VERSION, decode(text ?? readPepper(file)));
  if ((await store.settle(SETTING, pepperCheckValue(pepper))) !== pepperCheckValue(pepper)) {
    throw new StoreUnavailable(
      `the pepper ${text === undefined ? `in ${file}` : "in CLAVIGER_PEPPER"} is not the one this store was filled with: bring the right one back`,
    );
  }
  return pepper;
}

function writePepper(file: string): void {
  // Whole or not there: half a pepper would refuse every later start.
  const draft = `${file}.${randomBytes(6).toString("hex")}.new`;
  const text = randomBytes(MIN_BYTES).toString("base64url");
  writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: "wx", flush: true });
  renameSync(draft, file);
}

function readPepper(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new StoreUnavailable(
      `the pepper file ${file} is missing: bring it back, or give the pepper as CLAVIGER_PEPPER`,
    );
  }
}

function decode(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length < MIN_BYTES || bytes.toString("base64url") !== text.replace(/=+$/, "")) {
    throw new StoreUnavailable(`the pepper must be at least ${MIN_BYTES} bytes in base64url`);
  }
  return bytes;
}
