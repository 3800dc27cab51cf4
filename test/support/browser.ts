// Debian's Chromium, driven by playwright-core, which brings no browser of its own. One browser for each test file.
import type { TestContext } from "node:test";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";
import { needProgram } from "./debian.ts";

let running: Promise<Browser> | undefined;

/** Chromium refuses its sandbox to root, as whom containers run their tests. */
const FLAGS = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

async function browser(): Promise<Browser> {
  const executablePath = needProgram("chromium", "chromium");
  running ??= chromium.launch({ executablePath, args: [...FLAGS, "--disable-dev-shm-usage"] });
  return await running;
}

/** A person's browser: cookies, storage and history of its own, closed when the test ends. */
export async function openBrowser(
  context: TestContext,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const window = await (await browser()).newContext({
    viewport: { width: 1280, height: 860 },
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  window.setDefaultTimeout(10_000);
  context.after(() => window.close());
  return window;
}

/** For the end of a test file: the process would wait for the browser. */
export async function closeBrowser(): Promise<void> {
  await (await running)?.close();
  running = undefined;
}
