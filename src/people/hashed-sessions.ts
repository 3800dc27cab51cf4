// Puts a digest in the place of a session's token before it reaches the database, so that whoever reads a copy of it has no session.
// It stands between better-auth and its adapter, and knows no more of either.
import { createHash } from "node:crypto";
import type { getAdapter } from "better-auth/db/adapter";

export type Adapter = Awaited<ReturnType<typeof getAdapter>>;
type Where = NonNullable<Parameters<Adapter["findOne"]>[0]["where"]>[number];

const MODEL = "session";

export function tokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/** What comes out under a token's digest carries the token again, because the caller had it. */
export function hashSessionTokens(inner: Adapter): Adapter {
  const hashed: Adapter = {
    ...inner,
    create: async (input) => {
      const { token } = input.data as { token?: unknown };
      if (input.model !== MODEL || typeof token !== "string") return inner.create(input);
      const data = { ...input.data, token: tokenDigest(token) };
      return withToken(await inner.create({ ...input, data }), token) as never;
    },
    findOne: async (input) =>
      input.model === MODEL
        ? (withToken(await inner.findOne(digested(input)), tokenIn(input.where)) as never)
        : inner.findOne(input),
    findMany: (input) => inner.findMany(input.model === MODEL ? digested(input) : input),
    count: (input) => inner.count(input.model === MODEL ? digested(input) : input),
    update: async (input) =>
      input.model === MODEL
        ? (withToken(await inner.update(digested(input)), tokenIn(input.where)) as never)
        : inner.update(input),
    updateMany: (input) => inner.updateMany(input.model === MODEL ? digested(input) : input),
    delete: (input) => inner.delete(input.model === MODEL ? digested(input) : input),
    deleteMany: (input) => inner.deleteMany(input.model === MODEL ? digested(input) : input),
    // The adapter of a transaction would be the one below.
    transaction: (work) => work(hashed as never),
  };
  return hashed;
}

function digested<Input extends { where?: Where[] | undefined }>(input: Input): Input {
  if (input.where === undefined) return input;
  return { ...input, where: input.where.map(digestedClause) };
}

function digestedClause(clause: Where): Where {
  if (clause.field !== "token") return clause;
  const { value } = clause;
  if (Array.isArray(value)) return { ...clause, value: (value as string[]).map(tokenDigest) };
  return typeof value === "string" ? { ...clause, value: tokenDigest(value) } : clause;
}

function tokenIn(where: readonly Where[] | undefined): string | undefined {
  const value = where?.find(({ field }) => field === "token")?.value;
  return typeof value === "string" ? value : undefined;
}

function withToken(row: unknown, token: string | undefined): unknown {
  return row === null || row === undefined || token === undefined ? row : { ...(row as object), token };
}
