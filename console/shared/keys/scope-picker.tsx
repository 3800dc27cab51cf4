// Chooses scopes: grouped, nothing chosen by default but what the project gives, and told in words before the key exists.
import { Button, Checkbox } from "@mantine/core";
import type { ScopeFacts } from "../api/shapes.ts";
import { everything, groupScopes, impliedBy, isAll, readOnly } from "./scopes.ts";

interface ScopePickerProps {
  readonly scopes: readonly ScopeFacts[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
  readonly problem?: string | undefined;
}

export function ScopePicker({ scopes, chosen, onChange, problem }: ScopePickerProps) {
  const all = scopes.find(isAll);
  const isEverything = all !== undefined && chosen.includes(all.name);
  const implied = impliedBy(scopes, chosen);
  const toggle = (name: string): void =>
    onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]);
  return (
    <fieldset className="fieldset">
      <div className="row row-between">
        <legend className="legend">What the key may do</legend>
        <Presets scopes={scopes} onChange={onChange} />
      </div>
      {!isEverything && (
        <div className="scope-groups">
          {groupScopes(scopes).map(({ title, scopes: members }) => (
            <div className="scope-group" key={title}>
              {title !== "Scopes" && <h3>{title}</h3>}
              {members.map((scope) => (
                <ScopeRow
                  key={scope.name}
                  scope={scope}
                  isChosen={chosen.includes(scope.name)}
                  from={implied.get(scope.name)}
                  onToggle={() => toggle(scope.name)}
                />
              ))}
            </div>
          ))}
        </div>
      )}
      {all !== undefined && <FullAccess scope={all} isOn={isEverything} onChange={onChange} />}
      <p className={problem === undefined ? "muted small" : "problem small"} role="status">
        {problem ?? inWords(scopes, chosen, implied)}
      </p>
    </fieldset>
  );
}

interface ScopeRowProps {
  readonly scope: ScopeFacts;
  readonly isChosen: boolean;
  readonly from: string | undefined;
  readonly onToggle: () => void;
}

/** What another scope brings along is shown as on, and says by which. */
function ScopeRow({ scope, isChosen, from, onToggle }: ScopeRowProps) {
  const isImplied = !isChosen && from !== undefined;
  return (
    <Checkbox
      className="scope-row"
      size="sm"
      checked={isChosen || isImplied}
      aria-disabled={isImplied || undefined}
      onChange={isImplied ? () => undefined : onToggle}
      label={
        <span className="scope-label">
          <code>{scope.name}</code>
          {isImplied && <span className="badge badge-plain">with {from}</span>}
        </span>
      }
      description={scope.description ?? undefined}
    />
  );
}

interface PresetsProps {
  readonly scopes: readonly ScopeFacts[];
  readonly onChange: (chosen: string[]) => void;
}

function Presets({ scopes, onChange }: PresetsProps) {
  const reading = readOnly(scopes);
  return (
    <div className="row row-tight">
      {reading.length > 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => onChange(reading)}>
          Read only
        </Button>
      )}
      <Button variant="subtle" size="compact-sm" onClick={() => onChange(everything(scopes))}>
        All
      </Button>
      <Button variant="subtle" size="compact-sm" onClick={() => onChange([])}>
        None
      </Button>
    </div>
  );
}

interface FullAccessProps {
  readonly scope: ScopeFacts;
  readonly isOn: boolean;
  readonly onChange: (chosen: string[]) => void;
}

function FullAccess({ scope, isOn, onChange }: FullAccessProps) {
  return (
    <Checkbox
      className="scope-all"
      checked={isOn}
      onChange={() => onChange(isOn ? [] : [scope.name])}
      label="Full access"
      description={`${scope.description ?? "Everything"}. Whoever finds such a key can do all of it: prefer the scopes above.`}
    />
  );
}

function inWords(
  scopes: readonly ScopeFacts[],
  chosen: readonly string[],
  implied: ReadonlyMap<string, string>,
): string {
  if (chosen.length === 0)
    return "Choose at least one. The fewer a key has, the less it can do in wrong hands.";
  if (scopes.some((scope) => isAll(scope) && chosen.includes(scope.name)))
    return "This key may do everything, and whatever is added later.";
  const granted = new Set([...chosen, ...implied.keys()]);
  const refused = scopes.filter((scope) => !isAll(scope) && !granted.has(scope.name));
  if (refused.length === 0) return "This key may do everything there is today.";
  const names = refused.slice(0, 4).map(({ name }) => name);
  const rest = refused.length - names.length;
  return `This key may not use ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}
