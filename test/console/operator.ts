// What an operator does at the console: the first one comes by the set-up link.
import type { Page } from "playwright-core";
import { PASSWORD } from "./visitor.ts";

export async function setUp(page: Page, setupLink: string): Promise<void> {
  await page.goto(setupLink);
  await page.getByLabel("Your name").fill("Grace Hopper");
  await page.getByLabel("E-mail").fill("grace@example.com");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Make me the first operator" }).click();
  await page.getByRole("heading", { name: "Projects", level: 1 }).waitFor();
}
