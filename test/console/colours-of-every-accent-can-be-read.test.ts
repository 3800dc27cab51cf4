// Whatever colour a project names, text in it and on it keeps the contrast of WCAG 1.4.3, and its buttons stand out from the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type AccentColours, contrast, makeAccent } from "../../console/shared/look/accent.ts";

type Rgb = readonly [number, number, number];

const LIGHT_PAGES: readonly Rgb[] = [
  [255, 255, 255],
  [246, 247, 249],
];
const DARK_PAGES: readonly Rgb[] = [
  [14, 16, 19],
  [22, 25, 29],
];

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function assertReadable(
  { fill, onFill, text, soft }: AccentColours,
  pages: readonly Rgb[],
  accent: string,
): void {
  assert.ok(contrast(rgb(onFill), rgb(fill)) >= 4.5, `text on a button of ${accent}`);
  assert.ok(contrast(rgb(text), rgb(soft)) >= 4.5, `text on the soft ground of ${accent}`);
  for (const page of pages) {
    assert.ok(contrast(rgb(text), page) >= 4.5, `text of ${accent} on the page`);
    assert.ok(contrast(rgb(fill), page) >= 2.7, `a button of ${accent} on the page`);
  }
}

const hex = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  .map((channels) => `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`);

test("every accent can be read in light and in dark", () => {
  fc.assert(
    fc.property(hex, (accent) => {
      const { light, dark } = makeAccent(accent);
      assertReadable(light, LIGHT_PAGES, accent);
      assertReadable(dark, DARK_PAGES, accent);
    }),
    { examples: [["#000000"], ["#ffffff"], ["#ffff00"], ["#0000ff"], ["#808080"]] },
  );
});

test("what is no colour counts as the default", () => {
  assert.deepEqual(makeAccent("red;} body{display:none"), makeAccent(undefined));
});
