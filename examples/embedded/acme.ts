// What the examples share: Claviger over the folder named by CLAVIGER_DATA, the project of acme.yaml, and a key to try it with.
import { type Claviger, open } from "../../src/index.ts"; // in your program: "claviger"

export async function openAcme(): Promise<Claviger> {
  const claviger = await open({ data: process.env.CLAVIGER_DATA ?? "data-acme" });
  await claviger.projects.apply(new URL("acme.yaml", import.meta.url));
  return claviger;
}

/** Makes an account with a key, which is shown here and nowhere else, and says how to ask. */
export async function printAsk(claviger: Claviger, port: number): Promise<void> {
  const account = await claviger.accounts.create("acme", { name: "Try it" });
  const { key } = await claviger.keys.create("acme", {
    account: account.id,
    name: "Try it",
    scopes: ["read", "speak"],
  });
  process.stdout.write(`curl -i http://127.0.0.1:${port}/words -H "Authorization: Bearer ${key}"\n`);
}
