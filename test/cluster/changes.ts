// The ways in which a key or its account loses something or gets it back: what is changed, and what a request is answered before and
// after. The history takes each as a step.
import { setTimeout as delay } from "node:timers/promises";
import type { History, Step } from "./history.ts";
import { askOnce, startLoad } from "./load.ts";
import type { Cluster, Node } from "./nodes.ts";
import { ACME_JSON, type MadeKey } from "./revocations.ts";

export interface Customer extends MadeKey {
  readonly account: string;
}

export interface Turn {
  readonly method: string;
  readonly path: (customer: Customer) => string;
  readonly body: () => unknown;
  /** What requests are answered from then on. */
  readonly code: string;
  /** At the earliest after its request was sent. */
  readonly holdsAfterMs?: number;
}

export interface Kind {
  readonly name: string;
  /** Beside what every request names. */
  readonly question: Readonly<Record<string, unknown>>;
  /** Carried out one after the other, as often as wanted; before the first the answer is `ok`. */
  readonly turns: readonly Turn[];
}

const onKey =
  (verb = "") =>
  ({ id }: Customer) =>
    `/v1/projects/acme/keys/${id}${verb}`;
const onAccount = ({ account }: Customer) => `/v1/projects/acme/accounts/${account}`;
const onProject = () => "/v1/projects/acme";
const EXPIRES_MS = 150;
const NOTES = { method: "GET", path: "/notes/1" };
const patchKey = (body: unknown, code: string): Turn => ({
  method: "PATCH",
  path: onKey(),
  body: () => body,
  code,
});
const patchAccount = (body: unknown, code: string): Turn => ({
  method: "PATCH",
  path: onAccount,
  body: () => body,
  code,
});
const applied = (file: object, code: string): Turn => ({
  method: "PUT",
  path: onProject,
  body: () => ({ ...ACME_JSON, ...file }),
  code,
});
const [NOTES_ROUTE, ...OTHER_ROUTES] = ACME_JSON.routes;
const ADMINS_ONLY = { routes: [{ ...NOTES_ROUTE, scopes: ["admin"] }, ...OTHER_ROUTES] };
const NO_REPORTS = { plans: { ...ACME_JSON.plans, pro: { features: [] } } };

export const KINDS: readonly Kind[] = [
  {
    name: "disable and enable (B07)",
    question: NOTES,
    turns: [
      { method: "POST", path: onKey("/disable"), body: () => undefined, code: "disabled_key" },
      { method: "POST", path: onKey("/enable"), body: () => undefined, code: "ok" },
    ],
  },
  {
    name: "expiry",
    question: NOTES,
    turns: [
      {
        method: "PATCH",
        path: onKey(),
        body: () => ({ expiresAt: new Date(Date.now() + EXPIRES_MS).toISOString() }),
        code: "expired_key",
        // The body is made a moment after the step is written down.
        holdsAfterMs: EXPIRES_MS + 20,
      },
      patchKey({ expiresAt: null }, "ok"),
    ],
  },
  {
    name: "scopes",
    question: { method: "POST", path: "/notes/1" },
    turns: [
      patchKey({ scopes: ["read"] }, "insufficient_scope"),
      patchKey({ scopes: ["read", "write"] }, "ok"),
    ],
  },
  {
    name: "allowlist",
    question: { ...NOTES, ip: "192.0.2.7" },
    turns: [
      patchKey({ allowedIps: ["198.51.100.0/24"] }, "ip_not_allowed"),
      patchKey({ allowedIps: ["192.0.2.0/24"] }, "ok"),
    ],
  },
  {
    name: "plan",
    question: { method: "GET", path: "/reports/1" },
    turns: [patchAccount({ plan: "free" }, "feature_not_in_plan"), patchAccount({ plan: "pro" }, "ok")],
  },
  {
    name: "suspension",
    question: NOTES,
    turns: [patchAccount({ suspended: true }, "account_suspended"), patchAccount({ suspended: false }, "ok")],
  },
  {
    name: "routes of the project file",
    question: NOTES,
    turns: [applied(ADMINS_ONLY, "insufficient_scope"), applied({}, "ok")],
  },
  {
    name: "plans of the project file",
    question: { method: "GET", path: "/reports/1" },
    turns: [applied(NO_REPORTS, "feature_not_in_plan"), applied({}, "ok")],
  },
];

/** A key of an account of its own, asked for at every node as soon as it is there (B17). */
export async function makeCustomer(cluster: Cluster, history: History, node: Node): Promise<Customer> {
  const { manage, nodes } = cluster;
  const account = (await manage("POST", "/v1/projects/acme/accounts", { name: "Customer" }, node)).id;
  const sentAt = performance.now();
  const body = { account, name: "Key", scopes: ["read", "write"] };
  const { id, key } = await manage("POST", "/v1/projects/acme/keys", body, node);
  history.steps.set(id, [{ code: "ok", sentAt, ackedAt: performance.now() }]);
  const asked = { subject: id, question: { project: "acme", key } };
  await Promise.all(
    nodes.map(async (one) => {
      const line = one.line();
      await askOnce(one, line, asked, history);
      line.close();
    }),
  );
  return { account, id, key };
}

/** `cycles` times through the turns of the kind, each turn by another node. */
export async function changeOften(
  cluster: Cluster,
  history: History,
  kind: Kind,
  cycles: number,
): Promise<void> {
  const { nodes, manage } = cluster;
  const customer = await makeCustomer(cluster, history, nodes[0]!);
  const steps = history.steps.get(customer.id)!;
  const asked = {
    subject: customer.id,
    question: { project: "acme", key: customer.key, ...kind.question },
  };
  const endLoad = startLoad({ nodes, history, linesPerNode: 3, perSecond: 800, next: () => asked });
  for (let turn = 0; turn < cycles * kind.turns.length; turn += 1) {
    const { method, path, body, code, holdsAfterMs = 0 } = kind.turns[turn % kind.turns.length]!;
    const step: Step = { code, sentAt: performance.now(), ackedAt: undefined };
    steps.push(step);
    await manage(method, path(customer), body(), nodes[turn % nodes.length]!);
    step.ackedAt = Math.max(performance.now(), step.sentAt + holdsAfterMs);
    // A few requests have to meet each state.
    await delay(step.ackedAt - performance.now() + 15);
  }
  await endLoad();
}
