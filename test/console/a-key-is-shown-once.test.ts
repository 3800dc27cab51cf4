// The full key stands in one dialog, once: nothing closes it by accident, and afterwards it is nowhere in the browser nor in the log.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { startProduct } from "./product.ts";
import { choose, copyAndClose, createKey, revealedKey, signUp } from "./visitor.ts";

test("the first key of an account stays until it is taken, and is nowhere afterwards", async (context) => {
  const product = await startProduct(context);
  const window = await openBrowser(context);
  const page = await window.newPage();
  const seen = watch(page);
  await signUp({ page, portal: product.portal, project: "murmr" }, "ada@murmr.example");
  const secret = await createKey(page, { name: "First" });
  assert.match(secret, /^murmr_sk_live_/);

  await context.test("neither Escape nor a click beside it closes the dialog", async () => {
    // The list is read again meanwhile, and its empty state goes away.
    await page.getByRole("row").nth(1).waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await page.mouse.click(5, 5);
    assert.equal(await revealedKey(page), secret);
  });

  await context.test("leaving the page asks first", async () => {
    const asked = page.waitForEvent("dialog");
    const leaving = page.goto("about:blank").catch(() => undefined);
    const question = await asked;
    assert.equal(question.type(), "beforeunload");
    await question.dismiss();
    await leaving;
    assert.equal(await revealedKey(page), secret);
  });

  await context.test("closing without having copied asks first", async () => {
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("button", { name: "Done" }).click();
    await dialog.getByText("You have not copied the key").waitFor();
    assert.equal(await revealedKey(page), secret);
  });

  await context.test("what is copied is the key", async () => {
    await copyAndClose(page);
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), secret);
    await page.evaluate("navigator.clipboard.writeText('')");
  });

  await choose(page, secret, "Rotate");
  await page.getByRole("dialog").getByRole("button", { name: "Rotate key" }).click();
  const second = await revealedKey(page);
  await copyAndClose(page);
  await page.evaluate("navigator.clipboard.writeText('')");

  await context.test(
    "a whole key that is searched for finds itself, by a body and not by an address",
    async () => {
      await page.getByLabel("Search keys").fill(second);
      await page.getByRole("row").nth(1).waitFor();
      await page
        .getByText(`…${second.slice(-4)}`)
        .first()
        .waitFor();
      await page.getByLabel("Search keys").fill("");
    },
  );

  await page.getByRole("link", { name: "Usage" }).click();
  await page.goBack();
  for (const key of [secret, second]) await assertNowhere(key, page, window, seen, product.log());
});

test("a new page of the browser knows nothing of a key that was made before", async (context) => {
  const product = await startProduct(context);
  const page = await (await openBrowser(context)).newPage();
  await signUp({ page, portal: product.portal, project: "kugelaudio" }, "ada@kugelaudio.example");
  const secret = await createKey(page, { name: "Studio" });
  await copyAndClose(page);
  await page.reload();
  await page.getByRole("link", { name: "Studio" }).click();
  await page.getByRole("heading", { name: "Details" }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
});

interface Seen {
  readonly addresses: string[];
  readonly referrers: string[];
  readonly console: string[];
}

function watch(page: Page): Seen {
  const seen: Seen = { addresses: [], referrers: [], console: [] };
  page.on("request", (request) => {
    seen.addresses.push(request.url());
    seen.referrers.push(request.headers().referer ?? "");
  });
  page.on("framenavigated", (frame) => seen.addresses.push(frame.url()));
  page.on("console", (message) => seen.console.push(message.text()));
  return seen;
}

const STORED = `(async () => {
  const databases = await indexedDB.databases();
  const caches_ = await caches.keys();
  return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, caches_, document.cookie, history.state, name]);
})()`;

async function assertNowhere(secret: string, page: Page, window: BrowserContext, seen: Seen, log: string) {
  const cookies = JSON.stringify(await window.cookies());
  // Fields of forms are no text of the document.
  const fields = (await page.evaluate(
    "[...document.querySelectorAll('input,textarea')].map((one) => one.value).join(' ')",
  )) as string;
  const places: Record<string, string> = {
    document: await page.content(),
    fields,
    storage: (await page.evaluate(STORED)) as string,
    cookies,
    addresses: seen.addresses.join("\n"),
    referrers: seen.referrers.join("\n"),
    console: seen.console.join("\n"),
    log,
  };
  for (const [place, text] of Object.entries(places))
    assert.ok(!text.includes(secret), `the key is in the ${place}`);
}

after(closeBrowser);
