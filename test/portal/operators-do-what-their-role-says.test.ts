// Promise: an operator who signed in uses the same operations as a root key, within the scopes of the role, which holds at once.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { expect, PASSWORD, portalFor } from "../support/portal.ts";
import { type Visitor, visitorAt } from "../support/visitor.ts";

const tokenIn = (text: string): string => /#token=([A-Za-z0-9_-]+)/.exec(text)?.[1] ?? assert.fail(text);

async function invited(
  olga: Visitor,
  url: string,
  email: string,
  role: string,
): Promise<Visitor & { id: string }> {
  const { link } = await expect(olga, "POST /v1/operators", { email, role }, 201);
  const visitor = visitorAt(url);
  const token = tokenIn(link);
  await expect(visitor, "POST /auth/invitations/accept", { token, name: email, password: PASSWORD }, 204);
  await expect(visitor, "POST /auth/sign-in", { email, password: PASSWORD }, 200);
  const { person } = await expect(visitor, "GET /auth/session", undefined, 200);
  return { ...visitor, id: person.id };
}

test("roles admit what they say", async (context) => {
  const { engine, consoleUrl, operator } = await portalFor(context);
  const olga = await operator();
  const account = await engine.account("acme");
  const asks: Record<string, [string, unknown]> = {
    read: [`GET /v1/projects/acme/keys?account=${account.id}`, undefined],
    audit: ["GET /v1/projects/acme/audit", undefined],
    key: ["POST /v1/projects/acme/keys", { account: account.id, name: "x" }],
    suspend: [`PATCH /v1/projects/acme/accounts/${account.id}`, { suspended: false }],
    apply: ["PUT /v1/projects/acme", { name: "acme" }],
    invite: ["POST /v1/operators", { email: "z@example.com", role: "viewer" }],
  };
  const may: Record<string, string[]> = {
    viewer: ["read", "audit"],
    support: ["read", "audit", "key", "suspend"],
    admin: ["read", "audit", "key", "suspend", "apply"],
    owner: ["read", "audit", "key", "suspend", "apply", "invite"],
  };
  for (const [role, allowed] of Object.entries(may)) {
    const one = await invited(olga, consoleUrl, `${role}@example.com`, role);
    for (const [what, [operation, body]] of Object.entries(asks)) {
      const { status } = await one.ask(operation, { body });
      if (allowed.includes(what)) assert.ok(status < 300, `${role} ${what}: ${status}`);
      else assert.equal(status, 403, `${role} ${what}`);
    }
  }
});

test("a role that was lowered, and an operator who was taken out, hold at once", async (context) => {
  const { consoleUrl, operator } = await portalFor(context);
  const olga = await operator();
  const bob = await invited(olga, consoleUrl, "bob@example.com", "admin");
  const { key } = { key: await bob.ask("POST /v1/projects/acme/accounts", { body: { name: "x" } }) };
  assert.equal(key.status, 201);
  await expect(olga, `PATCH /v1/operators/${bob.id}`, { role: "viewer" }, 204);
  assert.equal((await bob.ask("POST /v1/projects/acme/accounts", { body: { name: "x" } })).status, 403);
  assert.equal((await bob.ask(`DELETE /v1/operators/${bob.id}`)).status, 403);
  await expect(olga, `DELETE /v1/operators/${bob.id}`, undefined, 204);
  assert.equal((await bob.ask("GET /v1/projects")).status, 401);
  assert.equal(
    (await bob.ask("POST /auth/sign-in", { body: { email: "bob@example.com", password: PASSWORD } })).status,
    401,
  );
  const { items } = await expect(olga, "GET /v1/operators", undefined, 200);
  assert.equal(items.length, 1);
  assert.equal((await olga.ask(`DELETE /v1/operators/${items[0].id}`)).status, 409);
  assert.equal(
    (await olga.ask(`PATCH /v1/operators/${items[0].id}`, { body: { role: "admin" } })).status,
    409,
  );
});

