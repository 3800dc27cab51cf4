// What people do about themselves and each other: a second factor, sessions, invitations and roles, a reset without mail.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { setUp } from "./operator.ts";
import { startProduct } from "./product.ts";
import { PASSWORD, signUp } from "./visitor.ts";

const EMAIL = "ada@murmr.example";

test("people of an account, in the browser", async (context) => {
  const product = await startProduct(context);
  const portal = `${product.portal}/murmr`;
  const page = await (await openBrowser(context)).newPage();
  await signUp({ page, portal: product.portal, project: "murmr" }, EMAIL);

  await context.test("somebody who is invited as a viewer looks and may not change", async () => {
    await page.getByRole("link", { name: "Members" }).click();
    await page.getByLabel("E-mail").fill("charles@murmr.example");
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await page.getByRole("button", { name: "Invite" }).click();
    const link = (await page.locator(".snippet pre").textContent()) ?? "";
    const guest = await (await openBrowser(context)).newPage();
    await guest.goto(link);
    await guest.getByText("as viewer").waitFor();
    assert.doesNotMatch(guest.url(), /token/);
    await guest.getByLabel("Your name").fill("Charles");
    await guest.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await guest.getByRole("button", { name: "Accept invitation" }).click();
    await signIn(guest, "charles@murmr.example", PASSWORD);
    const create = guest.getByRole("button", { name: "Create new key" }).first();
    await create.waitFor();
    assert.equal(await create.getAttribute("aria-disabled"), "true");
    const reason = await create.getAttribute("aria-describedby");
    assert.match((await guest.locator(`[id="${reason}"]`).textContent()) ?? "", /Ask an admin/);
    await create.hover();
    await guest.getByRole("tooltip").getByText("Ask an admin of the account").waitFor();
  });

  await context.test("an account is renamed by its owner", async () => {
    await page.getByLabel("Account name").fill("Analytical Engines");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.locator(".person-account").getByText("Analytical Engines").waitFor();
  });

  await context.test("a second factor is turned on, and asked for at the next sign-in", async () => {
    await page.getByRole("link", { name: "Sign-in and security" }).click();
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Set up" }).click();
    const secret = (await page.locator(".snippet pre").first().textContent()) ?? "";
    await page.getByLabel("Code of your authenticator").fill(totp(secret));
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByText("On", { exact: true }).waitFor();

    const elsewhere = await (await openBrowser(context)).newPage();
    await elsewhere.goto(portal);
    await signIn(elsewhere, EMAIL, PASSWORD);
    await elsewhere.getByLabel("Code of your authenticator").fill(totp(secret));
    await elsewhere.getByRole("button", { name: "Continue" }).click();
    await elsewhere.getByRole("heading", { name: "API keys" }).waitFor();

    await page.reload();
    await page.getByRole("button", { name: "End all others" }).click();
    await page.getByText("All other sessions have ended").waitFor();
    await elsewhere.reload();
    await elsewhere.getByRole("heading", { name: "Sign in" }).waitFor();

    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByText("Off", { exact: true }).waitFor();
  });

  await context.test("without mail an operator hands over a reset link, which works once", async () => {
    const operator = await (await openBrowser(context)).newPage();
    await setUp(operator, product.setupLink);
    await operator.goto(`${product.controlPlane}/console/p/murmr/accounts`);
    await operator.getByRole("link", { name: "Analytical Engines" }).click();
    await operator.getByRole("button", { name: "Reset link for Ada Lovelace" }).click();
    const link = (await operator.locator(".snippet pre").first().textContent()) ?? "";
    const forgetful = await (await openBrowser(context)).newPage();
    await forgetful.goto(link);
    await forgetful.getByRole("textbox", { name: "New password" }).fill("another fine password");
    await forgetful.getByRole("button", { name: "Set password" }).click();
    await signIn(forgetful, EMAIL, "another fine password");
    await forgetful.getByRole("heading", { name: "API keys" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });
});

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 6238 with its defaults: SHA-1, 30 seconds, six digits. */
function totp(secret: string): string {
  const bits = [...secret.trim()]
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

after(closeBrowser);
