// Debian's Chromium, found or installed, and driven by playwright-core. A test is never passed over for want of it.
import { type Browser, chromium } from "playwright-core";
import { needProgram } from "./debian.ts";

/** Closed when the test ends. */
export async function startChromium(context: { after(end: () => unknown): void }): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: needProgram("chromium", "chromium"),
    // Root has no sandbox, and small machines have little shared memory.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
  context.after(() => browser.close());
  return browser;
}