test("an operator hands on no more than the role holds, and the audit names who did it", async (context) => {
  const { engine, consoleUrl, operator } = await portalFor(context);
  const olga = await operator();
  const bob = await invited(olga, consoleUrl, "bob@example.com", "support");
  const root = await engine.account("claviger", { name: "Programs" });
  const make = (who: Visitor, scopes: string[]) =>
    who.ask("POST /v1/projects/claviger/keys", { body: { account: root.id, name: "program", scopes } });
  assert.equal((await make(bob, ["*"])).status, 403);
  assert.equal((await make(bob, ["projects:write"])).status, 403);
  assert.equal((await make(bob, ["keys:read"])).status, 201);
  assert.equal((await make(olga, ["*"])).status, 201);
  const { items } = await expect(
    olga,
    `GET /v1/projects/claviger/audit?actor=operator:${bob.id}`,
    undefined,
    200,
  );
  assert.deepEqual(
    items.map(({ action }: { action: string }) => action),
    ["key.create"],
  );
});

test("a session and a root key beside each other: the root key counts", async (context) => {
  const { consoleUrl, operator } = await portalFor(context);
  const olga = await operator();
  const answer = await visitorAt(consoleUrl, olga.cookies).ask("GET /v1/projects", {
    headers: { authorization: "Bearer claviger_root_wrong" },
  });
  assert.equal(answer.status, 401);
  assert.equal(answer.json.code, "invalid_key");
});

test("keys are found by id, start, last four, name and the whole key, which goes into no URL", async (context) => {
  const { engine, operator } = await portalFor(context);
  const olga = await operator();
  const wanted = await engine.key("acme", { name: "Wanted" });
  await engine.key("acme", { name: "Other" });
  const find = async (text: string) => {
    const { items } = await expect(olga, "POST /v1/projects/acme/keys/search", { text }, 200);
    return items.map((one: { id: string }) => one.id);
  };
  for (const text of [
    wanted.id,
    wanted.id.slice(0, 12),
    wanted.start,
    wanted.lastFour,
    "Wanted",
    "want",
    wanted.key,
    ` ${wanted.key}\n`,
  ])
    assert.deepEqual(await find(text), [wanted.id], text);
  // A whole key that is none finds nothing, though its start is known.
  const [last] = wanted.key.slice(-1);
  assert.deepEqual(await find(`${wanted.key.slice(0, -1)}${last === "a" ? "b" : "a"}`), []);
  assert.equal((await olga.ask("POST /v1/projects/acme/keys/search", { body: { text: "" } })).status, 422);
  const { id } = await engine.account("acme", { name: "Ümlaut & Sons", externalId: "cus_77" });
  for (const text of ["cus_77", "mlaut", id])
    assert.deepEqual(
      (
        await expect(
          olga,
          `GET /v1/projects/acme/accounts?search=${encodeURIComponent(text)}`,
          undefined,
          200,
        )
      ).items.map((one: { id: string }) => one.id),
      [id],
      text,
    );
});

