// The client of a money run over real HTTP: spends, holds, settles and tops up, and asks afterwards what became of it.
import { type Exchange, exchange } from "./exchange.ts";
import { isExplained, nextOperation, type Operation, remaining, type Wallet } from "./money-world.ts";
import { pick } from "./random.ts";

export interface MoneyConnection {
  readonly url: string;
  readonly rootKey: string;
  /** The gateway's port of the project's host. */
  readonly gateway: string;
}

/** What is read of the answers of all operations. */
interface Told {
  readonly id?: string;
  readonly key?: string;
  readonly code?: string;
  /** The gateway's refusals. */
  readonly error?: { readonly code: string };
  readonly cost?: number;
  readonly credits?: number;
  readonly settledUnits?: number;
  readonly hold?: { readonly id: string };
  readonly allowance?: { readonly remaining: number };
}

export interface Counts {
  /** By kind: operations that did what they say. */
  readonly made: Record<Operation["kind"], number>;
  /** Refused for want of units. */
  refused: number;
  unanswered: number;
}

export function newCounts(): Counts {
  const made = { spend: 0, hold: 0, work: 0, failure: 0, settle: 0, grant: 0 };
  return { made, refused: 0, unanswered: 0 };
}

/** Spends until the connection breaks, or until `isOver` says so. Throws at an answer that is neither done nor refused. */
export async function spendUntilGone(
  connection: MoneyConnection,
  wallets: readonly Wallet[],
  counts: Counts,
  { callers, random, isOver }: { callers: number; random: () => number; isOver: () => boolean },
): Promise<void> {
  const work = async (): Promise<void> => {
    while (!isOver()) {
      const wallet = pick(wallets, random)!;
      const operation = nextOperation(wallet, random);
      const answer = await perform(connection, wallet, operation);
      if (answer === undefined) {
        wallet.unanswered.push(operation);
        counts.unanswered += 1;
        return;
      }
      takeIn(wallet, operation, answer, counts);
    }
  };
  await Promise.all(Array.from({ length: callers }, work));
}

function perform(
  { url, rootKey, gateway }: MoneyConnection,
  { id, key }: Wallet,
  operation: Operation,
): Promise<Exchange | undefined> {
  const { kind, units } = operation;
  const headers = { authorization: `Bearer ${rootKey}` };
  const post = (path: string, body: object, more: Record<string, string> = {}) =>
    exchange(`${url}/v1/${path}`, { method: "POST", body, headers: { ...headers, ...more } });
  switch (kind) {
    case "spend":
      return post("verify", { project: "acme", key, cost: units });
    case "hold":
      return post("verify", { project: "acme", key, cost: units, hold: true });
    case "settle":
      return post(`holds/${operation.hold.id}/settle`, { cost: units });
    case "grant": {
      const { idempotencyKey, expiresAt } = operation;
      const body = { amount: units, expiresAt };
      return post(`projects/acme/accounts/${id}/credits`, body, { "idempotency-key": idempotencyKey });
    }
    default: {
      const path = kind === "work" ? "work" : "work?fails";
      const own = { authorization: `Bearer ${key}` };
      return exchange(`${gateway}/${path}`, { method: "POST", body: undefined, headers: own });
    }
  }
}

const REFUSED = new Set(["insufficient_credits", "allowance_exceeded"]);
/** What the upstream answers when it fails. */
export const FAILURE_STATUS = 503;

/** Throws when the answer says neither that it was done nor that the account has too little. */
export function takeIn(wallet: Wallet, operation: Operation, answer: Exchange, counts: Counts): void {
  const { kind, units } = operation;
  const told = answer.json as Told;
  const code = told.code ?? told.error?.code ?? "";
  if (REFUSED.has(code)) {
    counts.refused += 1;
    if (kind === "settle") wallet.holds.push(operation.hold);
    return;
  }
  if (!isDone(operation, answer.status, told))
    throw new Error(`${kind} of ${units} units answered ${answer.status} ${JSON.stringify(answer.json)}`);
  counts.made[kind] += 1;
  if (kind === "grant") wallet.granted += units;
  if (kind === "spend" || kind === "hold" || kind === "work") wallet.spent += units;
  if (kind === "hold") wallet.holds.push({ id: told.hold!.id, units });
  if (kind === "settle") wallet.spent += units - operation.hold.units;
}

