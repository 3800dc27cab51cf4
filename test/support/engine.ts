// An engine without a way in: an instance over a temporary folder, a clock that stands still, and the verbs in few words.
import type { TestContext } from "node:test";
import { type Clock, fixedClock } from "../../src/base/clock.ts";
import { createAccount, type NewAccount } from "../../src/manage/accounts.ts";
import { type CreatedKey, createKey, type NewKey } from "../../src/manage/create-key.ts";
import type { AccountDescription } from "../../src/manage/describe.ts";
import { type AppliedProject, applyProject } from "../../src/manage/projects.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Instance, openInstance } from "../../src/open.ts";
import type { Verdict } from "../../src/policy/verdict.ts";
import { BUILTIN_PROJECT } from "../../src/project/builtin.ts";
import { loadProjectText } from "../../src/project/load.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import type { Store } from "../../src/store/contract.ts";
import { openDirectory } from "../../src/store/directory.ts";
import { createCashier } from "../../src/verify/cashier.ts";
import { createFailures } from "../../src/verify/failures.ts";
import { createLedgerQueue } from "../../src/verify/ledger-queue.ts";
import type { Question } from "../../src/verify/question.ts";
import { createVerify, type Verify } from "../../src/verify/verify.ts";
import { folderFor } from "./folder.ts";

/** 2026-11-21T12:00:00Z. */
export const START = Date.parse("2026-11-21T12:00:00Z");

/** What a test says of a question beside the project and the key. */
export type Asked = Omit<Question, "project" | "credential">;

export interface Engine {
  readonly data: string;
  readonly clock: Clock & { set(at: number): void };
  /** Another one after `reopen`. */
  readonly instance: Instance;
  apply(file: ProjectFile | string): Promise<AppliedProject>;
  account(project: string, input?: Partial<NewAccount>): Promise<AccountDescription>;
  /** A key of a fresh account unless one is named. */
  key(project: string, input?: Partial<NewKey>): Promise<CreatedKey>;
  ask(project: string, text: string, asked?: Asked): Promise<Verdict>;
  /** The verdict in one word. */
  code(project: string, text: string, asked?: Asked): Promise<string>;
  reopen(): Promise<void>;
}

export interface EngineOptions {
  readonly pepper?: string;
  /** Applied first; `acme` with nothing but its name when there are none. */
  readonly projects?: readonly (ProjectFile | string)[];
}

const ACME: ProjectFile = { name: "acme" };

export async function engineFor(context: TestContext, options: EngineOptions = {}): Promise<Engine> {
  const data = folderFor(context);
  const clock = fixedClock(START);
  const open = () => openInstance({ data, clock, pepper: options.pepper });
  let instance = await open();
  context.after(() => instance.close());
  const account: Engine["account"] = (project, input = {}) =>
    createAccount(instance, LOCAL_CALLER, project, { name: "An account", ...input });
  const ask: Engine["ask"] = (project, text, asked) =>
    askOver(instance, instance.verify, project, text, asked);
  const engine: Engine = {
    data,
    clock,
    get instance() {
      return instance;
    },
    apply: (file) =>
      applyProject(
        instance,
        LOCAL_CALLER,
        typeof file === "string" ? loadProjectText(file, "test.yaml") : { file },
      ),
    account,
    key: async (project, input = {}) =>
      createKey(instance, LOCAL_CALLER, project, {
        name: "A key",
        ...input,
        account: input.account ?? (await account(project)).id,
      }),
    ask,
    code: async (project, text, asked) => (await ask(project, text, asked)).code,
    async reopen() {
      await instance.close();
      instance = await open();
    },
  };
  for (const file of options.projects ?? [ACME]) await engine.apply(file);
  return engine;
}

/** Asks `verify` about one key of a project of `instance`. */
export async function askOver(
  { directory }: Pick<Instance, "directory">,
  verify: Verify,
  project: string,
  text: string,
  asked: Asked = {},
): Promise<Verdict> {
  const served = directory.project(project);
  if (served === undefined) throw new Error(`no project ${project}`);
  return verify({ ...asked, project: served, credential: { kind: "key", text } });
}

/** A second engine, with nothing in memory yet, over the same data through another store. */
export interface SecondReader {
  readonly verify: Verify;
  readonly directory: Instance["directory"];
  readonly faults: unknown[];
  ask(project: string, text: string, asked?: Asked): Promise<Verdict>;
}

/** `store` stands between the second engine and the records of the first, one that misbehaves. */
export async function readerOver(engine: Engine, store: Store): Promise<SecondReader> {
  const { clock, pepper, limiter, usage } = engine.instance;
  const faults: unknown[] = [];
  const directory = await openDirectory(store, [BUILTIN_PROJECT], {
    onBroken: (_name, error) => faults.push(error),
  });
  const verify = createVerify({
    clock,
    directory,
    peppers: [pepper],
    limiter,
    cashier: createCashier(engine.instance.store, createLedgerQueue(store, clock), clock, usage),
    usage,
    failures: createFailures(clock),
    onFault: (error) => faults.push(error),
  });
  return {
    verify,
    directory,
    faults,
    ask: (project, text, asked) => askOver({ directory }, verify, project, text, asked),
  };
}
