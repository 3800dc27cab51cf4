// Rows A19 to A26: credentials that are too long, hold bytes that no key holds, or stand where nobody may look.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAdmitted, assertRefused, openFronts } from "./dialects.ts";
import { bytesOf, exchange, layStage } from "./hostile-client.ts";

const stage = await layStage(["nur", "nudg3"]);
const fronts = await openFronts(stage);
const withHeader = fronts.filter(({ hasHeader }) => hasHeader);

/** Refused by the parser, before any project is known: no dialect, and the connection ends. */
async function assertUnparsed(bytes: Buffer, status: number, code: string): Promise<void> {
  const answer = await stage.sendBytes(bytes);
  assert.equal(answer.status, status);
  assert.equal(answer.json.code, code);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.headers.connection, "close");
  assert.equal(answer.lookUps, 0);
}

test("A19: a token of 15 KB is refused before anything is computed or looked up", async () => {
  for (const front of fronts) {
    for (const length of [257, 4_096, 15_360]) {
      // Digesting a text of more than 256 characters would throw, so an answer also proves that nothing was digested.
      const token = front.key.padEnd(length, "a");
      await assertRefused(stage, front, "invalid_key", [`Authorization: Bearer ${token}`]);
      if (front.hasHeader) await assertRefused(stage, front, "invalid_key", [`X-API-Key: ${token}`]);
    }
  }
});

test("A20: a token of 17 KB or 1 MB is too large, closes the connection and is not kept", async () => {
  for (const { host, key } of fronts) {
    for (const length of [17_408, 1_048_576]) {
      const bytes = bytesOf({ host, lines: [`Authorization: Bearer ${key.padEnd(length, "a")}`] });
      await assertUnparsed(bytes, 431, "headers_too_large");
    }
  }
  const bytes = bytesOf({ host: "nur.localhost", lines: [`Authorization: Bearer ${"a".repeat(1_048_576)}`] });
  const rounds = async (count: number): Promise<number> => {
    for (let round = 0; round < count; round++) await exchange(stage.gateway.port, bytes);
    return process.memoryUsage().rss;
  };
  // The first ones fill the collector's room.
  const before = await rounds(100);
  const grownMb = ((await rounds(200)) - before) / 1_048_576;
  assert.ok(grownMb < 100, `200 headers of 1 MB left ${grownMb.toFixed(0)} MB behind`);
});

test("A21: control characters and folds inside the value are malformed", async () => {
  for (const { host, key } of fronts) {
    const half = key.length >> 1;
    for (const bytes of ["\0", "\r", "\n", "\r\n ", "\r\n\t", "\x01", "\x0b", "\x1b", "\x7f"]) {
      for (const value of [
        `Bearer ${key.slice(0, half)}${bytes}${key.slice(half)}`,
        `Bearer${bytes} ${key}`,
      ]) {
        const answer = await stage.send({ host, lines: [`Authorization: ${value}`] });
        assert.equal(answer.status, 400, JSON.stringify([bytes, answer.text]));
        assert.equal(answer.json.code, "invalid_request");
        assert.equal(answer.lookUps, 0);
      }
    }
  }
});

test("A22: look-alikes and invisible characters are never made into ASCII", async () => {
  const wide = (text: string) =>
    text.replace(/[a-z]/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
  for (const front of fronts) {
    const { key } = front;
    const look = [
      key.replace("n", "\u043f"),
      key.replace("a", "\u0430"),
      `\u0410${key.slice(1)}`,
      wide(key),
      ...["\u200b", "\u200d", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u2066"].flatMap((mark) => [
        `${mark}${key}`,
        `${key}${mark}`,
        `${key.slice(0, 8)}${mark}${key.slice(8)}`,
      ]),
    ].filter((text) => text !== key);
    for (const text of look) {
      await assertRefused(stage, front, "invalid_key", [`Authorization: Bearer ${text}`]);
      if (front.hasHeader) await assertRefused(stage, front, "invalid_key", [`X-API-Key: ${text}`]);
    }
    // Bytes that are no UTF-8: one too many, and all with the high bit set.
    await assertRefused(stage, front, "invalid_key", [
      Buffer.from(`Authorization: Bearer ${key}\xff`, "latin1"),
    ]);
    const high = Buffer.from(key, "latin1").map((byte) => byte | 0x80);
    await assertRefused(stage, front, "invalid_key", [
      Buffer.concat([Buffer.from("Authorization: Bearer "), high]),
    ]);
  }
});

