// The few building blocks of the other shapes. JSON Schema 2020-12, as OpenAPI 3.1 takes it.
import { type Static, type TSchema, Type } from "typebox";

/** For what is sent: an unknown field is refused (hostile G02). */
export const strict = { additionalProperties: false } as const;

export const Time = Type.String({
  format: "date-time",
  description: "ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.",
});

export const nullableText = (description?: string) =>
  Type.Unsafe<string | null>({ type: ["string", "null"], ...(description !== undefined && { description }) });

export const nullableTime = (description?: string) =>
  Type.Unsafe<string | null>({
    type: ["string", "null"],
    format: "date-time",
    ...(description !== undefined && { description }),
  });

/** Readonly, as the engine gives its lists out. */
export const listOf = <Item extends TSchema>(item: Item, description?: string) =>
  Type.Unsafe<readonly Static<Item>[]>({
    type: "array",
    items: item,
    ...(description !== undefined && { description }),
  });

export const Texts = listOf(Type.String());

/** An object that is kept and answered as it was sent. */
export const openObject = (description: string) =>
  Type.Unsafe<Readonly<Record<string, unknown>>>({ type: "object", additionalProperties: true, description });

export const Metadata = openObject(
  "The operator's own data, at most 8 KiB of JSON; Claviger does not read it.",
);

export const oneOf = <Value extends string>(values: readonly Value[], description?: string) =>
  Type.Unsafe<Value>({
    type: "string",
    enum: [...values],
    ...(description !== undefined && { description }),
  });

export const pageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: listOf(item, "Newest first."),
    nextCursor: Type.Optional(Type.String({ description: "Absent on the last page." })),
  });

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
  cursor: Type.Optional(Type.String({ description: "The nextCursor of the page before.", maxLength: 200 })),
};

export const ProjectPath = Type.Object({ project: Type.String({ description: "The project's name." }) });

export const AccountPath = Type.Object({
  project: Type.String({ description: "The project's name." }),
  account: Type.String({ description: "The account's id." }),
});

export const KeyPath = Type.Object({
  project: Type.String({ description: "The project's name." }),
  key: Type.String({ description: "The key's id." }),
});

/** For an operation that takes a body and no field of it. */
export const NoFields = Type.Object({}, strict);

/** 204: no body. */
export const Nothing = Type.Null({ description: "Done; there is no body." });
