// How the adapters reach the engine behind a Claviger that was opened; nobody else can. It opens nothing.
import { createSettlements, type Settlements } from "../gateway/settle.ts";
import type { Instance } from "../open.ts";
import type { Claviger } from "./claviger.ts";

export interface Engine extends Pick<Instance, "clock" | "directory" | "limiter" | "verify"> {
  readonly settlements: Settlements;
}

const engines = new WeakMap<Claviger, Engine>();

export function attachEngine(
  claviger: Claviger,
  instance: Instance,
  onFault: (message: string, error?: unknown) => void,
): void {
  const { clock, directory, limiter, verify, cashier } = instance;
  const settlements = createSettlements({ cashier, onFault });
  engines.set(claviger, { clock, directory, limiter, verify, settlements });
}

/** Throws for anything that `open` has not made: a server cannot be asked in a project's own words. */
export function engineOf(claviger: Claviger): Engine {
  const engine = engines.get(claviger);
  if (engine === undefined) throw new TypeError("Middleware needs what open() has answered.");
  return engine;
}
