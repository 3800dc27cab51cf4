// Many callers that ask for the same limited key at all nodes at once; how many were admitted.
import type { Cluster } from "./nodes.ts";
import type { MadeKey } from "./revocations.ts";

/** A window so long that next to nothing comes back within a test. */
const project = (limit: number) => ({
  name: "limited",
  keys: { format: "limited_{env}_{secret:32}" },
  limits: { day: { rate: limit, windowSeconds: 86_400, per: "account" } },
});

/** Answers how to make a key with a limit of its own. */
export async function makeLimited({ manage }: Cluster, limit: number): Promise<() => Promise<MadeKey>> {
  await manage("PUT", "/v1/projects/limited", project(limit));
  return async () => {
    const { id: account } = await manage("POST", "/v1/projects/limited/accounts", { name: "Caller" });
    return manage("POST", "/v1/projects/limited/keys", { account, name: "Key" });
  };
}

export interface Admissions {
  readonly admitted: number;
  readonly refused: number;
  /** By node. */
  readonly byNode: readonly number[];
}

/** `calls` at all nodes in turn, so many at once; `onAnswer` hears how many have been answered. */
export async function callAtOnce(
  { nodes }: Cluster,
  { key }: MadeKey,
  calls: number,
  callers: number,
  onAnswer?: (answered: number) => void,
): Promise<Admissions> {
  const byNode = nodes.map(() => 0);
  let [left, refused, answered] = [calls, 0, 0];
  const call = async (index: number): Promise<void> => {
    const line = nodes[index]!.line();
    while (left-- > 0) {
      const { status, body } = await line.ask({
        method: "POST",
        path: "/v1/verify",
        body: { project: "limited", key },
      });
      if (status !== 200) throw new Error(`${status} ${body}`);
      const { code } = JSON.parse(body);
      if (code === "ok") byNode[index]! += 1;
      else if (code === "rate_exceeded") refused += 1;
      else throw new Error(`the verdict is ${code}`);
      answered += 1;
      onAnswer?.(answered);
    }
    line.close();
  };
  await Promise.all(Array.from({ length: callers }, (_, index) => call(index % nodes.length)));
  return { admitted: byNode.reduce((sum, one) => sum + one, 0), refused, byNode };
}
