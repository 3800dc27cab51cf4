// The page of usage tells what the gateway decided: how many, by which key and route, and why some were refused.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, openBrowser } from "../support/browser.ts";
import { startProduct } from "./product.ts";
import { copyAndClose, createKey, signUp } from "./visitor.ts";

test("usage by outcome, key and route", async (context) => {
  const product = await startProduct(context);
  const page = await (await openBrowser(context)).newPage();
  await signUp({ page, portal: product.portal, project: "kugelaudio" }, "ada@kugelaudio.example");
  const secret = await createKey(page, { name: "Studio" });
  await copyAndClose(page);
  const url = product.hosts.find(({ project }) => project === "kugelaudio")?.url;
  const headers = { authorization: `Bearer ${secret}` };
  for (const path of ["/v1/models", "/v1/models", "/v1/models", "/v1/nothing"])
    await (await fetch(url + path, { headers })).arrayBuffer();

  await page.getByRole("link", { name: "Usage" }).click();
  await page.getByRole("region", { name: "Requests", exact: true }).getByText("4", { exact: true }).waitFor();
  await page.getByRole("region", { name: "Refused" }).getByText("25.0 % of them").waitFor();
  await page.getByRole("cell", { name: "GET /v1/models" }).waitFor();
  await page.getByRole("cell", { name: "Keys give no access to this path" }).waitFor();

  await page.getByText("By key").click();
  await page.waitForURL(/by=key/);
  await page.getByRole("button", { name: "Show numbers" }).click();
  const table = page.getByRole("table", { name: "Requests by day" });
  await table.getByRole("columnheader", { name: "Studio" }).waitFor();
  assert.equal(await table.getByRole("row").last().getByRole("cell").last().textContent(), "4");

  await page.getByRole("link", { name: "Requests" }).click();
  await page.getByLabel("Result").selectOption({ label: "Keys give no access to this path" });
  await page.waitForURL(/outcome=no_route/);
  // Rows of before the choice go when those of after it have come.
  await page.getByRole("row").nth(2).waitFor({ state: "detached" });
  await page.getByRole("cell", { name: "GET /v1/nothing" }).waitFor();
  assert.equal(await page.getByRole("row").count(), 2, "the head and the one that was refused");
});

after(closeBrowser);
