// A key is made, copied, rotated and revoked without a mouse; after each step the focus is on something that has a name.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { startProduct } from "./product.ts";
import { signUp } from "./visitor.ts";

test("the life of a key without a mouse", async (context) => {
  const product = await startProduct(context);
  const page = await (await openBrowser(context)).newPage();
  await signUp({ page, portal: product.portal, project: "murmr" }, "ada@murmr.example");

  await reach(page, "Create new key");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await waitForFocus(page, /^Name/);
  await page.keyboard.type("By hand");
  await page.keyboard.press("Enter");

  await page.getByRole("alertdialog").waitFor();
  await reach(page, "Copy key By hand");
  await page.keyboard.press("Enter");
  await page.locator("output").getByText("Copied key By hand").waitFor();
  await reach(page, "Done");
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await waitForFocus(page, /./);

  await context.test("the menu of a row opens, moves and closes by keys", async () => {
    await reach(page, "Actions for By hand");
    await page.keyboard.press("Enter");
    await waitForFocus(page, /^Edit/);
    await page.keyboard.press("ArrowDown");
    await waitForFocus(page, /^Rotate/);
    await page.keyboard.press("Escape");
    await waitForFocus(page, /^Actions for By hand/);
  });

  await page.keyboard.press("Enter");
  await waitForFocus(page, /^Edit/);
  await page.keyboard.press("ArrowUp");
  await waitForFocus(page, /^Revoke/);
  await page.keyboard.press("Enter");
  await waitForFocus(page, /^Cancel/);
  await page.getByText("Nothing used this key").waitFor();
  await reach(page, "Revoke key");
  await page.keyboard.press("Enter");
  await page.getByRole("row").getByText("Revoked").waitFor();
  await waitForFocus(page, /./);
});

test("the first Tab offers the way past the menu", async (context) => {
  const product = await startProduct(context);
  const page = await (await openBrowser(context)).newPage();
  await signUp({ page, portal: product.portal, project: "nur" }, "ada@nur.example");
  await page.reload();
  await page.getByRole("heading", { name: "Make your first key" }).waitFor();
  await page.keyboard.press("Tab");
  await waitForFocus(page, /^Go to the page/);
});

/** The name of what has the focus; empty on the page itself. */
const FOCUSED = `(() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  const labels = one.labels ? [...one.labels].map((label) => label.textContent) : [];
  return one.getAttribute("aria-label") ?? labels[0] ?? one.textContent ?? "";
})()`;

const MAX_STEPS = 60;
const MAX_LOOKS = 60;
const LOOK_EVERY_MS = 50;

async function reach(page: Page, name: string): Promise<void> {
  for (let step = 0; step < MAX_STEPS; step++) {
    if (((await page.evaluate(FOCUSED)) as string).trim() === name) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${name} is not reached by Tab`);
}

async function waitForFocus(page: Page, name: RegExp): Promise<void> {
  for (let look = 0; look < MAX_LOOKS; look++) {
    if (name.test(((await page.evaluate(FOCUSED)) as string).trim())) return;
    await page.waitForTimeout(LOOK_EVERY_MS);
  }
  assert.fail(`the focus is on "${await page.evaluate(FOCUSED)}", not on ${name}`);
}

after(closeBrowser);
