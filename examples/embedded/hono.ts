// Hono with Claviger in it. Run: node examples/embedded/hono.ts
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { type ClavigerEnv, guard } from "../../src/adapters/hono.ts"; // in your program: "claviger/hono"
import { openAcme, printAsk } from "./acme.ts";

const claviger = await openAcme();
const app = new Hono<ClavigerEnv>();
app.use(guard(claviger, { project: "acme" }));
app.get("/words", (c) => c.json({ words: ["hello"], account: c.get("claviger").key.account }));
app.post("/speech", async (c) => {
  const { text } = await c.req.json<{ text: string }>();
  return c.json({ said: text, paid: c.get("claviger").cost });
});

const port = Number(process.env.PORT ?? 3000);
const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, (taken) =>
  printAsk(claviger, taken.port),
);
process.once("SIGTERM", () => server.close(() => claviger.close()));
