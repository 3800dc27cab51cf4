// Rows D12 and D13: whose a limit per address is. A client that moves about within its /64 stays one client; IPv4 clients stay
// many, however the socket spells them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layStage } from "./hostile-client.ts";

const stage = await layStage();
const RATE = 3;

/** A project of its own for each test, so that nothing is used yet. */
async function project(name: string, limit = `calls: { rate: ${RATE}, windowSeconds: 3600, per: address }`) {
  await stage.apply(`name: ${name}\nnetwork: { trustedProxies: [127.0.0.1] }\nlimits: { ${limit} }`);
  const keys = [await stage.key(name), await stage.key(name)];
  let turn = 0;
  /** Each time with the other key, of another account. */
  const ask = async (client: string | undefined): Promise<number> => {
    const { key } = keys[turn++ % keys.length]!;
    const forwarded = client === undefined ? [] : [`X-Forwarded-For: ${client}`];
    const { status } = await stage.send({
      host: `${name}.localhost`,
      lines: [...forwarded, `Authorization: Bearer ${key}`],
    });
    return status;
  };
  return {
    ask,
    /** How many of these are let through. */
    async admitted(clients: readonly (string | undefined)[]): Promise<number> {
      let count = 0;
      for (const client of clients) if ((await ask(client)) === 204) count += 1;
      return count;
    },
  };
}

const last = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${((index * 7919 + 1) % 65_536).toString(16)}`);

test("D12: a client that rotates within its /64 uses one limit up", async () => {
  const { ask, admitted } = await project("rotating");
  const within = [
    "2001:db8:1:2::1",
    "2001:db8:1:2:ffff:ffff:ffff:ffff",
    "2001:DB8:1:2:0:0:0:1",
    "2001:db8:0001:0002::203.0.113.7",
    ...last("2001:db8:1:2:a:b:c:", 20),
  ];
  assert.equal(await admitted(within), RATE);
  assert.equal(await ask("[2001:db8:1:2::99]:4711"), 429);
});

test("D12: the next /64 is another client", async () => {
  const { admitted } = await project("neighbours");
  for (const network of [
    "2001:db8:1:2::",
    "2001:db8:1:3::",
    "2001:db8:1:20::",
    "2001:db8:0:2::",
    "2001:db8:10:2::",
  ])
    assert.equal(await admitted(last(network, RATE + 2)), RATE, network);
});

test("D13: IPv4 clients have a limit each, be they spelled as IPv6 or not", async () => {
  const { ask, admitted } = await project("dual-stack");
  for (const host of [7, 8, 9])
    assert.equal(await admitted(Array(RATE + 2).fill(`::ffff:203.0.113.${host}`)), RATE, String(host));
  assert.equal(await ask("203.0.113.7"), 429, "the same client by its other name");
  assert.equal(await ask("::ffff:cb00:7108"), 429);
  assert.equal(await admitted(Array(RATE + 2).fill("203.0.113.70")), RATE);
  assert.equal(await ask("::203.0.113.7"), 204, "an address of IPv6 that only looks like it");
});

test("D04: clients that cannot be told are one client, and not their proxy", async () => {
  const { ask, admitted } = await project("unknown");
  assert.equal(await admitted(["unknown", "_hidden", "1.2.3", "", "256.1.1.1", "fe80::1%eth0"]), RATE);
  assert.equal(await ask(undefined), 204, "the peer is known by its own address");
  assert.equal(await admitted(Array(RATE).fill("203.0.113.7")), RATE);
});

test("a limit per key is not one per address, nor does another project share one", async () => {
  const first = await project("first");
  const second = await project("second");
  const perKey = await project("per-key", `calls: { rate: ${RATE}, windowSeconds: 3600 }`);
  const clients = Array<string>(4 * RATE).fill("2001:db8::1");
  assert.equal(await first.admitted(clients), RATE);
  assert.equal(await second.admitted(clients), RATE);
  assert.equal(await perKey.admitted(clients), 2 * RATE, "two keys took turns");
});
