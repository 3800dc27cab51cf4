// The sockets that are open: each is watched for as long as it is, pays for its messages where its route says so, and is closed with
// the reason in the project's own words. It answers no handshake.
import type { Duplex } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../base/clock.ts";
import { denialWords } from "../policy/dialect.ts";
import type { MessagePolicy } from "../policy/judge.ts";
import type { Receipt } from "../policy/pot.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Limiter } from "../verify/limiter.ts";
import { locate } from "../verify/locate.ts";
import type { Question } from "../verify/question.ts";
import type { Verify } from "../verify/verify.ts";
import type { SettleParts } from "./settle.ts";
import type { Watch } from "./watch.ts";
import { closeCodeOf, GOING_AWAY, SERVICE_RESTART } from "./websocket-codes.ts";
import type { Payment, Refusal } from "./websocket-dues.ts";
import { openTunnel, type Tunnel } from "./websocket-tunnel.ts";

export interface OpenSocketsParts {
  readonly clock: Clock;
  readonly verify: Verify;
  readonly cashier: Pick<SettleParts["cashier"], "refund">;
  readonly limiter: Pick<Limiter, "release">;
  readonly watch: Watch;
  readonly onFault: SettleParts["onFault"];
}

/** Both sides have switched; nothing has been read of either. */
export interface Switched {
  readonly client: Duplex;
  readonly upstream: Duplex;
  readonly question: Question;
  readonly verdict: Allowed;
  /** The project's host that it came to. */
  readonly host: string;
  /** Of the watch, before the verdict was asked for. */
  readonly epoch: number;
  readonly requestId: string;
  /** Of the route; without it messages cost nothing and are not looked at. */
  readonly messages: MessagePolicy | undefined;
}

export interface OpenSockets {
  open(switched: Switched): void;
  /** See WebSockets. */
  drain(graceMs: number): Promise<void>;
}

const GONE = "The gateway is going away; connect again.";
const CHANGED = "The terms of this endpoint have changed; connect again.";

export function createOpenSockets(parts: OpenSocketsParts): OpenSockets {
  const tunnels = new Set<Tunnel>();
  let isDraining = false;
  return {
    open(switched) {
      const tunnel = openOne(parts, switched);
      tunnels.add(tunnel);
      void tunnel.ended.then(() => tunnels.delete(tunnel));
      if (isDraining) tunnel.close(GOING_AWAY, GONE);
    },
    async drain(graceMs) {
      const closeAll = (): void => {
        isDraining = true;
        for (const tunnel of tunnels) tunnel.close(GOING_AWAY, GONE);
      };
      const atLast = setTimeout(closeAll, graceMs);
      while (tunnels.size > 0) await Promise.all([...tunnels].map(({ ended }) => ended));
      clearTimeout(atLast);
      isDraining = true;
    },
  };
}

function openOne(parts: OpenSocketsParts, switched: Switched): Tunnel {
  const { clock, limiter, watch } = parts;
  const { client, upstream, question, verdict, host, epoch, requestId, messages } = switched;
  const refuse = (refusal: Refusal): void => {
    const { dialect } = watched.question.project;
    const occasion = { requestId, now: clock.now() };
    if (!("allowed" in refusal)) tunnel.close(refusal.code, refusal.reason);
    else tunnel.close(closeCodeOf(refusal.code), denialWords(dialect, refusal, occasion));
  };
  const watched = watch.add(
    {
      question,
      host,
      key: verdict.key,
      onLost: refuse,
      onKept(now) {
        if (!isDeepStrictEqual(messagesOf(now), messages)) tunnel.close(SERVICE_RESTART, CHANGED);
      },
    },
    epoch,
  );
  const tunnel = openTunnel({
    client,
    upstream,
    payment: messages && paymentOf(parts, messages, () => watched.question),
    onRefused: refuse,
    onClosed() {
      watched.forget();
      limiter.release(requestId);
    },
  });
  return tunnel;
}

/** The key is judged again with every message that costs something. */
function paymentOf(
  { verify, cashier, onFault }: OpenSocketsParts,
  { cost }: MessagePolicy,
  question: () => Question,
): Payment {
  return {
    cost,
    pay: (units) =>
      verify({ ...question(), continuing: true, cost: units, measure: undefined, tellPots: false }),
    async refund(receipt) {
      try {
        await cashier.refund(receipt);
      } catch (error) {
        onFault(
          `a message that was paid and not passed on could not be given back: ${describe(receipt)}`,
          error,
        );
      }
    },
  };
}

/** Enough to put it right by hand. */
function describe({ project, account, environment, key, units }: Receipt): string {
  return `${units} units of account ${account} (${project}, ${environment}), key ${key}`;
}

export function messagesOf(question: Question): MessagePolicy | undefined {
  const place = locate(question);
  const route = "reason" in place ? undefined : place.route;
  return route === undefined || route === "none" ? undefined : route.policy.messages;
}
