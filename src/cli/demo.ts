// The demonstration: an account with credits and a key for each bundled project, the same at every start, and commands to try. Demo keys,
// and only those, are kept in a file of mode 0600.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createAccount } from "../manage/accounts.ts";
import { createKey } from "../manage/create-key.ts";
import { changeCredits, creditsOf } from "../manage/credits.ts";
import { LOCAL_CALLER } from "../manage/save.ts";
import type { Instance } from "../open.ts";
import type { Project } from "../project/compile.ts";
import type { ProjectHost } from "../project/delivery.ts";
import { writeSecretFile } from "./secret-file.ts";

export interface DemoKey {
  readonly project: string;
  readonly account: string;
  readonly environment: string;
  readonly id: string;
  readonly key: string;
}

const EXTERNAL_ID = "demo";

/** Makes what is missing and answers all of it. A demo key that was revoked or deleted is replaced. */
export async function ensureDemo(
  instance: Instance,
  data: string,
  projects: readonly string[],
): Promise<DemoKey[]> {
  const file = join(data, "demo-keys.json");
  const known: readonly DemoKey[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const keys: DemoKey[] = [];
  for (const name of projects) {
    const project = instance.directory.project(name);
    if (project === undefined) continue;
    for (const environment of demoEnvironments(project)) {
      const held = known.find((one) => one.project === name && one.environment === environment);
      const key =
        held !== undefined && (await isAlive(instance, held))
          ? held
          : await createDemoKey(instance, project, environment);
      if (drawsOnCredits(project)) await ensureCredits(instance, key);
      keys.push(key);
    }
  }
  if (JSON.stringify(keys) !== JSON.stringify(known))
    writeSecretFile(file, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

function drawsOnCredits({ isMetered, pots }: Project): boolean {
  return isMetered && pots.includes("credits");
}

const DEMO_CREDITS = 1_000_000;

/** Filled up once half of them are spent, so that a start adds nothing to what the last one left. */
async function ensureCredits(instance: Instance, { project, account }: DemoKey): Promise<void> {
  const credits = await creditsOf(instance, project, account);
  if (credits >= DEMO_CREDITS / 2) return;
  await changeCredits(instance, LOCAL_CALLER, project, account, {
    amount: DEMO_CREDITS - credits,
    reason: "Demonstration",
  });
}

/** The default environment, and those that have a host to themselves. */
function demoEnvironments(project: Project): string[] {
  const hosts = project.hosts.flatMap(({ environment }) => environment ?? []);
  return [...new Set([project.environments[0]!, ...hosts])];
}

async function isAlive({ store, clock }: Instance, { project, id }: DemoKey): Promise<boolean> {
  const record = await store.key(project, id);
  const now = clock.now();
  return (
    record !== undefined && record.revokedAt === null && (record.expiresAt === null || record.expiresAt > now)
  );
}

async function createDemoKey(instance: Instance, project: Project, environment: string): Promise<DemoKey> {
  const existing = await instance.store.accountByExternalId(project.name, EXTERNAL_ID);
  const account =
    existing?.id ??
    (
      await createAccount(instance, LOCAL_CALLER, project.name, {
        name: "Demo customer",
        externalId: EXTERNAL_ID,
      })
    ).id;
  const { id, key } = await createKey(instance, LOCAL_CALLER, project.name, {
    account,
    name: `Demo key (${environment})`,
    environment,
    ...demoRights(project),
  });
  return { project: project.name, account, environment, id, key };
}

/** Everything there is, so that the printed commands work: full access, the last tier, or every scope. */
function demoRights(project: Project): { scopes?: string[]; tier?: string } {
  const tier = [...project.tiers.keys()].at(-1);
  if (tier !== undefined) return { tier };
  const all = [...project.scopes.values()].find((scope) => scope.stands !== undefined);
  if (project.scopes.size === 0) return {};
  return { scopes: all === undefined ? [...project.scopes.keys()] : [all.name] };
}

export interface DemoCommand {
  readonly title: string;
  readonly command: string;
}

/** For each demo key a request that is admitted, and for each project one that is refused. `gateway` is an authority's port. */
export function demoCommands(
  instance: Instance,
  keys: readonly DemoKey[],
  gatewayPort: number,
): DemoCommand[] {
  const commands: DemoCommand[] = [];
  const refused = new Set<string>();
  for (const { project: name, environment, key } of keys) {
    const project = instance.directory.project(name);
    const host = project && hostFor(project, environment);
    if (project === undefined || host === undefined) continue;
    const url = `http://${host.host}:${gatewayPort}`;
    commands.push({ title: `${project.title}, ${environment} key`, command: curl(project, url, key) });
    if (!refused.has(name))
      commands.push({ title: `${project.title}, refused: no key`, command: curl(project, url, undefined) });
    refused.add(name);
  }
  return commands;
}

function hostFor(project: Project, environment: string): ProjectHost | undefined {
  return project.hosts.find((host) => host.environment === undefined || host.environment === environment);
}

function curl({ file, credentials }: Project, url: string, key: string | undefined): string {
  const { method = "GET", path = "/", body } = file.client?.example ?? {};
  const header = credentials.bearer ? `Authorization: Bearer ${key}` : `${credentials.headers[0]}: ${key}`;
  return [
    "curl -i",
    ...(method === "GET" ? [] : [`-X ${method}`]),
    quote(`${url}${path}`),
    ...(key === undefined ? [] : [`-H ${quote(header)}`]),
    ...(body === undefined
      ? []
      : [`-H ${quote("Content-Type: application/json")}`, `-d ${quote(JSON.stringify(body))}`]),
  ].join(" ");
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
