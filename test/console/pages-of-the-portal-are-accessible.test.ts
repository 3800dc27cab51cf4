// axe finds nothing on any page of the portal: light and dark, wide and narrow, with lists empty and full, dialogs open, accents light and dark.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { findings } from "./accessible.ts";
import { startProduct } from "./product.ts";
import { choose, copyAndClose, createKey, openCreateDialog, signUp } from "./visitor.ts";

/** All pages in one accent; in another one, which is turned around in the dark, those that differ by it. */
const WHOLE = "nur";
const ACCENTS = [WHOLE, "nohuman"] as const;

test("axe finds nothing at the portal", async (context) => {
  const product = await startProduct(context);
  for (const project of ACCENTS)
    await context.test(project, async (step) => {
      const page = await (await openBrowser(step)).newPage();
      assert.deepEqual(await tour(page, product.portal, project), []);
    });
});

async function tour(page: Page, portal: string, project: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (name: string): Promise<void> => {
    found.push(...(await findings(page, `${project} ${name}`)));
  };
  const open = async (path: string, ready: string): Promise<void> => {
    await page.goto(`${portal}/${project}/${path}`);
    await page.getByRole("heading", { name: ready, level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
  };
  await open("sign-in", "Sign in");
  await look("sign-in");
  if (project === WHOLE) {
    await open("sign-up", "Create your account");
    await look("sign-up");
    await open("forgot", "Reset your password");
    await look("forgot");
    await open("reset", "This link is not whole");
    await look("broken link");
  }

  await signUp({ page, portal, project }, `ada@${project}.example`);
  await look("no keys");
  await openCreateDialog(page);
  await look("create");
  await page.getByText("Restrict where").click();
  await page.getByRole("combobox", { name: "Allowed addresses" }).fill("10.0.0.1/8");
  await page.keyboard.press("Tab");
  await look("create with a mistake");
  await page.keyboard.press("Escape");
  await page.reload();
  await page.getByRole("heading", { name: "Make your first key" }).waitFor();

  const scope = project === "nur" ? "tts:read" : "videos:read";
  const secret = await createKey(page, { name: "Voice bot", scopes: [scope] });
  await look("reveal");
  await copyAndClose(page);
  await look("keys");
  await choose(page, secret, "Revoke");
  await page.getByText("Nothing used this key").waitFor();
  await look("revoke");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await choose(page, secret, "Rotate");
  await look("rotate");
  await page.getByRole("dialog").getByRole("button", { name: "Rotate key" }).click();
  await copyAndClose(page);
  await page.getByText("is being replaced").waitFor();
  await look("rotation");
  await page
    .getByRole("button", { name: /^Actions for / })
    .first()
    .click();
  await look("menu");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Voice bot" }).first().click();
  await page.getByRole("heading", { name: "Details" }).waitFor();
  await look("key");
  if (project !== WHOLE) return found;

  for (const [path, title] of [
    ["usage", "Usage"],
    ["requests", "Requests"],
    ["members", "Members"],
    ["security", "Sign-in and security"],
    ["nowhere", "There is nothing here"],
  ] as const) {
    await open(path, title);
    await look(path);
  }
  return found;
}

after(closeBrowser);
