// The life of a key as a customer of each vendor sees it, in the browser, with the key at work on the gateway in between.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { type Product, startProduct } from "./product.ts";
import {
  choose,
  copyAndClose,
  createKey,
  picture,
  revealedKey,
  rowOf,
  signUp,
  type WantedKey,
} from "./visitor.ts";

interface Vendor {
  readonly project: string;
  readonly key: WantedKey;
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  /** A header of its own for the key, where the vendor has one. */
  readonly header?: string;
}

const VENDORS: readonly Vendor[] = [
  {
    project: "nur",
    key: { name: "Voice bot", scopes: ["tts:read"] },
    request: { method: "POST", path: "/v1/tts", body: { text: "Hi" } },
  },
  { project: "kugelaudio", key: { name: "Studio" }, request: { method: "GET", path: "/v1/models" } },
  {
    project: "murmr",
    key: { name: "Production server", environment: "live" },
    request: {
      method: "POST",
      path: "/v1/voices/design",
      body: { text: "Hi", voice_description: "Warm", language: "English" },
    },
  },
  {
    project: "nudg3",
    key: { name: "Reporting", tier: "Premium" },
    request: { method: "GET", path: "/dashboard" },
    header: "X-API-Key",
  },
  {
    project: "nohuman",
    key: { name: "Video worker" },
    request: { method: "POST", path: "/v1/videos/generate", body: { prompt: "A sunset", duration: 1 } },
  },
];

const SEEN_WITHIN_MS = 5_000;

test("a key is made, used, seen, rotated and revoked at the portal of each vendor", async (context) => {
  const product = await startProduct(context);
  for (const vendor of VENDORS)
    await context.test(vendor.project, async (step) => {
      const page = await (await openBrowser(step)).newPage();
      const faults = watchFaults(page);
      await liveWith(product, vendor, page);
      assert.deepEqual(faults, []);
    });
});

async function liveWith(product: Product, vendor: Vendor, page: Page): Promise<void> {
  const { project, key } = vendor;
  const use = (secret: string): Promise<number> => send(product, vendor, secret);
  await signUp({ page, portal: product.portal, project }, `ada@${project}.example`);
  await picture(page, `${project}-empty`);
  if (project === "nohuman") await giveCredits(product, project);

  const first = await createKey(page, key);
  await picture(page, `${project}-reveal`);
  await copyAndClose(page);
  assert.equal(await use(first), 200, "a fresh key works");
  await rowOf(page, first).getByText("just now").waitFor({ timeout: SEEN_WITHIN_MS });

  await choose(page, first, "Rotate");
  await page.getByRole("dialog").getByRole("button", { name: "Rotate key" }).click();
  const second = await revealedKey(page);
  assert.notEqual(second, first);
  await copyAndClose(page);
  await page.getByText("is being replaced").waitFor();
  await picture(page, `${project}-rotation`);
  assert.deepEqual([await use(first), await use(second)], [200, 200], "both work within the grace");

  await page.getByRole("button", { name: "End old key now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End old key" }).click();
  await rowOf(page, first).getByText("Revoked").waitFor();
  assert.deepEqual(
    [await use(first), await use(second)],
    [401, 200],
    "the old one is dead, the new one works",
  );

  await revoke(page, second);
  assert.equal(await use(second), 401, "a revoked key is refused");
}

/** A key in use asks for a word. */
async function revoke(page: Page, secret: string): Promise<void> {
  await choose(page, secret, "Revoke");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/Type "revoke"/).fill("revoke");
  await picture(page, `revoke-${secret.slice(0, 4)}`);
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await rowOf(page, secret).getByText("Revoked").waitFor();
}

async function send(
  { hosts }: Product,
  { project, request, header }: Vendor,
  secret: string,
): Promise<number> {
  const url = hosts.find((host) => host.project === project)?.url;
  const response = await fetch(`${url}${request.path}`, {
    method: request.method,
    headers: {
      ...(header === undefined ? { authorization: `Bearer ${secret}` } : { [header]: secret }),
      ...(request.body !== undefined && { "content-type": "application/json" }),
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** What a customer would have bought. */
async function giveCredits({ ask }: Product, project: string): Promise<void> {
  const { items } = await ask<{ items: { id: string; name: string }[] }>(
    "GET",
    `/v1/projects/${project}/accounts`,
  );
  const account = items.find(({ name }) => name.includes("Ada"));
  await ask("POST", `/v1/projects/${project}/accounts/${account?.id}/credits`, { amount: 100 });
}

/** Faults of the page: errors nobody caught, and what the content security policy forbade. */
function watchFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // The first look for a session finds none: that is how the page knows whom to ask.
    if (message.type() === "error" && !/status of 401/.test(message.text())) faults.push(message.text());
  });
  return faults;
}

after(closeBrowser);
