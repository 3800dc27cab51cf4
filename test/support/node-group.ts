// Several nodes over one database in the test's own process, each with a folder, a clock and links of its own, and the verbs in few words.
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createAccount } from "../../src/manage/accounts.ts";
import { type CreatedKey, createKey, type NewKey } from "../../src/manage/create-key.ts";
import { applyProject } from "../../src/manage/projects.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Instance, type InstanceOptions, openInstance } from "../../src/open.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import { type Asked, askOver } from "./engine.ts";
import { folderFor } from "./folder.ts";

export const PEPPER = Buffer.alloc(32, 7).toString("base64url");

export interface GroupNode {
  readonly instance: Instance;
  readonly data: string;
  /** What its operator was told. */
  readonly faults: readonly string[];
  /** The verdict in one word. */
  code(text: string, asked?: Asked): Promise<string>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Closed with the test. The project is `acme` everywhere. */
export async function startNode(
  context: TestContext,
  options: Omit<InstanceOptions, "data"> & { readonly data?: string },
): Promise<GroupNode> {
  const data = options.data ?? folderFor(context);
  const faults: string[] = [];
  const onFault = (message: string, error: unknown) => void faults.push(`${message}: ${String(error)}`);
  const instance = await openInstance({ pepper: PEPPER, onFault, ...options, data });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= instance.close();
    return closed;
  };
  context.after(() => close().catch(() => {}));
  return {
    instance,
    data,
    faults,
    code: async (text, asked) => (await askOver(instance, instance.verify, "acme", text, asked)).code,
    close,
  };
}

/** So many nodes alike, and the project on them. */
export async function startGroup(
  context: TestContext,
  count: number,
  options: Omit<InstanceOptions, "data">,
  project: Omit<ProjectFile, "name"> = {},
): Promise<GroupNode[]> {
  const nodes = [];
  for (let made = 0; made < count; made += 1) nodes.push(await startNode(context, options));
  await applyProject(nodes[0]!.instance, LOCAL_CALLER, { file: { name: "acme", ...project } });
  return nodes;
}

/** A key of an account of its own, unless one is named. */
export async function keyOn({ instance }: GroupNode, input: Partial<NewKey> = {}): Promise<CreatedKey> {
  const account = input.account ?? (await createAccount(instance, LOCAL_CALLER, "acme", { name: "One" })).id;
  return createKey(instance, LOCAL_CALLER, "acme", { name: "A key", ...input, account });
}

/** Rejects when it does not come to that in time. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<number> {
  const start = performance.now();
  while (!(await isSo())) {
    if (performance.now() - start > withinMs) throw new Error("it never comes to that");
    await delay(5);
  }
  return performance.now() - start;
}

/** `url` through a link to another port. */
export function through(url: string, { port }: { readonly port: number }): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
