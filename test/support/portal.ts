// Portal and console over an engine of `engine.ts`, each on a port of its own, with the few steps that most tests begin with.
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { pino } from "pino";
import { createControlPlane } from "../../src/http/app.ts";
import type { Pages } from "../../src/http/pages.ts";
import type { PeopleDoor } from "../../src/http/people-door.ts";
import { createPortal } from "../../src/http/portal.ts";
import { ensureRootKey } from "../../src/manage/root-key.ts";
import { openPeopleOf, type PeopleOptions } from "../../src/open-people.ts";
import { issueSetupToken } from "../../src/people/operators.ts";
import type { People } from "../../src/people/people.ts";
import { compileAllowlist } from "../../src/policy/network.ts";
import { type Engine, type EngineOptions, engineFor } from "./engine.ts";
import { type Visitor, visitorAt } from "./visitor.ts";

export const PASSWORD = "correct horse battery";

export interface PortalFixture {
  readonly engine: Engine;
  readonly people: People;
  readonly portalUrl: string;
  readonly consoleUrl: string;
  readonly rootKey: string;
  /** One object for each line. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into lines of many shapes.
  readonly log: any[];
  /** Somebody at the portal who is not signed in. */
  visitor(): Visitor;
  /** Signed up and in, with an account of their own in the project. */
  member(email?: string, project?: string): Promise<Visitor & { account: string; person: string }>;
  /** The first operator, signed in at the console. */
  operator(): Promise<Visitor>;
}

export interface PortalOptions extends EngineOptions {
  readonly mail?: PeopleOptions["mail"];
  /** Public addresses; without them the listeners' own. */
  readonly urls?: PeopleOptions["urls"];
  readonly trustedProxies?: readonly string[];
  readonly pages?: Pages;
}

const PAGES: Pages = {
  files: new Map([
    ["index.html", { bytes: Buffer.from("<!doctype html><title>x</title>"), type: "text/html" }],
    ["assets/page.js", { bytes: Buffer.from("export {};"), type: "text/javascript" }],
    ["claviger-keys.js", { bytes: Buffer.from("export {};"), type: "text/javascript" }],
  ]),
  document: "<!doctype html><title>x</title>",
};

export async function portalFor(context: TestContext, options: PortalOptions = {}): Promise<PortalFixture> {
  const { mail, urls, trustedProxies = [], pages = PAGES, ...engineOptions } = options;
  const engine = await engineFor(context, engineOptions);
  const { instance, data } = engine;
  let rootKey = "";
  await ensureRootKey(instance, (text) => {
    rootKey = text;
  });
  const own = { portal: "", console: "" };
  const lines: unknown[] = [];
  const log = pino(
    { base: null, level: "trace" },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  const onFault = (message: string, error: unknown) => log.error({ err: error }, message);
  const people = await openPeopleOf(instance, { data, onFault }, { urls: urls ?? own, mail });
  const door = (origin: string | undefined): PeopleDoor => ({
    people,
    origin,
    trustedProxies: compileAllowlist([...trustedProxies]),
  });
  const ready = async () => ({ ready: true, checks: {} });
  const portal = await createPortal({ instance, door: door(urls?.portal), pages, log });
  const control = await createControlPlane({ instance, door: door(urls?.console), pages, ready, log });
  context.after(async () => {
    await Promise.all([portal.close(), control.close()]);
    await people.close();
  });
  for (const app of [portal, control]) await app.listen({ host: "127.0.0.1", port: 0 });
  const urlOf = (app: typeof portal) => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  Object.assign(own, { portal: urlOf(portal), console: urlOf(control) });
  return {
    engine,
    people,
    portalUrl: urlOf(portal),
    consoleUrl: urlOf(control),
    rootKey,
    log: lines,
    visitor: () => visitorAt(urlOf(portal)),
    member: (email = "ada@example.com", project = "acme") => signUpAt(urlOf(portal), email, project),
    async operator() {
      const token = await issueSetupToken(people.operators, people.tables);
      const visitor = visitorAt(urlOf(control));
      const person = { name: "Olga", email: "olga@example.com", password: PASSWORD };
      await expect(visitor, "POST /auth/setup", { token, ...person }, 204);
      await expect(visitor, "POST /auth/sign-in", { email: person.email, password: PASSWORD }, 200);
      return visitor;
    },
  };
}

async function signUpAt(url: string, email: string, project: string) {
  const visitor = visitorAt(url);
  await expect(visitor, "POST /auth/sign-up", { project, name: "Ada", email, password: PASSWORD }, 202);
  await expect(visitor, "POST /auth/sign-in", { email, password: PASSWORD }, 200);
  const account = await expect(
    visitor,
    `POST /v1/projects/${project}/accounts`,
    { name: `Of ${email}` },
    201,
  );
  const session = await expect(visitor, "GET /auth/session", undefined, 200);
  return { ...visitor, account: account.id as string, person: session.person.id as string };
}

/** The body; throws with what was answered when the status is another. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
export async function expect(visitor: Visitor, request: string, body: unknown, status: number): Promise<any> {
  const answer = await visitor.ask(request, { body });
  if (answer.status !== status) throw new Error(`${request} answered ${answer.status}: ${answer.text}`);
  return answer.text === "" ? undefined : answer.json;
}
