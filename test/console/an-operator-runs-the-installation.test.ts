// The first operator sets up, and does at the console what the API can do: accounts, keys, traffic, tests, audit, the project file.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { setUp } from "./operator.ts";
import { type Product, startProduct } from "./product.ts";
import { copyAndClose, createKey, picture, revealedKey, rowOf } from "./visitor.ts";

test("the console from the set-up link to the audit log", async (context) => {
  const product = await startProduct(context);
  const page = await (await openBrowser(context)).newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));

  await context.test("the set-up link makes the first operator, once, and leaves the address", async () => {
    await setUp(page, product.setupLink);
    assert.doesNotMatch(page.url(), /token/);
    await picture(page, "console-projects");
    const second = await (await openBrowser(context)).newPage();
    await second.goto(product.setupLink);
    await second.getByLabel("Your name").fill("Mallory");
    await second.getByLabel("E-mail").fill("mallory@example.com");
    await second.getByRole("textbox", { name: "Password" }).fill("a password of eight");
    await second.getByRole("button", { name: "Make me the first operator" }).click();
    await second.getByRole("alert").waitFor();
  });

  let secret = "";
  await context.test("an account is made, and a key of it", async () => {
    await page.getByRole("link", { name: "murmr" }).click();
    await page.getByRole("button", { name: "Create account" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Acme");
    await dialog.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("link", { name: "Acme" }).click();
    await page.getByRole("heading", { name: "Acme", level: 1 }).waitFor();
    secret = await createKey(page, { name: "Acme server" });
    await copyAndClose(page);
    await rowOf(page, secret).waitFor();
    await picture(page, "console-account");
  });

  await context.test("credits and a suspension count at once", async () => {
    await act(page, "Add or take credits");
    await page.getByRole("dialog").getByLabel("Amount").fill("500");
    await page.getByRole("dialog").getByRole("button", { name: "Book" }).click();
    await page.getByText("500", { exact: true }).waitFor();
    assert.equal(await use(product, secret), 200);
    await act(page, "Suspend");
    await page.getByRole("dialog").getByRole("button", { name: "Suspend account" }).click();
    await page.locator("header").getByText("Suspended").waitFor();
    assert.equal(await use(product, secret), 403);
    await act(page, "Lift the suspension");
    await page.getByRole("dialog").getByRole("button", { name: "Lift suspension" }).click();
    await page.locator("header").getByText("Active").waitFor();
  });

  await context.test("live traffic shows a request as it is decided", async () => {
    await page.getByRole("link", { name: "Live traffic" }).click();
    await page.getByText("Live", { exact: true }).waitFor();
    assert.equal(await use(product, secret), 200);
    await page.getByRole("cell", { name: "Allowed" }).first().waitFor({ timeout: 5_000 });
    assert.equal(await use(product, `${secret.slice(0, -1)}!`), 401);
    await page.getByRole("cell", { name: "The key is not known" }).first().waitFor({ timeout: 5_000 });
    await picture(page, "console-traffic");
  });

  await context.test("a whole key is found, and is in no address", async () => {
    await page.getByRole("link", { name: "Keys", exact: true }).click();
    await page.getByLabel("Search keys").fill(secret);
    await page.getByText(`…${secret.slice(-4)}`).waitFor();
    // The head, and then the one.
    await page.getByRole("row").nth(2).waitFor({ state: "detached" });
    assert.ok(!page.url().includes(secret));
  });

  await context.test("a request is tested step by step", async () => {
    await page.getByRole("link", { name: "Test a request" }).click();
    await page
      .getByLabel("Key", { exact: true })
      .selectOption({ label: `Acme server (…${secret.slice(-4)})` });
    await page.getByLabel("Path").fill("/nowhere");
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await page.getByText("Keys give no access to this path", { exact: true }).waitFor();
    assert.ok((await page.locator(".step").count()) > 5);
    await picture(page, "console-test");
  });

  await context.test("the audit log tells who did it", async () => {
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByLabel("What", { exact: true }).fill("key.create");
    await page.keyboard.press("Enter");
    await page.waitForURL(/action=key\.create/);
    await page.getByRole("cell", { name: "key.create" }).first().waitFor();
    await picture(page, "console-audit");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "CSV" }).click();
    assert.match((await download).suggestedFilename(), /^audit-murmr\.csv$/);
  });

  await context.test("a project file is checked, compared and applied", async () => {
    await page.getByRole("link", { name: "Project file" }).click();
    const editor = page.getByLabel("Project file (YAML)");
    const text = await editor.inputValue();
    await editor.fill(text.replace(/^title: .*$/m, "titel: wrong"));
    await page.getByRole("button", { name: "Check and compare" }).click();
    await page.getByRole("alert").getByText("titel").waitFor();
    await editor.fill(text.replace(/^description: .*$/m, "description: Voices by design."));
    await page.getByRole("button", { name: "Check and compare" }).click();
    await page.getByRole("heading", { name: "1 change" }).waitFor();
    await picture(page, "console-file");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("The project file is applied").waitFor();
    const project = await product.ask<{ file: { description: string } }>("GET", "/v1/projects/murmr");
    assert.equal(project.file.description, "Voices by design.");
  });

  await context.test("a root key is made with chosen scopes", async () => {
    await page.getByRole("link", { name: "Root keys" }).click();
    await page.locator("[data-create-key]").first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("CI");
    await dialog.getByRole("checkbox", { name: "projects:read" }).check();
    await dialog.locator("button[type=submit]").click();
    const rootKey = await revealedKey(page);
    await copyAndClose(page);
    const asked = await fetch(`${product.controlPlane}/v1/projects`, {
      headers: { authorization: `Bearer ${rootKey}` },
    });
    assert.equal(asked.status, 200);
    await picture(page, "console-root-keys");
  });

  await context.test("an operator is invited by a link where no mail can be sent", async () => {
    await page.getByRole("link", { name: "Operators" }).click();
    await page.getByLabel("E-mail").fill("linus@example.com");
    await page.getByRole("button", { name: "Invite" }).click();
    const link = await page.locator(".snippet pre").textContent();
    assert.match(link ?? "", /\/console\/invitation#token=/);
    await picture(page, "console-operators");
    const invited = await (await openBrowser(context)).newPage();
    await invited.goto(link ?? "");
    await invited.getByText("You are invited").waitFor();
    await invited.getByLabel("Your name").fill("Linus");
    await invited.getByRole("textbox", { name: "Password" }).fill("penguins are birds");
    await invited.getByRole("button", { name: "Accept invitation" }).click();
    await invited.getByLabel("E-mail").fill("linus@example.com");
    await invited.getByRole("textbox", { name: "Password" }).fill("penguins are birds");
    await invited.getByRole("button", { name: "Sign in" }).click();
    await invited.getByRole("heading", { name: "Projects", level: 1 }).waitFor();
  });
  assert.deepEqual(faults, []);
});

async function act(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

async function use({ hosts }: Product, secret: string): Promise<number> {
  const url = hosts.find(({ project }) => project === "murmr")?.url;
  const body = JSON.stringify({ text: "Hi", voice_description: "Warm", language: "English" });
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const response = await fetch(`${url}/v1/voices/design`, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}

after(closeBrowser);
