// Whatever bytes arrive, no answer is a server error, nothing is admitted without a key that is valid, and nothing else reaches
// the upstream. Another seed: FUZZ_SEED=<number>; a failure prints the one that it ran with.
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { after, test } from "node:test";
import fc from "fast-check";
import { layStage } from "./hostile-client.ts";
import { hostileRequest, type KnownKey } from "./hostile-input.ts";

const RUNS = 5_000;
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Cases that fail may stall, and looking for a smaller one would take for ever. */
const LONGEST_MS = 60_000;
/** Nothing more is coming: the case left the server waiting for the rest of a body. */
const STALLED_MS = 400;

const stage = await layStage(["nur", "nudg3"]);
await stage.apply(`name: open
credentials: { headers: [X-API-Key], query: { on: upgrade } }
network: { trustedProxies: [127.0.0.1] }`);
await stage.apply(`name: sentinel\ndialect: { body: { sentinel: "{verdict}" } }`);

/** Sent after every case, on the same connection: its answer says that all answers before it have come. */
const SENTINEL = "\r\n\r\nGET / HTTP/1.1\r\nHost: sentinel.localhost\r\n\r\n";
const SENTINEL_ANSWERED = /HTTP\/1\.1 401 (?:(?!HTTP\/1\.1)[\s\S])*\{"sentinel":"missing_key"\}$/;
const SENTINEL_ANSWER = '{"sentinel":"missing_key"}';

/** Lives until the server closes it. */
let wire: Socket | undefined;
after(() => wire?.destroy());

function converse(bytes: Buffer): Promise<string> {
  const socket = wire ?? connect(stage.gateway.port, "127.0.0.1");
  wire = socket;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = (isReusable: boolean): void => {
      socket.removeAllListeners();
      socket.on("error", () => {});
      if (!isReusable) {
        socket.destroy();
        wire = undefined;
      }
      resolve(Buffer.concat(chunks).toString("latin1"));
    };
    socket.setTimeout(STALLED_MS, () => finish(false));
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).toString("latin1").endsWith(SENTINEL_ANSWER)) finish(true);
    });
    for (const event of ["end", "error", "close"]) socket.on(event, () => finish(false));
    socket.write(bytes);
  });
}

/** Whether a valid key stands where one may stand, read from the bytes without the gateway's code. */
function holdsCredential(text: string, known: readonly KnownKey[]): boolean {
  return known.some(
    ({ key }) =>
      new RegExp(`^(?:authorization:[ \\t]*bearer +|x-api-key:[ \\t]*)${key}[ \\t]*\\r?$`, "im").test(text) ||
      text.includes(`api_key=${key}`),
  );
}

test("no input gives a server error, gets in without a valid key, or gets its credential back", async () => {
  const keyOf = async (project: string, target: string, scopes?: readonly string[]): Promise<KnownKey> => {
    const { key } = await stage.key(project, { ...(scopes && { scopes }) });
    return { host: `${project}.localhost`, target, key };
  };
  const known = [
    await keyOf("nur", "/v1/voices", ["*"]),
    await keyOf("nudg3", "/dashboard"),
    await keyOf("open", "/anything"),
  ];
  const seen = { admitted: 0, refused: 0, statuses: new Set<number>() };
  await fc.assert(
    fc.asyncProperty(hostileRequest(known), async (text) => {
      const before = stage.upstream.received.length;
      const answer = await converse(Buffer.from(text + SENTINEL, "latin1"));
      const reached = stage.upstream.received.slice(before);
      const answers = answer.replace(SENTINEL_ANSWERED, "");
      const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
      for (const status of statuses) assert.ok(status < 500, `answered ${status}`);
      const admitted = statuses.filter((status) => status >= 200 && status < 300).length;
      assert.ok(admitted <= reached.length, "the gateway said yes by itself");
      if (reached.length > 0)
        assert.ok(holdsCredential(text, known), "reached the upstream without a valid key");
      for (const { target } of reached) assert.ok(!target.startsWith("/smuggled"), "a body became a request");
      for (const { key } of known) assert.ok(!answer.includes(key), "a key came back");
      seen.admitted += admitted;
      seen.refused += statuses.length - admitted;
      for (const status of statuses) seen.statuses.add(status);
    }),
    { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: LONGEST_MS, markInterruptAsFailure: true },
  );
  // Neither half may be missing, or the property would hold for want of cases.
  assert.ok(seen.admitted > RUNS / 50 && seen.refused > RUNS / 4, JSON.stringify(seen));
  for (const status of [204, 400, 401, 403, 405, 421])
    assert.ok(seen.statuses.has(status), `never ${status}`);
});