test("A23: percent-encoding and base64 are never decoded", async () => {
  for (const front of fronts) {
    const bytes = Buffer.from(front.key);
    const percent = [...front.key].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join("");
    const texts = [
      front.key.replaceAll("_", "%5F"),
      percent,
      ...(["base64", "base64url", "hex"] as const).map((form) => bytes.toString(form)),
    ];
    for (const text of texts) {
      await assertRefused(stage, front, "invalid_key", [`Authorization: Bearer ${text}`]);
      if (front.hasHeader) await assertRefused(stage, front, "invalid_key", [`X-API-Key: ${text}`]);
    }
  }
});

test("A24: wrappings, repeated schemes and names of variables are invalid and never echoed", async () => {
  for (const front of fronts) {
    const { key } = front;
    const wrapped = [
      `"${key}"`,
      `'${key}'`,
      `<${key}>`,
      `${key}\\n`,
      `Bearer ${key}`,
      `API_KEY=${key}`,
      `${key};`,
    ];
    const unset = ["$KEY", "$" + "{API_KEY}", "%API_KEY%", "undefined", "null", "<your-key>", "YOUR_API_KEY"];
    for (const text of [...wrapped, ...unset]) {
      const answer = await assertRefused(stage, front, "invalid_key", [`Authorization: Bearer ${text}`]);
      assert.ok(!answer.text.includes(text) || text === "null", `${text} was echoed`);
      if (front.hasHeader) await assertRefused(stage, front, "invalid_key", [`X-API-Key: ${text}`]);
    }
  }
});

test("A25: 1,200 header lines are too many, wherever the key stands among them", async () => {
  const fields = Array.from({ length: 1_200 }, (_, index) => `x${index}: ${index % 10}`);
  for (const front of fronts) {
    const line = front.hasHeader ? `X-API-Key: ${front.key}` : `Authorization: Bearer ${front.key}`;
    for (const lines of [
      [...fields, line],
      [line, ...fields],
    ]) {
      const answer = await stage.send({ host: front.host, target: front.target, lines });
      assert.equal(answer.status, 431, answer.text);
      assert.equal(answer.json.error.code, "headers_too_large");
      assert.equal(answer.headers.connection, "close");
      assert.equal(answer.lookUps, 0);
    }
    await assertAdmitted(stage, front, [...fields.slice(0, 150), line]);
  }
});

test("A26: twins of the header name, trailers and cookies carry no key", async () => {
  for (const front of fronts) {
    const { key, target } = front;
    for (const line of [
      `X_API_KEY: ${key}`,
      `X.API.Key: ${key}`,
      `XAPIKey: ${key}`,
      `Cookie: api_key=${key}`,
    ])
      await assertRefused(stage, front, "missing_key", [line]);
    for (const name of ["x-api-key", "authorization"]) {
      const value = name === "authorization" ? `Bearer ${key}` : key;
      await assertRefused(stage, front, "missing_key", {
        method: "POST",
        target,
        lines: ["Transfer-Encoding: chunked", `Trailer: ${name}`],
        body: `5\r\nhello\r\n0\r\n${name}: ${value}\r\n\r\n`,
      });
    }
  }
  // Behind the gateway a twin could still be read as the header that it resembles.
  for (const front of withHeader) {
    const { reached } = await assertAdmitted(stage, front, [
      `X-API-Key: ${front.key}`,
      `X_API_KEY: ${front.otherKey}`,
    ]);
    assert.doesNotMatch(JSON.stringify(reached), /x.api.key/i);
  }
});
