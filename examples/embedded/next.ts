// Route handlers of Next.js with Claviger in them: in an application, `GET` and `POST` are what app/words/route.ts and
// app/speech/route.ts export. Next is not needed to try them. Run: node examples/embedded/next.ts
import { serve } from "@hono/node-server";
import { guard } from "../../src/adapters/next.ts"; // in your program: "claviger/next"
import type { Claviger } from "../../src/index.ts"; // in your program: "claviger"
import { openAcme, printAsk } from "./acme.ts";

// lib/claviger.ts: one for the process, however often Next loads the module, and none while it builds.
const shared = globalThis as { claviger?: Promise<Claviger> };
const claviger = () => {
  shared.claviger ??= openAcme();
  return shared.claviger;
};
const withClaviger = guard(claviger, { project: "acme" });

export const GET = withClaviger(async (_request, { claviger: { key } }) =>
  Response.json({ words: ["hello"], account: key.account }),
);

export const POST = withClaviger(async (request, { claviger: { cost } }) => {
  const { text } = (await request.json()) as { text: string };
  return Response.json({ said: text, paid: cost });
});

const handlers: Record<string, typeof GET> = { GET, POST };
const notAllowed = async () => new Response(null, { status: 405 });
const server = serve(
  {
    fetch: (request) => (handlers[request.method] ?? notAllowed)(request, {}),
    port: Number(process.env.PORT ?? 3000),
    hostname: "127.0.0.1",
  },
  async (taken) => printAsk(await claviger(), taken.port),
);
process.once("SIGTERM", () => server.close(async () => (await claviger()).close()));
