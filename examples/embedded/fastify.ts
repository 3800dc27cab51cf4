// Fastify with Claviger in it. Run: node examples/embedded/fastify.ts
import { fastify } from "fastify";
import { guard } from "../../src/adapters/fastify.ts"; // in your program: "claviger/fastify"
import { openAcme, printAsk } from "./acme.ts";

const claviger = await openAcme();
const app = fastify({ forceCloseConnections: true });
await app.register(guard(claviger, { project: "acme" }));
app.get("/words", (request) => ({ words: ["hello"], account: request.claviger?.key.account }));
app.post<{ Body: { text: string } }>("/speech", (request) => ({
  said: request.body.text,
  paid: request.claviger?.cost,
}));

const url = await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
await printAsk(claviger, Number(new URL(url).port));
process.once("SIGTERM", () => app.close().then(() => claviger.close()));
