// Who or what counts most: a short table with bars.
import type { UsageLine } from "../api/shapes.ts";
import { Meter } from "../pieces/meter.tsx";

export interface Rank {
  readonly name: string;
  readonly requests: number;
  readonly units: number;
}

/** Sums of the lines by name, most requests first. Pure. */
export function rankLines(lines: readonly UsageLine[], nameOf: (line: UsageLine) => string): Rank[] {
  const ranks = new Map<string, Rank>();
  for (const line of lines) {
    const name = nameOf(line);
    const before = ranks.get(name) ?? { name, requests: 0, units: 0 };
    ranks.set(name, {
      name,
      requests: before.requests + line.requests,
      units: before.units + line.units,
    });
  }
  return [...ranks.values()].sort((one, other) => other.requests - one.requests);
}

interface RankTableProps {
  /** What a row is, such as `Key`. */
  readonly of: string;
  readonly rows: readonly Rank[];
  readonly label: (name: string) => string;
  readonly note?: (name: string) => string;
  readonly isCode?: boolean;
  readonly limit?: number;
}

export function RankTable({ of: kind, rows, label, note, isCode = false, limit = 8 }: RankTableProps) {
  const highest = rows[0]?.requests ?? 1;
  return (
    <div className="table-wrap">
      <table className="table">
        <caption className="hidden">{kind}, most requests first</caption>
        <thead>
          <tr>
            <th scope="col">{kind}</th>
            <th scope="col" className="cell-end">
              Requests
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map(({ name, requests }) => (
            <tr key={name}>
              <td data-label={kind}>
                <div className="stack stack-tiny rank">
                  {isCode ? <code>{label(name)}</code> : <span>{label(name)}</span>}
                  {note !== undefined && <span className="muted small">{note(name)}</span>}
                  <Meter
                    label={`${label(name)} beside the highest`}
                    value={requests}
                    of={highest}
                    kind="plain"
                  />
                </div>
              </td>
              <td data-label="Requests" className="cell-end number">
                {requests.toLocaleString("en")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
