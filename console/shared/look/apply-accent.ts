// Puts a project's accent on the page, by a constructed style sheet: the content security policy forbids inline styles.
import { type AccentColours, makeAccent } from "./accent.ts";

const sheet = new CSSStyleSheet();

/** Replaces the accent of the page in light and dark. */
export function applyAccent(hex: string | undefined): void {
  const { light, dark } = makeAccent(hex);
  sheet.replaceSync(`${rule("light", light)}${rule("dark", dark)}`);
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
}

function rule(scheme: string, colours: AccentColours): string {
  const lines = [
    `--accent:${colours.fill}`,
    `--accent-hover:${colours.fillHover}`,
    `--on-accent:${colours.onFill}`,
    `--accent-text:${colours.text}`,
    `--accent-soft:${colours.soft}`,
    `--accent-soft-hover:${colours.softHover}`,
  ];
  return `:root[data-mantine-color-scheme="${scheme}"]{${lines.join(";")}}`;
}
