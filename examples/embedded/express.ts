// Express with Claviger in it. Run: node examples/embedded/express.ts
import express from "express";
import { guard } from "../../src/adapters/express.ts"; // in your program: "claviger/express"
import { openAcme, printAsk } from "./acme.ts";

const claviger = await openAcme();
const app = express();
app.use(guard(claviger, { project: "acme" })); // before the body parsers
app.use(express.json());
app.get("/words", (request, response) => {
  response.json({ words: ["hello"], account: request.claviger?.key.account });
});
app.post("/speech", (request, response) => {
  response.json({ said: request.body.text, paid: request.claviger?.cost });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", async () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) await printAsk(claviger, address.port);
});
process.once("SIGTERM", () => server.close(() => claviger.close()));
