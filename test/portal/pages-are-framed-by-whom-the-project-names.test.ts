// Promise: every page says who may show it in a frame, what it may load and that nobody keeps it, on errors too (hostile H01, H19).
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileProject } from "../../src/project/compile.ts";
import { loadProjectText } from "../../src/project/load.ts";
import { portalFor } from "../support/portal.ts";
import { visitorAt } from "../support/visitor.ts";

const EMBEDDED = {
  name: "acme",
  portal: { embedOrigins: ["https://app.acme.example", "http://localhost:3000"] },
};

const ancestorsOf = (headers: Headers): string | undefined =>
  /frame-ancestors ([^;]*)/.exec(headers.get("content-security-policy") ?? "")?.[1];

test("documents carry a policy in which nothing inline runs", async (context) => {
  const { portalUrl, consoleUrl } = await portalFor(context);
  for (const url of [
    `${portalUrl}/acme`,
    `${portalUrl}/acme/keys/new`,
    `${consoleUrl}/console/`,
    `${consoleUrl}/console/keys`,
  ]) {
    const { status, headers } = await fetch(url);
    assert.equal(status, 200, url);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.ok(!policy.includes("unsafe"), policy);
    assert.match(policy, /base-uri 'none'/);
    assert.equal(ancestorsOf(headers), "'none'");
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
});

test("a page that embeds names the project's origins and no other; all else is framed by nobody", async (context) => {
  const { portalUrl, consoleUrl } = await portalFor(context, { projects: [EMBEDDED, { name: "other" }] });
  const embedded = await fetch(`${portalUrl}/embed/acme`);
  assert.equal(ancestorsOf(embedded.headers), "https://app.acme.example http://localhost:3000");
  assert.equal(embedded.headers.get("x-frame-options"), null);
  for (const [url, status] of [
    [`${portalUrl}/embed/other`, 200],
    [`${portalUrl}/embed/none`, 404],
    [`${portalUrl}/none`, 404],
    [`${portalUrl}/acme`, 200],
    [`${portalUrl}/auth/session`, 401],
    [`${portalUrl}/v1/projects/acme/portal`, 200],
    [`${portalUrl}/%zz`, 400],
    [`${portalUrl}/claviger`, 404],
    [`${consoleUrl}/console/`, 200],
  ] as const) {
    const answer = await fetch(url);
    assert.equal(answer.status, status, url);
    assert.equal(ancestorsOf(answer.headers), "'none'", url);
  }
});

test("assets are kept for ever, the loader is for everybody, and no path leads out of the folder", async (context) => {
  const { portalUrl } = await portalFor(context);
  const asset = await fetch(`${portalUrl}/assets/page.js`);
  assert.match(asset.headers.get("cache-control") ?? "", /immutable/);
  const loader = await fetch(`${portalUrl}/claviger-keys.js`);
  assert.equal(loader.headers.get("access-control-allow-origin"), "*");
  assert.equal(asset.headers.get("access-control-allow-origin"), null);
  const outside = visitorAt(portalUrl);
  for (const path of [
    "/assets/../../package.json",
    "/assets/%2e%2e/%2e%2e/package.json",
    "/assets/..%2fpackage.json",
    "/index.html",
  ]) {
    const answer = await outside.ask(`GET ${path}`);
    assert.equal(answer.status, 404, path);
  }
});

test("signing out makes the browser forget what it kept", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  const answer = await ada.ask("POST /auth/sign-out");
  assert.match(answer.headers.get("clear-site-data") ?? "", /"cache"/);
  assert.equal(ada.cookies.get("claviger-portal"), undefined);
});

test("origins that are none, colours that are more than one and logos that are no image are refused", () => {
  const refused = (portal: string) =>
    assert.throws(() => {
      const { file, locate } = loadProjectText(`name: acme\nportal: ${portal}\n`, "acme.yaml");
      compileProject(file, "acme.yaml", locate);
    }, `${portal}`);
  for (const origin of [
    "*",
    "https://*.acme.example",
    "https:",
    "https://app.acme.example/",
    "https://app.acme.example/path",
    "https://app.acme.example; script-src *",
    "https://a.example https://b.example",
    "https://a.example,https://b.example",
    "https://user@a.example",
    "https://a.example:443",
    "https://a.example\\nX: y",
    "HTTPS://A.EXAMPLE",
    "javascript:alert(1)",
    "null",
  ])
    refused(`{ embedOrigins: [${JSON.stringify(origin)}] }`);
  for (const accent of ["red", "#FFF", "#12345", "#123456;x", "url(x)"])
    refused(`{ accent: ${JSON.stringify(accent)} }`);
  for (const logo of [
    "https://a.example/x.png",
    "data:text/html;base64,AAAA",
    "data:image/svg+xml,<svg/>",
    "javascript:x",
  ])
    refused(`{ logo: ${JSON.stringify(logo)} }`);
});

test("names are kept as they are and told as data (H01)", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  for (const name of [
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as somebody might try it.
    "${7*7}",
    "{{7*7}}",
    "%s%n",
    "'); DROP TABLE keys;--",
    "👩‍🚀",
    "\u202Eevil",
  ]) {
    const answer = await ada.ask("POST /v1/projects/acme/keys", { body: { account: ada.account, name } });
    assert.equal(answer.status, 201, name);
    assert.equal(answer.json.name, name);
    assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
    const found = await ada.ask("POST /v1/projects/acme/keys/search", {
      body: { account: ada.account, text: name },
    });
    assert.deepEqual(
      found.json.items.map((one: { name: string }) => one.name),
      [name],
    );
  }
});
