// `<claviger-keys>` shows a customer's keys in the operator's own page without a second sign-in; no other page may frame them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, type TestContext, test } from "node:test";
import type { Frame, Page } from "playwright-core";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { findings } from "./accessible.ts";
import { type Product, startProduct } from "./product.ts";
import { picture } from "./visitor.ts";

interface PortalSession {
  readonly url: string;
  readonly embedUrl: string;
  readonly code: string;
}

/** The operator's own page, at an origin of its own. */
async function startOwnPage(context: TestContext): Promise<{ origin: string; show: (html: string) => void }> {
  let page = "";
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end(page);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    show: (html) => {
      page = html;
    },
  };
}

const ownPage = (portal: string, { embedUrl, code }: PortalSession): string =>
  `<!doctype html><title>Acme</title><h1>Settings</h1><script src="${portal}/claviger-keys.js"></script>
   <claviger-keys src="${embedUrl}" code="${code}"></claviger-keys>`;

async function allow({ ask }: Product, origin: string): Promise<void> {
  const { file } = await ask<{ file: { portal?: object } }>("GET", "/v1/projects/murmr");
  await ask("PUT", "/v1/projects/murmr", { ...file, portal: { ...file.portal, embedOrigins: [origin] } });
}

async function openSession({ ask }: Product, name: string): Promise<PortalSession> {
  const { id } = await ask<{ id: string }>("POST", "/v1/projects/murmr/accounts", { name });
  return await ask<PortalSession>("POST", "/v1/projects/murmr/portal-sessions", { account: id });
}

async function frameOf(page: Page): Promise<Frame> {
  const element = await page.waitForSelector("claviger-keys iframe");
  const frame = await element.contentFrame();
  assert.ok(frame);
  return frame;
}

test("a customer makes a key inside the operator's own page", async (context) => {
  const product = await startProduct(context);
  const own = await startOwnPage(context);
  await allow(product, own.origin);
  const session = await openSession(product, "Acme");
  own.show(ownPage(product.portal, session));
  const page = await (await openBrowser(context)).newPage();
  await page.goto(own.origin);
  const frame = await frameOf(page);

  await context.test("without signing in", async () => {
    await frame.getByRole("heading", { name: "Make your first key" }).waitFor();
    await frame.locator("[data-create-key]").first().click();
    await frame.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Embedded");
    await frame.getByRole("dialog").locator("button[type=submit]").click();
    const secret = await frame.getByLabel("Key", { exact: true }).inputValue();
    assert.match(secret, /^murmr_sk_/);
    await picture(page, "embedded");
    await frame.getByRole("button", { name: "Copy key Embedded" }).click();
    await frame.getByRole("button", { name: "Done" }).click();
    await frame
      .getByRole("row")
      .filter({ hasText: `…${secret.slice(-4)}` })
      .waitFor();
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), secret, "copied inside the frame");
    assert.ok(!(await page.content()).includes(secret), "the parent's document holds no key");
  });

  await context.test("and leaves no code in the page, nor a token in a store", async () => {
    assert.ok(!(await page.content()).includes(session.code));
    const stored = (await frame.evaluate(
      "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])",
    )) as string;
    assert.doesNotMatch(stored, /portal|token|session/i);
  });

  await context.test("a code that was used opens nothing", async () => {
    const again = await (await openBrowser(context)).newPage();
    await again.goto(own.origin);
    await (await frameOf(again)).getByText("could not be opened").waitFor();
  });
});

test("a page of another origin cannot frame the keys", async (context) => {
  const product = await startProduct(context);
  const own = await startOwnPage(context);
  await allow(product, "https://app.example.com");
  own.show(ownPage(product.portal, await openSession(product, "Acme")));
  const page = await (await openBrowser(context)).newPage();
  const refused = page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
  await page.goto(own.origin);
  await refused;
  assert.equal(await (await frameOf(page)).getByRole("heading").count(), 0);
});

test("a link opens the portal without a sign-in, once", async (context) => {
  const product = await startProduct(context);
  const { url } = await openSession(product, "Acme");
  const page = await (await openBrowser(context)).newPage();
  await page.goto(url);
  await page.getByRole("heading", { name: "Make your first key" }).waitFor();
  assert.doesNotMatch(page.url(), /launch/);
  assert.deepEqual(await findings(page, "launched"), []);
  const again = await (await openBrowser(context)).newPage();
  await again.goto(url);
  await again.getByRole("heading", { name: "This link has ended" }).waitFor();
});

after(closeBrowser);