test("the audit goes by filters and into a file that runs nothing (G18)", async (context) => {
  const { engine, operator } = await portalFor(context);
  const olga = await operator();
  const key = await engine.key("acme", { name: "=cmd|'/c calc'!A1" });
  await engine.key("acme", { name: '"quoted", and\nnot' }).catch(() => {});
  const listed = await expect(olga, `GET /v1/projects/acme/audit?subject=${key.id}`, undefined, 200);
  assert.deepEqual(
    listed.items.map(({ action }: { action: string }) => action),
    ["key.create"],
  );
  assert.equal((await olga.ask("GET /v1/projects/acme/audit?from=yesterday")).status, 422);
  const none = await expect(olga, "GET /v1/projects/acme/audit?from=2027-01-01T00:00:00Z", undefined, 200);
  assert.deepEqual(none.items, []);
  const csv = await olga.ask("GET /v1/projects/acme/audit/export?format=csv");
  assert.match(csv.headers.get("content-disposition") ?? "", /attachment; filename="audit-acme\.csv"/);
  assert.match(csv.headers.get("content-type") ?? "", /^text\/csv/);
  const [head, ...lines] = csv.text.trimEnd().split("\r\n");
  assert.equal(head, "at,actor,action,subject,detail,id");
  assert.ok(lines.length >= 3);
  for (const line of lines) for (const cell of line.split(",")) assert.ok(!/^"?[=+\-@\t]/.test(cell), cell);
  const ndjson = await olga.ask("GET /v1/projects/acme/audit/export?format=ndjson");
  assert.equal(ndjson.text.trimEnd().split("\n").length, lines.length);
  assert.equal((await olga.ask("GET /v1/projects/none/audit/export")).status, 404);
});

test("a request that is tried shows each step, and takes nothing", async (context) => {
  const { engine, operator } = await portalFor(context, {
    projects: [
      {
        name: "acme",
        scopes: { read: "Read", write: "Write" },
        limits: { minute: { rate: 1, windowSeconds: 60 } },
        plans: { free: { allowance: 10 } },
        defaultPlan: "free",
        routes: [
          { match: "GET /v1/x", scopes: ["read"] },
          { match: "POST /v1/x", scopes: ["write"] },
          { match: "GET /v1/dear", scopes: ["read"], cost: 11 },
        ],
      },
    ],
  });
  const olga = await operator();
  const { key, id } = await engine.key("acme", { scopes: ["read"] });
  const attempt = (body: object) => expect(olga, "POST /v1/projects/acme/test-request", body, 200);
  const failed = (steps: { step: string; outcome: string }[]) =>
    steps.filter(({ outcome }) => outcome === "failed").map(({ step }) => step);
  for (let time = 0; time < 3; time++) {
    const tried = await attempt({ key, method: "GET", path: "/v1/x" });
    assert.deepEqual([tried.code, tried.key, tried.answer], ["ok", id, null]);
    assert.ok(tried.steps.every(({ outcome }: { outcome: string }) => outcome === "passed"));
  }
  const scope = await attempt({ keyId: id, method: "POST", path: "/v1/x" });
  assert.deepEqual(
    [scope.code, failed(scope.steps), scope.answer.status],
    ["insufficient_scope", ["scope"], 403],
  );
  assert.match(scope.reason, /needs write/);
  assert.equal(scope.steps.at(-1).outcome, "not_reached");
  assert.deepEqual(failed((await attempt({ key, method: "GET", path: "/v1/dear" })).steps), ["payment"]);
  assert.deepEqual(failed((await attempt({ method: "GET", path: "/v1/x" })).steps), ["credential"]);
  assert.deepEqual(failed((await attempt({ key: "x", method: "GET", path: "/v1/x" })).steps), ["key"]);
  assert.deepEqual(failed((await attempt({ key, method: "GET", path: "/v1/../x" })).steps), ["path"]);
  assert.deepEqual(failed((await attempt({ key, method: "GET", path: "/none" })).steps), ["route"]);
  // The one request of the minute is still there, and nobody was counted.
  await engine.instance.usage.flush();
  const usage = await expect(olga, "GET /v1/projects/acme/usage", undefined, 200);
  assert.equal(usage.totals.requests, 0);
  assert.deepEqual(
    engine.instance.verdicts.read().filter(({ project }) => project === "acme"),
    [],
  );
  assert.deepEqual([...engine.instance.traffic.recent("acme")], []);
  assert.equal(await engine.code("acme", key, { request: { method: "GET", target: "/v1/x" } }), "ok");
  assert.deepEqual(failed((await attempt({ key, method: "GET", path: "/v1/x" })).steps), ["rate"]);
});

test("live traffic comes as it happens, and whoever may not look sees none", async (context) => {
  const { engine, consoleUrl, operator } = await portalFor(context);
  const olga = await operator();
  const { key, id } = await engine.key("acme");
  assert.equal((await fetch(`${consoleUrl}/v1/projects/acme/traffic`)).status, 401);
  const cookie = [...olga.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  // Not by fetch, whose pool keeps a connection that the server then waits for.
  const asked = request(`${consoleUrl}/v1/projects/acme/traffic`, { headers: { cookie }, agent: false });
  asked.end();
  const [stream] = (await once(asked, "response")) as [IncomingMessage];
  assert.match(stream.headers["content-type"] ?? "", /^text\/event-stream/);
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await once(stream, "data");
  await engine.code("acme", key, { request: { method: "GET", target: `/v1/x?api_key=${key}` } });
  await engine.code("acme", "acme_live_nonsense");
  while (!text.includes("invalid_key")) await once(stream, "data");
  stream.destroy();
  const seen = [...text.matchAll(/^event: request\ndata: (.+)$/gm)].map(([, data]) => JSON.parse(data!));
  assert.deepEqual(
    seen.map(({ outcome, key: of }) => [outcome, of]),
    [
      ["ok", id],
      ["invalid_key", null],
    ],
  );
  assert.equal(seen[0].path, "/v1/x");
  assert.ok(!text.includes(key));
});
