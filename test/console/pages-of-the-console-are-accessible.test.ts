// axe finds nothing on any page of the operator console: light and dark, wide and narrow, with something on each of them.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { findings } from "./accessible.ts";
import { setUp } from "./operator.ts";
import { startProduct } from "./product.ts";

const PAGES = [
  ["/p/murmr/accounts", "Accounts"],
  ["/p/murmr/keys", "Keys"],
  ["/p/murmr/usage", "Usage"],
  ["/p/murmr/traffic", "Live traffic"],
  ["/p/murmr/test", "Test a request"],
  ["/p/murmr/audit", "Audit log"],
  ["/p/murmr/file", "Project file"],
  ["/root-keys", "Root keys"],
  ["/operators", "Operators"],
  ["/security", "Sign-in and security"],
  ["/nowhere", "There is nothing here"],
] as const;

test("axe finds nothing at the console", async (context) => {
  const product = await startProduct(context);
  const page = await (await openBrowser(context)).newPage();
  const found: string[] = [];
  await page.goto(`${product.controlPlane}/console/`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  found.push(...(await findings(page, "console sign-in")));
  await setUp(page, product.setupLink);
  found.push(...(await findings(page, "console projects")));

  const { url } = product.hosts.find(({ project }) => project === "murmr") ?? { url: "" };
  for (let count = 0; count < 3; count++) await fetch(`${url}/v1/voices/design`, { method: "POST" });
  for (const [path, heading] of PAGES) {
    await page.goto(`${product.controlPlane}/console${path}`);
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    await page.locator("[aria-busy]").waitFor({ state: "detached" });
    await page.waitForTimeout(300);
    found.push(...(await findings(page, `console ${path}`)));
  }
  await page.goto(`${product.controlPlane}/console/p/murmr/accounts`);
  await page.locator("a.row-link").first().click();
  await page.getByRole("heading", { name: "Standing" }).waitFor();
  found.push(...(await findings(page, "console account")));
  assert.deepEqual(found, []);
});

after(closeBrowser);
