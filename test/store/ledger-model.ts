// A model of the ledger for one account, as plain as the words of the contract: it copies everything before each entry and goes back to
// the copy when the entry cannot be paid. It shares no code with the ledger.
import { type Balance, type Draw, MAX_BALANCE, type Part } from "../../src/policy/pot.ts";
import type { LedgerAnswer, LedgerEntry } from "../../src/store/ledger.ts";

interface ModelHold {
  readonly environment: string;
  readonly draws: readonly Draw[];
  readonly held: number;
  readonly expiresAt: number;
  parts: Part[];
  settled?: number;
}

interface State {
  /** `environment period` → units. */
  used: Map<string, number>;
  over: Map<string, number>;
  /** When they expire → units; Infinity for never. */
  lots: Map<number, number>;
  holds: Map<string, ModelHold>;
}

export class LedgerModel {
  state: State = { used: new Map(), over: new Map(), lots: new Map(), holds: new Map() };

  grant(units: number, expiresAt: number | null): void {
    add(this.state.lots, expiresAt ?? Infinity, units);
  }

  /** Whether there was enough. */
  take(units: number, at: number): boolean {
    return this.#whole(() => this.#takeCredits(units, at).length > 0 && this.#left === 0);
  }

  writeOff(now: number): void {
    for (const expiresAt of this.state.lots.keys()) if (expiresAt <= now) this.state.lots.delete(expiresAt);
  }

  balance(environment: string, asked: number, at: number): Balance {
    const period = this.#period(environment, asked);
    const credits = this.#live(at).reduce((sum, [, units]) => sum + units, 0);
    const name = `${environment} ${period}`;
    return { period, used: this.state.used.get(name) ?? 0, over: this.state.over.get(name) ?? 0, credits };
  }

  post(entry: LedgerEntry): LedgerAnswer {
    if (entry.kind === "settle") return this.#settle(entry.hold, entry.units, entry.at);
    const { environment, at } = entry;
    if (entry.kind === "give-back") {
      const parts = entry.parts
        .map((part) => this.#giveBack(environment, part))
        .filter(({ units }) => units > 0);
      return { done: true, parts, balance: this.balance(environment, 0, at) };
    }
    const parts: Part[] = [];
    const isPaid = this.#pay(environment, entry.draws, entry.units, at, parts);
    const balance = this.balance(environment, askedOf(entry.draws), at);
    if (!isPaid) return { done: false, reason: "unpaid", balance };
    if (entry.hold !== undefined) {
      const { draws, units: held } = entry;
      this.state.holds.set(entry.hold.id, {
        environment,
        draws,
        held,
        parts,
        expiresAt: entry.hold.expiresAt,
      });
    }
    return { done: true, parts, balance };
  }

  #settle(id: string, units: number, at: number): LedgerAnswer {
    const hold = this.state.holds.get(id);
    if (hold === undefined) return { done: false, reason: "not_found" };
    const { environment, draws } = hold;
    if (hold.settled !== undefined && hold.settled !== units) return { done: false, reason: "closed" };
    if (hold.settled === undefined && hold.expiresAt <= at) return { done: false, reason: "expired" };
    if (hold.settled === undefined) {
      const parts = [...hold.parts];
      const isPaid =
        units > hold.held
          ? this.#pay(environment, draws, units - hold.held, at, parts)
          : this.#unpay(environment, hold.held - units, parts);
      const balance = this.balance(environment, askedOf(draws), at);
      if (!isPaid) return { done: false, reason: "unpaid", balance };
      hold.parts = parts;
      hold.settled = units;
    }
    return { done: true, parts: hold.parts, balance: this.balance(environment, askedOf(draws), at) };
  }