function isDone({ kind, units }: Operation, status: number, told: Told): boolean {
  switch (kind) {
    case "spend":
      return status === 200 && told.code === "ok" && told.cost === units;
    case "hold":
      return status === 200 && told.code === "ok" && told.cost === units && told.hold !== undefined;
    case "settle":
      return status === 200 && told.settledUnits === units;
    case "grant":
      return status === 201;
    case "work":
      return status === 200;
    case "failure":
      return status === FAILURE_STATUS;
  }
}

/**
 * What became of the operations that were not answered. Top-ups and settlements are repeated, which makes them once; of the rest
 * what remains tells whether they were made. Throws when that cannot be, and answers how many units turned out to be spent.
 */
export async function lookBack(connection: MoneyConnection, wallet: Wallet, counts: Counts): Promise<void> {
  const { unanswered } = wallet;
  const canRepeat = ({ kind }: Operation) => kind === "grant" || kind === "settle";
  wallet.unanswered = unanswered.filter((operation) => !canRepeat(operation));
  for (const operation of unanswered.filter(canRepeat)) {
    takeIn(wallet, operation, await performed(connection, wallet, operation), counts);
    if (operation.kind === "grant") await performed(connection, wallet, operation);
  }
  const remains = await readRemaining(connection, wallet);
  if (!isExplained(wallet, remains))
    throw new Error(
      `${wallet.id}: ${remains} units remain; ${remaining(wallet)} were left, less any of ${JSON.stringify(wallet.unanswered)}`,
    );
  wallet.lost += remaining(wallet) - remains;
  wallet.unanswered = [];
}

async function performed(
  connection: MoneyConnection,
  wallet: Wallet,
  operation: Operation,
): Promise<Exchange> {
  const answer = await perform(connection, wallet, operation);
  if (answer === undefined) throw new Error(`${operation.kind}: no answer from a server that was not killed`);
  return answer;
}

/** Credits, and what is left of the allowance. */
export async function readRemaining(
  { url, rootKey }: MoneyConnection,
  { id }: Pick<Wallet, "id">,
): Promise<number> {
  const answer = await exchange(`${url}/v1/projects/acme/accounts/${id}`, {
    method: "GET",
    body: undefined,
    headers: { authorization: `Bearer ${rootKey}` },
  });
  const { credits, allowance } = (answer?.json ?? {}) as Told;
  if (answer?.status !== 200 || credits === undefined)
    throw new Error(`the account ${id} answered ${answer?.status} ${JSON.stringify(answer?.json)}`);
  return credits + (allowance?.remaining ?? 0);
}

/** Spends with many callers at once until not one unit is left. Throws when more or less went than was there. */
export async function drain(
  connection: MoneyConnection,
  wallet: Wallet,
  counts: Counts,
  { callers, random }: { callers: number; random: () => number },
): Promise<void> {
  const work = async (): Promise<void> => {
    let most = 40;
    while (most > 0) {
      const operation: Operation = { kind: "spend", units: 1 + Math.floor(random() * most) };
      const before = wallet.spent;
      takeIn(wallet, operation, await performed(connection, wallet, operation), counts);
      // A refusal of 1 is the end.
      if (wallet.spent === before) most = operation.units - 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, work));
  const remains = await readRemaining(connection, wallet);
  if (remains !== 0 || remaining(wallet) !== 0)
    throw new Error(
      `${wallet.id} was drained: ${remains} units remain, and ${remaining(wallet)} were never accounted for`,
    );
}

/** A fresh account on a plan, with one key. */
export async function openWallet(
  { url, rootKey }: MoneyConnection,
  plan: string,
): Promise<{ id: string; key: string }> {
  const post = async (path: string, body: object): Promise<Told> => {
    const headers = { authorization: `Bearer ${rootKey}` };
    const answer = await exchange(`${url}/v1/projects/acme/${path}`, { method: "POST", body, headers });
    if (answer?.status !== 201) throw new Error(`${path} answered ${JSON.stringify(answer)}`);
    return answer.json;
  };
  const { id: account } = await post("accounts", { name: "Wallet", plan });
  const { key } = await post("keys", { account, name: `Key of ${account}` });
  return { id: account!, key: key! };
}
