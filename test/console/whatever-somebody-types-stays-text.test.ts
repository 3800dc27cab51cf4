// Hostile names, addresses and answers at the pages: nothing becomes markup or code (hostile H01, H18), and nothing is lost on the way.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { startProduct } from "./product.ts";
import { copyAndClose, createKey, openCreateDialog, PASSWORD, revealedKey, signUp } from "./visitor.ts";

const NAMES = [
  `<img src=x onerror="window.broken=1">`,
  "javascript:window.broken=1",
  `$${"{7*7}{{7*7}}"}`,
  "'); DROP TABLE keys;--",
  "\u202eevil",
];

test("what a customer types and what comes back", async (context) => {
  const product = await startProduct(context);
  const window = await openBrowser(context);
  const page = await window.newPage();
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await signUp({ page, portal: product.portal, project: "murmr" }, "ada@murmr.example");

  await context.test("names are shown as they are", async () => {
    for (const name of NAMES) {
      await createKey(page, { name });
      await copyAndClose(page);
      await page.getByRole("link", { name, exact: true }).waitFor();
    }
    await page.getByRole("link", { name: NAMES[0] ?? "", exact: true }).click();
    await page.getByRole("heading", { name: NAMES[0] ?? "", level: 1, exact: true }).waitFor();
    assert.equal(await page.evaluate("window.broken"), undefined);
    assert.deepEqual(dialogs, []);
  });

  await context.test("a path that looks like another site stays here", async () => {
    for (const path of [
      "/murmr//evil.example",
      "/murmr/%5cevil.example",
      "/murmr/?next=https://evil.example",
    ]) {
      await page.goto(product.portal + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.ok(page.url().startsWith(`${product.portal}/murmr`), page.url());
    }
  });

  await page.goto(`${product.portal}/murmr`);
  await context.test("a sign-in that is too old is confirmed, and the key is made after it", async () => {
    await refuseOnce(page, "**/v1/projects/murmr/keys");
    await openCreateDialog(page);
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Confirmed");
    await page.getByRole("dialog").locator("button[type=submit]").click();
    const question = page.getByRole("dialog").filter({ hasText: "Confirm that it is you" });
    await question.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await question.getByRole("button", { name: "Confirm" }).click();
    assert.match(await revealedKey(page), /^murmr_sk_/);
  });

  await context.test("copying works without the clipboard of secure pages", async () => {
    const secret = await revealedKey(page);
    await page.evaluate(
      "Object.defineProperty(navigator.clipboard, 'writeText', { value: () => Promise.reject(new Error('no')) })",
    );
    await copyAndClose(page);
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), secret);
  });

  await context.test("a server that does not answer is told, and the form keeps what was typed", async () => {
    await openCreateDialog(page);
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Offline");
    await window.setOffline(true);
    await page.getByRole("dialog").locator("button[type=submit]").click();
    await page.getByRole("alert").getByText("does not answer").waitFor();
    await window.setOffline(false);
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await openCreateDialog(page);
    assert.equal(await page.getByRole("dialog").getByLabel("Name", { exact: true }).inputValue(), "Offline");
  });
});

/** As the server answers somebody who signed in long ago. */
async function refuseOnce(page: Page, url: string): Promise<void> {
  let isRefused = false;
  await page.route(url, (route) => {
    if (isRefused || route.request().method() !== "POST") return route.continue();
    isRefused = true;
    const problem = { code: "reauth_required", status: 403, detail: "Confirm that it is you." };
    return route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      body: JSON.stringify(problem),
    });
  });
}

after(closeBrowser);