  /** Unit by unit from the end. */
  #unpay(environment: string, units: number, parts: Part[]): boolean {
    for (let left = units; left > 0; left -= 1) {
      const last = parts.pop()!;
      const one =
        last.pot === "allowance"
          ? { ...last, units: 1, over: Math.min(1, last.over) }
          : { ...last, units: 1 };
      this.#giveBack(environment, one);
      if (last.units === 1) continue;
      const units = last.units - 1;
      parts.push(
        last.pot === "allowance" ? { ...last, units, over: Math.max(0, last.over - 1) } : { ...last, units },
      );
    }
    return true;
  }

  #giveBack(environment: string, part: Part): Part {
    if (part.pot === "credits") {
      add(this.state.lots, part.expiresAt ?? Infinity, part.units);
      return part;
    }
    const name = `${environment} ${part.period}`;
    const units = Math.min(part.units, this.state.used.get(name) ?? 0);
    const over = Math.min(units, this.state.over.get(name) ?? 0);
    if (units > 0) add(this.state.used, name, -units);
    if (over > 0) add(this.state.over, name, -over);
    return { ...part, units, over };
  }

  #left = 0;

  /** Adds what each pot paid to `parts`, neighbours of one pot as one. */
  #pay(environment: string, draws: readonly Draw[], units: number, at: number, parts: Part[]): boolean {
    this.#left = units;
    return this.#whole(() => {
      const found: Part[] = [];
      for (const draw of draws) {
        if (draw.pot === "credits") found.push(...this.#takeCredits(this.#left, at));
        else found.push(...this.#takeAllowance(environment, draw, false));
      }
      for (const draw of draws)
        if (draw.pot === "allowance") found.push(...this.#takeAllowance(environment, draw, true));
      if (this.#left > 0) return false;
      for (const part of found) join(parts, part);
      return true;
    });
  }

  #takeAllowance(environment: string, draw: Draw & { pot: "allowance" }, isOver: boolean): Part[] {
    const period = this.#period(environment, draw.period);
    const name = `${environment} ${period}`;
    const used = this.state.used.get(name) ?? 0;
    const over = this.state.over.get(name) ?? 0;
    const room = isOver ? (draw.overage ?? MAX_BALANCE) - over : (draw.limit ?? MAX_BALANCE) - used;
    const units = Math.max(0, Math.min(room, this.#left, MAX_BALANCE - used));
    if (units === 0) return [];
    this.#left -= units;
    add(this.state.used, name, units);
    if (isOver) add(this.state.over, name, units);
    return [{ pot: "allowance", period, units, over: isOver ? units : 0 }];
  }

  #takeCredits(wanted: number, at: number): Part[] {
    this.#left = wanted;
    const parts: Part[] = [];
    for (const [expiry, there] of this.#live(at)) {
      const units = Math.min(there, this.#left);
      if (units === 0) continue;
      this.#left -= units;
      add(this.state.lots, expiry, -units);
      parts.push({ pot: "credits", expiresAt: expiry === Infinity ? null : expiry, units });
    }
    return parts;
  }

  /** Soonest first. */
  #live(at: number): [number, number][] {
    return [...this.state.lots].filter(([expiry]) => expiry > at).sort(([one], [other]) => one - other);
  }

  #period(environment: string, asked: number): number {
    const begun = [...this.state.used.keys()].flatMap((name) => {
      const [of, period] = name.split(" ");
      return of === environment ? [Number(period)] : [];
    });
    return Math.max(asked, ...begun);
  }

  #whole(work: () => boolean): boolean {
    const before = structuredClone(this.state);
    const isDone = work();
    if (!isDone) this.state = before;
    return isDone;
  }
}

function askedOf(draws: readonly Draw[]): number {
  for (const draw of draws) if (draw.pot === "allowance") return draw.period;
  return 0;
}

function add<Name>(sums: Map<Name, number>, name: Name, units: number): void {
  sums.set(name, (sums.get(name) ?? 0) + units);
}

function join(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (last?.pot === "allowance" && part.pot === "allowance" && last.period === part.period)
    parts[parts.length - 1] = { ...part, units: last.units + part.units, over: last.over + part.over };
  else if (last?.pot === "credits" && part.pot === "credits" && last.expiresAt === part.expiresAt)
    parts[parts.length - 1] = { ...part, units: last.units + part.units };
  else parts.push(part);
}
