// Opens Claviger in this process. While it is open it keeps its books, as a server does; it listens nowhere and handles no signal.
import { ClavigerError } from "../base/errors.ts";
import { type Instance, type InstanceOptions, openInstance } from "../open.ts";
import { startUpkeep } from "../upkeep.ts";
import type { Claviger } from "./claviger.ts";
import { attachEngine } from "./engine.ts";
import { closed, codedFault } from "./faults.ts";
import { verbsOf } from "./verbs.ts";

export interface OpenOptions extends Omit<InstanceOptions, "data" | "remembersRequests"> {
  /** The folder of the embedded store and of the pepper; `data` in the working directory when absent. */
  readonly data?: string | undefined;
}

/**
 * The embedded store belongs to one process: a second one that opens the folder is refused. Throws ClavigerError `store_unavailable`
 * with the reason in words. The process stays alive until `close`, which also writes the usage that is not written yet.
 */
export async function open(options: OpenOptions = {}): Promise<Claviger> {
  const { data = "data", onFault = warn } = options;
  const instance = await openInstance({ ...options, data, onFault, remembersRequests: false }).catch(
    (error) => {
      throw codedFault(error);
    },
  );
  const stopUpkeep = startUpkeep(instance, onFault);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stopUpkeep().then(() => instance.close());
    return closing;
  };
  const guarded: Instance = {
    ...instance,
    // A key in memory would be answered without the store.
    verify: (question) => {
      if (closing !== undefined) throw closed();
      return instance.verify(question);
    },
  };
  const claviger: Claviger = { ...verbsOf(guarded), close, [Symbol.asyncDispose]: close };
  attachEngine(claviger, guarded, (message, error) => onFault(message, error));
  return claviger;
}

/** Faults that no caller is told in full go to standard error, as Node's own warnings do. */
function warn(message: string, error: unknown): void {
  const detail = error instanceof ClavigerError ? (error.internal ?? error.message) : String(error ?? "");
  process.emitWarning(message, { type: "ClavigerWarning", detail });
}
