// How a list is asked for, a page at a time.

/** Where a page begins: after this record, newest first. */
export interface Position {
  readonly createdAt: number;
  readonly id: string;
}

export interface PageQuery {
  readonly limit: number;
  readonly after?: Position;
}
