// What becomes of a payment when the upstream's part of a request is over: given back where the upstream is known to have failed,
// settled at what it says. What is not known stays spent (CONTRACTS H5). It may not keep an answer from its client.
import type { Receipt } from "../policy/pot.ts";
import type { Allowed, UsageFacts } from "../policy/verdict.ts";
import { type Field, valuesOf } from "./fields.ts";

export interface SettleParts {
  readonly cashier: {
    refund(receipt: Receipt): Promise<UsageFacts>;
    settle(receipt: Receipt, units: number): Promise<UsageFacts>;
  };
  /** Hears of payments that could not be ended as they should be, and of upstreams that do not say what a request cost. */
  readonly onFault: (message: string, error?: unknown) => void;
}

/** Both give the verdict with what the pots hold afterwards, and never reject. */
export interface Settlements {
  /** The upstream answered; the client has heard nothing yet. */
  answered(verdict: Allowed, status: number, fields: readonly Field[]): Promise<Allowed>;
  /** Nothing of the request was sent to the upstream. */
  unreached(verdict: Allowed): Promise<Allowed>;
}

/** Whether how the request ends makes a difference to what it has paid. */
export function isOpen({ receipt, settlement }: Allowed): boolean {
  return receipt !== undefined && settlement !== undefined;
}

export function createSettlements({ cashier, onFault }: SettleParts): Settlements {
  /** Routes whose upstream was complained of: every request of theirs would say the same. */
  const told = new Set<string>();
  const end = async (verdict: Allowed, units: number, ending: Promise<UsageFacts>): Promise<Allowed> => {
    try {
      return { ...verdict, ...(await ending), cost: units };
    } catch (error) {
      onFault(`what a request has paid could not be settled at ${units} units: ${describe(verdict)}`, error);
      return verdict;
    }
  };
  const refund = async (verdict: Allowed): Promise<Allowed> => {
    const { receipt, settlement } = verdict;
    if (receipt === undefined || settlement === undefined) return verdict;
    return end(verdict, 0, cashier.refund(receipt));
  };
  return {
    unreached: refund,
    async answered(verdict, status, fields) {
      if (status >= 500) return refund(verdict);
      const { receipt, settlement: { settle, max } = {} } = verdict;
      if (receipt === undefined || settle === undefined) return verdict;
      const units = readUnits(valuesOf(fields, settle.toLowerCase()), Math.max(max ?? 0, receipt.units));
      if (units === receipt.units) return verdict;
      if (units !== undefined) return end(verdict, units, cashier.settle(receipt, units));
      const route = `${receipt.project} ${receipt.route}`;
      if (!told.has(route)) onFault(`the upstream of ${route} did not say in ${settle} what a request cost`);
      told.add(route);
      return verdict;
    },
  };
}

/** One line with a whole number of units, `max` at most; `undefined` for anything else. */
function readUnits(values: readonly string[], max: number): number | undefined {
  const [value = ""] = values;
  const units = values.length === 1 && WHOLE.test(value) ? Number(value) : Number.NaN;
  return units <= max ? units : undefined;
}

/** Ten digits say more than any request may cost. */
const WHOLE = /^\d{1,10}$/;

/** Enough to put it right by hand. */
function describe({ receipt }: Allowed): string {
  const { project, account, environment, key, units } = receipt!;
  return `${units} units of account ${account} (${project}, ${environment}), key ${key}`;
}
