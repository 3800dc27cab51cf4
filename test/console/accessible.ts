// What axe finds on a page as it stands, in light and dark, wide and at 320 CSS pixels; nothing may be found.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { picture } from "./visitor.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2 A and AA, and the best practices that axe knows. */
const RUN = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + node.html.slice(0, 160) + " | " + node.failureSummary.replaceAll("\\n", " ").slice(0, 260)).join("  ")))`;

const WIDTHS = [1280, 320];
const SCHEMES = ["light", "dark"] as const;
const HEIGHT = 860;

/** Each finding with where it was found; empty where all is well. */
export async function findings(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
      await page.waitForTimeout(60);
      await page.evaluate(AXE);
      const here = `${name}, ${colorScheme}, ${width} px`;
      found.push(...((await page.evaluate(RUN)) as string[]).map((finding) => `${here}: ${finding}`));
      await picture(page, `${name} ${colorScheme} ${width}`);
    }
    const overhang = (await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    )) as number;
    if (overhang > 0) found.push(`${name}, ${width} px: ${overhang} px wider than the window`);
  }
  await page.setViewportSize({ width: WIDTHS[0] ?? 1280, height: HEIGHT });
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}
