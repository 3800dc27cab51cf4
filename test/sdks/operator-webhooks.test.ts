// Promise: a webhook is believed when it is signed with the secret and from now, and else it is not; the vectors that are published say
// what that means.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { ROOT } from "../support/server-process.ts";
import { sdk } from "./operator-sdk.ts";

interface Vector {
  readonly name: string;
  readonly secret: string | readonly string[];
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly nowSeconds: number;
  readonly toleranceSeconds?: number;
  readonly result?: unknown;
  readonly fault?: string;
}

const { cases }: { cases: Vector[] } = JSON.parse(
  readFileSync(join(ROOT, "sdks/webhooks/vectors.json"), "utf8"),
);

test("there are as many as are documented, believed ones and others", () => {
  assert.ok(cases.filter(({ fault }) => fault === undefined).length >= 9);
  assert.ok(cases.filter(({ fault }) => fault !== undefined).length >= 17);
});

for (const { name, secret, headers, body, nowSeconds, toleranceSeconds = 300, result, fault } of cases) {
  test(name, async () => {
    const check = { secret, toleranceSeconds, now: () => nowSeconds * 1000 };
    for (const delivered of [
      { body, headers },
      { body: Buffer.from(body), headers: new Headers(headers) },
      { body, headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value]])) },
    ]) {
      const outcome = await sdk.checkWebhook(delivered, check).catch((error: unknown) => error);
      if (fault === undefined) {
        const { id, sentAt, body: parsed } = outcome as Awaited<ReturnType<typeof sdk.checkWebhook>>;
        assert.deepEqual(parsed, result);
        assert.equal(id, new Headers(headers).get("webhook-id"));
        assert.equal(sentAt.getTime() / 1000, Number(new Headers(headers).get("webhook-timestamp")));
        continue;
      }
      assert.ok(outcome instanceof sdk.WebhookError, inspect(outcome));
      assert.equal(outcome.fault, fault);
      const shown = inspect(outcome, { showHidden: true, depth: 9 });
      for (const hidden of [secret].flat()) assert.ok(!shown.includes(hidden.replace("whsec_", "")));
    }
  });
}

test("without other words it is five minutes of the real clock", async () => {
  const { body, headers, secret } = cases[0]!;
  await assert.rejects(sdk.checkWebhook({ body, headers }, { secret }), { fault: "too_old" });
});

test("a secret that is none is a mistake of the program, and does not show", async () => {
  const { body, headers } = cases[0]!;
  for (const secret of ["whsec_", "whsec_ not base64", ""])
    await assert.rejects(sdk.checkWebhook({ body, headers }, { secret }), (error: Error) => {
      assert.ok(error instanceof TypeError);
      return !error.message.includes("not base64");
    });
});

test("what was truly sent and is no JSON is a SyntaxError", async () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
  const key = await crypto.subtle.importKey(
    "raw",
    Buffer.alloc(24, 7),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign("HMAC", key, Buffer.from("m.1.{"));
  const headers = {
    "webhook-id": "m",
    "webhook-timestamp": "1",
    "webhook-signature": `v1,${Buffer.from(signature).toString("base64")}`,
  };
  await assert.rejects(sdk.checkWebhook({ body: "{", headers }, { secret, now: () => 1000 }), SyntaxError);
});
