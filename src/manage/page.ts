// Pages of lists: a cursor names the last record seen, so that a page neither skips nor repeats one while others are added. It is sealed
// for its list: one that was made up, or given out with another list, is refused (hostile G15).
import { createHash, timingSafeEqual } from "node:crypto";
import { invalidField } from "../base/errors.ts";
import type { Pepper } from "../key/digest.ts";
import type { PageQuery, Position } from "../store/page.ts";

export interface PageRequest {
  /** 1 to 1,000, default 100. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface OpenPage {
  /** For the store; its limit is one more than `size`, to know whether a next page exists. */
  readonly query: PageQuery;
  /** What the caller asked for. */
  readonly size: number;
  readonly cursorOf: (position: Position) => string;
}

/** `list` names the list with whose it is. Throws `validation_failed` for a limit out of range or a cursor of none or another. */
export function openPage(
  { pepper }: { readonly pepper: Pepper },
  list: readonly string[],
  { limit = 100, cursor }: PageRequest,
): OpenPage {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw invalidField("limit", "must be an integer from 1 to 1000");
  const sealOf = (text: string) => {
    // The pepper takes short ASCII only, and an account in a query is whatever was sent.
    const what = createHash("sha256")
      .update(JSON.stringify([list, text]))
      .digest("base64url");
    return pepper.digest(`cursor ${what}`).slice(0, SEAL_LENGTH);
  };
  return {
    size: limit,
    query: { limit: limit + 1, ...(cursor !== undefined && { after: readCursor(cursor, sealOf) }) },
    cursorOf: ({ createdAt, id }) => {
      const text = `${createdAt}.${id}`;
      return Buffer.from(`${text}.${sealOf(text)}`).toString("base64url");
    },
  };
}

export function pageOf<Item extends Position, Shown>(
  records: readonly Item[],
  { size, cursorOf }: OpenPage,
  describe: (record: Item) => Shown,
): Page<Shown> {
  const shown = records.slice(0, size);
  const last = shown.at(-1);
  const more = records.length > size && last !== undefined;
  return { items: shown.map(describe), ...(more && { nextCursor: cursorOf(last) }) };
}

/** 96 bits of base64url; whoever guesses one sees a page of their own list. */
const SEAL_LENGTH = 16;

function readCursor(cursor: string, sealOf: (text: string) => string): Position {
  const [, text = "", createdAt, id, seal = ""] =
    /^((\d{1,15})\.([A-Za-z0-9_]{1,80}))\.([A-Za-z0-9_-]{16})$/.exec(
      Buffer.from(cursor, "base64url").toString("latin1"),
    ) ?? [];
  const isOurs = id !== undefined && timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf(text)));
  if (!isOurs) throw invalidField("cursor", "is not one that this list has given out");
  return { createdAt: Number(createdAt), id };
}
