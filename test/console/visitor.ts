// What a customer does at the portal, by the words on the page: a step that cannot be taken fails the test.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

export const PASSWORD = "correct horse battery staple";

export interface Visit {
  readonly page: Page;
  readonly portal: string;
  readonly project: string;
}

/** Makes a person and an account, and ends on the page of the keys. */
export async function signUp({ page, portal, project }: Visit, email: string): Promise<void> {
  await page.goto(`${portal}/${project}`);
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Make your first key" }).waitFor();
}

export interface WantedKey {
  readonly name: string;
  readonly environment?: string;
  readonly tier?: string;
  readonly scopes?: readonly string[];
}

/** Fills the form and sends it; ends with the dialog that shows the key. Answers the full key. */
export async function createKey(page: Page, wanted: WantedKey): Promise<string> {
  await openCreateDialog(page);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(wanted.name);
  if (wanted.environment !== undefined) await dialog.getByText(wanted.environment, { exact: true }).click();
  if (wanted.tier !== undefined) await dialog.getByRole("radio", { name: wanted.tier }).check();
  for (const scope of wanted.scopes ?? [])
    await dialog.getByRole("checkbox", { name: scope, exact: true }).check();
  await picture(page, `create-${wanted.name}`);
  await dialog.locator("button[type=submit]").click();
  return await revealedKey(page);
}

/** The button has the vendor's own words. */
export async function openCreateDialog(page: Page): Promise<void> {
  await page.locator("[data-create-key]").first().click();
  await page.getByRole("dialog").waitFor();
}

export async function revealedKey(page: Page): Promise<string> {
  const dialog = page.getByRole("alertdialog");
  return await dialog.getByLabel("Key", { exact: true }).inputValue();
}

/** Copies it and closes the dialog, as a person does. */
export async function copyAndClose(page: Page): Promise<void> {
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: /^Copy key / }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Opens the menu of the row whose key ends so, and chooses. */
export async function choose(page: Page, secret: string, item: string): Promise<void> {
  await rowOf(page, secret)
    .getByRole("button", { name: /^Actions for / })
    .click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** A row shows the beginning and the last four characters. */
export function rowOf(page: Page, secret: string) {
  return page.getByRole("row").filter({ hasText: `…${secret.slice(-4)}` });
}

/** Only when a folder for pictures is named. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.CLAVIGER_SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name.replaceAll(/\W+/g, "-").toLowerCase()}.png`) });
}
