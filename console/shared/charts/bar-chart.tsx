// Columns of parts over days, as SVG; the same numbers stand in a table for whoever cannot see it.
import { Button } from "@mantine/core";
import { useEffect, useId, useRef, useState } from "react";
import { dayOf } from "../pieces/time.ts";
import { type Column, type Series, ticks } from "./series.ts";

interface BarChartProps {
  readonly series: Series;
  /** What is counted, such as `Requests by day`. */
  readonly title: string;
  /** How a part is called. */
  readonly label?: (name: string) => string;
  /** Which colour a part has: 0 to 6; by its place when absent. */
  readonly tone?: (name: string, index: number) => string;
}

const HEIGHT = 220;
const LEFT = 46;
const BOTTOM = 24;
const TOP = 10;

const plainTone = (_: string, index: number): string => `tone-${index}`;

export function BarChart({ series, title, label = (name) => name, tone = plainTone }: BarChartProps) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  return (
    <div className="stack stack-small">
      {isTable ? (
        <DataTable series={series} title={title} label={label} id={id} />
      ) : (
        <Drawing series={series} title={title} label={label} tone={tone} />
      )}
      <div className="row row-between">
        <ul className="legend-list">
          {series.names.map((name, index) => (
            <li key={name}>
              <span className={`dot ${tone(name, index)}`} />
              {label(name)}
            </li>
          ))}
        </ul>
        <Button variant="subtle" size="compact-sm" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? "Show chart" : "Show numbers"}
        </Button>
      </div>
    </div>
  );
}

type DrawingProps = Required<BarChartProps>;

function Drawing({ series, title, label, tone }: DrawingProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [at, setAt] = useState<number | undefined>(undefined);
  const marks = ticks(Math.max(...series.columns.map(({ total }) => total)));
  const highest = marks.at(-1) ?? 1;
  const slot = (width - LEFT) / series.columns.length;
  const y = (count: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - count / highest);
  const sum = series.columns.reduce((total, column) => total + column.total, 0);
  const shown = at === undefined ? undefined : series.columns[at];
  return (
    <div className="chart" ref={frame}>
      <svg
        role="img"
        aria-label={`${title}: ${sum.toLocaleString("en")} in ${series.columns.length} days. The numbers stand in the table.`}
        width={width}
        height={HEIGHT}
        onPointerLeave={() => setAt(undefined)}
      >
        {marks.map((mark) => (
          <g key={mark}>
            <line className="chart-line" x1={LEFT} x2={width} y1={y(mark)} y2={y(mark)} />
            <text className="chart-text" x={LEFT - 10} y={y(mark) + 4} textAnchor="end">
              {short(mark)}
            </text>
          </g>
        ))}
        {series.columns.map((column, index) => (
          <g key={column.at} onPointerEnter={() => setAt(index)}>
            <rect
              className="chart-slot"
              x={LEFT + index * slot}
              y={0}
              width={slot}
              height={HEIGHT - BOTTOM}
            />
            <Bar column={column} names={series.names} x={LEFT + index * slot} slot={slot} y={y} tone={tone} />
          </g>
        ))}
        <DayLabels columns={series.columns} slot={slot} />
      </svg>
      {sum === 0 && <p className="chart-none">Nothing was counted in this time</p>}
      {shown !== undefined && (
        <Tip
          column={shown}
          names={series.names}
          label={label}
          isLeft={(at ?? 0) > series.columns.length / 2}
        />
      )}
    </div>
  );
}

interface BarProps {
  readonly column: Column;
  readonly names: readonly string[];
  readonly x: number;
  readonly slot: number;
  readonly y: (count: number) => number;
  readonly tone: (name: string, index: number) => string;
}

const MAX_BAR_WIDTH = 26;

function Bar({ column, names, x, slot, y, tone }: BarProps) {
  const width = Math.max(2, Math.min(MAX_BAR_WIDTH, slot * 0.68));
  let below = 0;
  return names.map((name, index) => {
    const count = column.parts.get(name) ?? 0;
    if (count === 0) return null;
    const top = y(below + count);
    const height = Math.max(1, y(below) - top);
    below += count;
    return (
      <rect
        key={name}
        className={`chart-bar ${tone(name, index)}`}
        x={x + (slot - width) / 2}
        y={top}
        width={width}
        height={height}
        rx={2}
      />
    );
  });
}

function DayLabels({ columns, slot }: { readonly columns: readonly Column[]; readonly slot: number }) {
  const every = Math.max(1, Math.ceil(72 / slot));
  return columns.map(({ at }, index) =>
    (columns.length - 1 - index) % every === 0 && LEFT + index * slot > 20 ? (
      <text
        key={at}
        className="chart-text"
        x={LEFT + (index + 0.5) * slot}
        y={HEIGHT - 6}
        textAnchor={index === columns.length - 1 && slot < 40 ? "end" : "middle"}
      >
        {dayOf(at).replace(/ \d{4}$/, "")}
      </text>
    ) : null,
  );
}

interface TipProps {
  readonly column: Column;
  readonly names: readonly string[];
  readonly label: (name: string) => string;
  readonly isLeft: boolean;
}

/** For the eyes only; readers have the table. */
function Tip({ column, names, label, isLeft }: TipProps) {
  return (
    <div className={`chart-tip ${isLeft ? "chart-tip-left" : ""}`} aria-hidden="true">
      <strong>{dayOf(column.at)}</strong>
      {names
        .filter((name) => column.parts.has(name))
        .map((name) => (
          <div className="row row-between" key={name}>
            <span>{label(name)}</span>
            <span className="number">{(column.parts.get(name) ?? 0).toLocaleString("en")}</span>
          </div>
        ))}
      {column.total === 0 && <span className="muted">Nothing</span>}
    </div>
  );
}

interface DataTableProps extends Required<Pick<BarChartProps, "series" | "title" | "label">> {
  readonly id: string;
}

function DataTable({ series, title, label, id }: DataTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className="table-wrap chart-table" tabIndex={0} aria-labelledby={id}>
      <table className="table table-plain">
        <caption className="hidden" id={id}>
          {title}
        </caption>
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            {series.names.map((name) => (
              <th scope="col" key={name} className="cell-end">
                {label(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.columns.map(({ at, parts }) => (
            <tr key={at}>
              <td data-label="Day">{dayOf(at)}</td>
              {series.names.map((name) => (
                <td key={name} data-label={label(name)} className="cell-end number">
                  {(parts.get(name) ?? 0).toLocaleString("en")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const short = (count: number): string => compact.format(count);
