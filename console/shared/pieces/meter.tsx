// How full something is, as a bar with its value for readers. SVG, because a width in a style attribute is no rule.
interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly of: number;
  /** `plain` says nothing about what is full. */
  readonly kind?: "plain" | "limit";
}

const NEAR = 0.8;

export function Meter({ label, value, of: whole, kind = "limit" }: MeterProps) {
  const part = whole === 0 ? 1 : Math.min(1, value / whole);
  const alarm = kind === "plain" ? "meter-thin" : part >= 1 ? "meter-bad" : part >= NEAR ? "meter-warn" : "";
  return (
    <div className={`meter ${alarm}`}>
      <svg
        className="meter-bar"
        role="img"
        aria-label={`${label}: ${Math.round(part * 100)} %`}
        viewBox="0 0 100 1"
        preserveAspectRatio="none"
      >
        <rect width={part * 100} height={1} />
      </svg>
    </div>
  );
}
