// Pages of lists: a cursor names the last record seen, so that a page neither skips nor repeats one while others are added.
import { invalidField } from "../base/errors.ts";
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

export interface OpenPage extends PageQuery {
  /** What the caller asked for; `limit` is one more, to know whether a next page exists. */
  readonly size: number;
}

/** Throws `validation_failed` for a limit out of range or a cursor that was not given out. */
export function openPage({ limit = 100, cursor }: PageRequest): OpenPage {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw invalidField("limit", "must be an integer from 1 to 1000");
  return { size: limit, limit: limit + 1, ...(cursor !== undefined && { after: readCursor(cursor) }) };
}

export function pageOf<Item extends Position, Shown>(
  records: readonly Item[],
  { size }: OpenPage,
  describe: (record: Item) => Shown,
): Page<Shown> {
  const shown = records.slice(0, size);
  const last = shown.at(-1);
  const more = records.length > size && last !== undefined;
  return { items: shown.map(describe), ...(more && { nextCursor: writeCursor(last) }) };
}

function writeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt}.${id}`).toString("base64url");
}

function readCursor(cursor: string): Position {
  const [, createdAt, id] =
    /^(\d{1,15})\.([A-Za-z0-9_]{1,80})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (createdAt === undefined || id === undefined)
    throw invalidField("cursor", "is not one that a list has given out");
  return { createdAt: Number(createdAt), id };
}
