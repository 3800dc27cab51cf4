// The client of a crash run over real HTTP: makes changes until the server is gone, and asks afterwards what became of them.
import { type Exchange, exchange } from "./exchange.ts";
import { pick } from "./random.ts";
import { acknowledge, type Fate, type KnownKey, nextOperation, type Operation, type World } from "./world.ts";

export interface Connection {
  readonly url: string;
  readonly rootKey: string;
}

/** Several, so that a kill meets changes in every stage. */
const WORKERS = 4;
/** A cycle that is killed late makes no more changes than this. */
const MAX_OPERATIONS = 60;

/** Makes changes until the connection breaks. Throws when one is refused. */
export async function makeChanges(connection: Connection, world: World, random: () => number): Promise<void> {
  let left = MAX_OPERATIONS;
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const operation = nextOperation(world, random);
      const answer = await perform(connection, operation);
      if (answer === undefined) {
        world.unanswered.push(operation);
        return;
      }
      expectStatus(operation, answer, [200, 201, 204]);
      acknowledge(world, operation, answer.json);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
}

function perform({ url, rootKey }: Connection, operation: Operation): Promise<Exchange | undefined> {
  const { method, path, body, idempotencyKey } = operation;
  return exchange(`${url}/v1/projects/acme/${path}`, {
    method,
    body,
    headers: {
      authorization: `Bearer ${rootKey}`,
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    },
  });
}

function expectStatus(
  { kind, path }: Operation,
  { status, json }: Exchange,
  wanted: readonly number[],
): void {
  if (!wanted.includes(status)) throw new Error(`${kind} ${path} answered ${status} ${JSON.stringify(json)}`);
}

/** How many of the unanswered changes had been made before the kill, and how many had not. */
export interface Repeated {
  made: number;
  notMade: number;
}

/**
 * Repeats every change that was not answered, under the same Idempotency-Key and twice: both have to answer the same record.
 * Throws when one does not.
 */
export async function repeatUnanswered(
  connection: Connection,
  world: World,
  counts: Repeated,
): Promise<void> {
  const { unanswered } = world;
  world.unanswered = [];
  for (const operation of unanswered) {
    const first = await answered(connection, operation);
    expectStatus(operation, first, operation.kind === "delete" ? [204, 404] : [200, 201]);
    const wasMade = operation.kind === "delete" ? first.status === 404 : first.isReplayed;
    counts[wasMade ? "made" : "notMade"]++;
    if (wasMade && first.json.key !== undefined) throw new Error(`${operation.path} showed a key twice`);
    if (operation.idempotencyKey !== undefined) await expectSame(connection, operation, first.json.id);
    acknowledge(world, operation, first.json);
  }
}

/** An acknowledged create under its Idempotency-Key makes nothing new either. */
export async function repeatOneCreate(
  connection: Connection,
  world: World,
  random: () => number,
): Promise<void> {
  const created = pick(world.created, random);
  if (created !== undefined) await expectSame(connection, created.operation, created.id);
}

async function expectSame(
  connection: Connection,
  operation: Operation,
  id: string | undefined,
): Promise<void> {
  const { isReplayed, json } = await answered(connection, operation);
  if (!isReplayed || json.id !== id || json.key !== undefined)
    throw new Error(
      `${operation.kind} ${operation.path} repeated: ${json.id} (${isReplayed}) instead of ${id}`,
    );
}

async function answered(connection: Connection, operation: Operation): Promise<Exchange> {
  const answer = await perform(connection, operation);
  if (answer === undefined) throw new Error(`${operation.path}: no answer from a server that was not killed`);
  return answer;
}

const EXPECTED: Record<Fate, string> = {
  live: "ok",
  grace: "ok",
  revoked: "revoked_key",
  deleted: "revoked_key",
};

/** Asks for a verdict on each key that was ever shown. Answers how many were asked about; throws at the first that is wrong. */
export async function verifyKeys({ url, rootKey }: Connection, keys: Iterable<KnownKey>): Promise<number> {
  const shown = [...keys].filter(({ text }) => text !== undefined);
  for (const { id, text, fate } of shown) {
    const answer = await exchange(`${url}/v1/verify`, {
      method: "POST",
      body: { project: "acme", key: text },
      headers: { authorization: `Bearer ${rootKey}` },
    });
    if (answer?.json.code !== EXPECTED[fate])
      throw new Error(`the key ${id} is ${fate}, and its verdict ${answer?.json.code}`);
  }
  return shown.length;
}
