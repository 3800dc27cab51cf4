// Promise: tickets in PostgreSQL are handed out once over all nodes, take no lasting room, and are refused in words when the database is
// away.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { openPostgresStore, type PostgresStore } from "../../src/store/postgres/open.ts";
import { openLink } from "../support/faulty-link.ts";
import { startPostgres } from "../support/services.ts";
import { ticketsSuite, ticketUntil } from "./tickets-suite.ts";

const opened: PostgresStore[] = [];
after(() => Promise.all(opened.map((store) => store.close())));
const { url, ask } = await startPostgres({ after });
async function node() {
  const store = await openPostgresStore(url);
  opened.push(store);
  return store.tickets!;
}
const nodes = [await node(), await node(), await node()] as const;

ticketsSuite("postgres", async () => nodes);

test("those that nobody came for are swept away by those that are made later", async () => {
  const now = Date.parse("2026-11-21T13:00:00Z");
  for (let index = 0; index < 50; index += 1)
    await nodes[0].put(`old${index}`, ticketUntil(now), now - 60_000);
  await nodes[1].put("new", ticketUntil(now + 120_000), now + 60_000);
  const rows = await ask("select digest from tickets order by digest");
  assert.deepEqual(
    rows.map(({ digest }) => digest),
    ["new"],
  );
});

test("a database that is away refuses", async (context) => {
  const link = await openLink(context, Number(new URL(url).port));
  const address = new URL(url);
  address.port = String(link.port);
  const store = await openPostgresStore(address.href, { connectTimeoutMs: 100, statementTimeoutMs: 100 });
  context.after(() => store.close());
  link.freeze();
  link.cut();
  await assert.rejects(async () => store.tickets!.take("x", 0), StoreUnavailable);
  await assert.rejects(async () => store.tickets!.put("x", ticketUntil(1), 0), StoreUnavailable);
  link.thaw();
});
