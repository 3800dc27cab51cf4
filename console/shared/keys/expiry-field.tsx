// When a key ends: a choice, and the moment that it means.
import { NativeSelect, TextInput } from "@mantine/core";
import { absoluteTime, DAY_MS } from "../pieces/time.ts";
import { CUSTOM, type ExpiryRule, expiryChoices, expiryMoment } from "./expiry.ts";

interface ExpiryFieldProps {
  readonly rule: ExpiryRule;
  readonly choice: string;
  readonly customDay: string;
  readonly onChoice: (choice: string) => void;
  readonly onCustomDay: (day: string) => void;
  readonly problem?: string | undefined;
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function ExpiryField({ rule, choice, customDay, onChoice, onCustomDay, problem }: ExpiryFieldProps) {
  const nowMs = Date.now();
  const moment = expiryMoment(choice, customDay, nowMs);
  const last = rule.maxExpiryDays === null ? undefined : isoDay(nowMs + rule.maxExpiryDays * DAY_MS);
  return (
    <div className="stack stack-small">
      <NativeSelect
        label="Expires"
        data={expiryChoices(rule)}
        value={choice}
        onChange={({ currentTarget }) => onChoice(currentTarget.value)}
        error={choice === CUSTOM ? undefined : problem}
      />
      {choice === CUSTOM && (
        <TextInput
          type="date"
          label="Last day (UTC)"
          min={isoDay(nowMs + DAY_MS)}
          max={last}
          value={customDay}
          onChange={({ currentTarget }) => onCustomDay(currentTarget.value)}
          error={problem}
        />
      )}
      <p className="muted small">{endInWords(moment)}</p>
    </div>
  );
}

function endInWords(moment: string | null | undefined): string {
  if (moment === undefined) return "Choose a day in the future.";
  if (moment === null) return "A key that never ends stays dangerous when it leaks. Rotate it yourself.";
  return `Ends ${absoluteTime(moment)}.`;
}
