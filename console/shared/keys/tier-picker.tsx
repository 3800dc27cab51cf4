// Chooses a tier: cards that say which scopes it brings.
import type { TierFacts } from "../api/shapes.ts";

interface TierPickerProps {
  readonly tiers: readonly TierFacts[];
  readonly chosen: string;
  readonly onChange: (tier: string) => void;
}

export function TierPicker({ tiers, chosen, onChange }: TierPickerProps) {
  return (
    <fieldset className="fieldset">
      <legend className="legend">Tier</legend>
      <div className="choices">
        {tiers.map(({ name, title, scopes }) => (
          <label className="choice" key={name}>
            <input
              type="radio"
              name="tier"
              value={name}
              checked={chosen === name}
              onChange={() => onChange(name)}
            />
            <span className="stack stack-small">
              <strong>{title ?? name}</strong>
              <span className="chips">
                {scopes.map((scope) => (
                  <code className="chip" key={scope}>
                    {scope}
                  </code>
                ))}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
