// A project's accent made readable: every pair of colours that text is set in has a contrast of at least 4.5 (WCAG 1.4.3),
// every filled control stands out from its page by 3 (1.4.11). Pure.

export interface AccentColours {
  readonly fill: string;
  readonly fillHover: string;
  /** Text on `fill`. */
  readonly onFill: string;
  /** Text and icons on the page, on `soft` and on hovered rows. */
  readonly text: string;
  readonly soft: string;
  readonly softHover: string;
}

export interface Accent {
  readonly light: AccentColours;
  readonly dark: AccentColours;
}

type Rgb = readonly [number, number, number];

const TEXT_CONTRAST = 4.5;
/** On dark pages coloured text has to be brighter than grey text to be seen as the chosen one. */
const DARK_TEXT_CONTRAST = 6.5;
const CONTROL_CONTRAST = 3;
/** An accent as dark as a dark page is turned around there: nearly white instead of a dull grey. */
const BARELY_SEEN = 1.5;
const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [17, 19, 24];
/** The surfaces of base.css that are hardest to be read on. */
const LIGHT_PAGE: Rgb = [246, 247, 249];
const DARK_PAGE: Rgb = [29, 32, 38];

export const DEFAULT_ACCENT = "#2d5bd7";

/** From `#rrggbb`; what is no such colour counts as the default. */
export function makeAccent(hex: string | undefined): Accent {
  const colour = parseHex(hex ?? "") ?? (parseHex(DEFAULT_ACCENT) as Rgb);
  const inDark = contrast(colour, DARK_PAGE) < BARELY_SEEN ? mix(colour, WHITE, 0.9) : colour;
  return {
    light: shades(colour, LIGHT_PAGE, INK, TEXT_CONTRAST),
    dark: shades(inDark, DARK_PAGE, WHITE, DARK_TEXT_CONTRAST),
  };
}

/** `away` is the end of the scale that stands out from the page. */
function shades(colour: Rgb, page: Rgb, away: Rgb, textContrast: number): AccentColours {
  const fill = towards(colour, away, (tried) => contrast(tried, page) >= CONTROL_CONTRAST);
  const onFill = contrast(WHITE, fill) >= TEXT_CONTRAST ? WHITE : INK;
  const readableFill = towards(fill, onFill === WHITE ? INK : WHITE, (tried) => {
    return contrast(onFill, tried) >= TEXT_CONTRAST;
  });
  const soft = mix(page, readableFill, 0.12);
  const text = towards(colour, away, (tried) => {
    return contrast(tried, soft) >= textContrast && contrast(tried, page) >= textContrast;
  });
  return {
    fill: toHex(readableFill),
    fillHover: toHex(mix(readableFill, onFill === WHITE ? INK : WHITE, 0.12)),
    onFill: toHex(onFill),
    text: toHex(text),
    soft: toHex(soft),
    softHover: toHex(mix(page, readableFill, 0.18)),
  };
}

function towards(from: Rgb, end: Rgb, isGood: (tried: Rgb) => boolean): Rgb {
  for (let part = 0; part < 1; part += 0.04) {
    const tried = mix(from, end, part);
    if (isGood(tried)) return tried;
  }
  return end;
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * part);
  return [channel(0), channel(1), channel(2)];
}

function parseHex(hex: string): Rgb | undefined {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex)?.[1];
  if (digits === undefined) return undefined;
  const at = (index: number) => Number.parseInt(digits.slice(index, index + 2), 16);
  return [at(0), at(2), at(4)];
}

function toHex(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** WCAG 2.2, relative luminance and contrast ratio. */
export function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
