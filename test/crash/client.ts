// The client of the crash test: changes keys one after the other and remembers of each request whether it was acknowledged.
import { randomUUID } from "node:crypto";
import { request } from "undici";
import type { Server } from "./server.ts";

export const PROJECT = "nudg3";

/** What the client knows of one key. */
export interface KnownKey {
  readonly id: string;
  readonly text: string;
  /** As acknowledged. */
  ended: "no" | "revoked" | "deleted" | "rotated" | "in grace";
  successor?: string;
  /** A request about this key was under way when the server died: either outcome is right, a half one is not. */
  uncertain: boolean;
}

export interface History {
  readonly keys: KnownKey[];
  /** Creates without an acknowledgement: repeated under their Idempotency-Key they may make one key, not two. */
  readonly openCreates: { readonly name: string; readonly idempotencyKey: string }[];
  acknowledged: number;
}

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many operations.
  readonly body: any;
}

/** Rejects when the connection breaks. */
export async function call(
  server: Server,
  method: string,
  path: string,
  json?: unknown,
  idempotencyKey?: string,
): Promise<Reply> {
  const answer = await request(`${server.url}/v1${path}`, {
    method: method as "GET",
    headers: {
      authorization: `Bearer ${server.rootKey}`,
      ...(json !== undefined && { "content-type": "application/json" }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, body: text === "" ? undefined : JSON.parse(text) };
}

export const keysPath = (...rest: string[]): string => ["/projects", PROJECT, "keys", ...rest].join("/");

/** Works until the server is gone. `random` gives 0 to 1. */
export async function workUntilDeath(
  server: Server,
  account: string,
  history: History,
  random: () => number,
): Promise<void> {
  try {
    for (;;) {
      const alive = history.keys.filter((key) => key.ended === "no" && !key.uncertain);
      const chosen = alive[Math.floor(random() * alive.length)];
      if (chosen === undefined || random() < 0.4) await create(server, account, history);
      else await end(server, chosen, history, random());
      history.acknowledged += 1;
    }
  } catch (error) {
    if ((error as { code?: string }).code === undefined) throw error;
  }
}

async function create(server: Server, account: string, history: History): Promise<void> {
  const name = `crash ${randomUUID()}`;
  const open = { name, idempotencyKey: randomUUID() };
  history.openCreates.push(open);
  const { status, body } = await call(server, "POST", keysPath(), { account, name }, open.idempotencyKey);
  if (status !== 201) throw new Error(`create answered ${status}`);
  history.openCreates.splice(history.openCreates.indexOf(open), 1);
  history.keys.push({ id: body.id, text: body.key, ended: "no", uncertain: false });
}

async function end(server: Server, key: KnownKey, history: History, dice: number): Promise<void> {
  key.uncertain = true;
  if (dice < 0.3) await expect(call(server, "POST", keysPath(key.id, "revoke"), {}), 200);
  else if (dice < 0.4) await expect(call(server, "DELETE", keysPath(key.id)), 204);
  else {
    const graceSeconds = dice < 0.7 ? 0 : 3_600;
    const successor = await expect(call(server, "POST", keysPath(key.id, "rotate"), { graceSeconds }), 201);
    history.keys.push({ id: successor.body.id, text: successor.body.key, ended: "no", uncertain: false });
    key.successor = successor.body.id;
    key.ended = graceSeconds === 0 ? "rotated" : "in grace";
    key.uncertain = false;
    return;
  }
  key.ended = dice < 0.3 ? "revoked" : "deleted";
  key.uncertain = false;
}

async function expect(reply: Promise<Reply>, status: number): Promise<Reply> {
  const got = await reply;
  if (got.status !== status)
    throw new Error(`answered ${got.status} instead of ${status}: ${JSON.stringify(got.body)}`);
  return got;
}
