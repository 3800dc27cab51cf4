// The people of a server: opened beside its store, with the doors of portal and console, their pages, and the link by which the first
// operator comes in.
import { fileURLToPath } from "node:url";
import type { Logger } from "../base/log.ts";
import { type Pages, readPages } from "../http/pages.ts";
import type { PeopleDoor } from "../http/people-door.ts";
import type { Instance, InstanceOptions } from "../open.ts";
import { openPeopleOf } from "../open-people.ts";
import { linkTo } from "../people/letters.ts";
import { compileAllowlist, parseAllowlist } from "../policy/network.ts";
import { CommandFailure } from "./failure.ts";
import type { TakenPort } from "./ports.ts";
import { urlHost } from "./ready.ts";
import { EXIT } from "./terminal.ts";

export interface Visits {
  readonly portal: PeopleDoor;
  readonly console: PeopleDoor;
  readonly pages: { readonly portal: Pages; readonly operator: Pages };
  /** From here on links lead there, unless public addresses are configured. */
  listensOn(host: string, ports: { readonly control: TakenPort; readonly portal: TakenPort }): void;
  /** `undefined` where there is an operator. */
  setupLink(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface VisitFlags {
  readonly portalUrl?: string | undefined;
  readonly consoleUrl?: string | undefined;
  readonly trustedProxy: readonly string[];
  readonly demo?: boolean | undefined;
}

/** Throws CommandFailure and StoreUnavailable. */
export async function openVisits(
  instance: Instance,
  options: InstanceOptions,
  flags: VisitFlags,
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): Promise<Visits> {
  const origins = {
    portal: originOf("--portal-url", flags.portalUrl),
    console: originOf("--console-url", flags.consoleUrl),
  };
  const local = { portal: "http://127.0.0.1", console: "http://127.0.0.1" };
  const urls = {
    get portal() {
      return origins.portal ?? local.portal;
    },
    get console() {
      return origins.console ?? local.console;
    },
  };
  const mail = mailOf(env);
  // Who only looks around needs no mail.
  if (mail === undefined && flags.demo !== true)
    log.warn(
      "no mail can be sent (CLAVIGER_SMTP_URL is not set): links for resets and invitations are made by operators, in the console or with `claviger people`",
    );
  const people = await openPeopleOf(instance, options, { urls, mail });
  const { issueSetupToken } = await import("../people/operators.ts");
  const trustedProxies = proxiesOf(flags.trustedProxy);
  const door = (origin: string | undefined): PeopleDoor => ({ people, origin, trustedProxies });
  return {
    portal: door(origins.portal),
    console: door(origins.console),
    pages: { portal: readPages(folderOf("portal")), operator: readPages(folderOf("operator")) },
    listensOn(host, { control, portal }) {
      const reachable = urlHost(host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host);
      local.portal = `http://${reachable}:${portal.port}`;
      local.console = `http://${reachable}:${control.port}`;
    },
    async setupLink() {
      const token = await issueSetupToken(people.operators, people.tables);
      return token && linkTo({ url: `${urls.console}/console`, title: "Claviger" }, "setup", token);
    },
    close: () => people.close(),
  };
}

/** From `src/cli` and from `dist/cli` alike. */
function folderOf(face: "portal" | "operator"): string {
  return fileURLToPath(new URL(`../../dist/console/${face}`, import.meta.url));
}

function originOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search + url.hash !== "")
    throw new CommandFailure(`${flag} must be an origin such as https://keys.example.com`, EXIT.usage);
  return url.origin;
}

function mailOf(
  env: Readonly<Record<string, string | undefined>>,
): { url: string; from: string } | undefined {
  const [url, from] = [env.CLAVIGER_SMTP_URL, env.CLAVIGER_MAIL_FROM];
  if (url === undefined || url === "") return undefined;
  if (!/^smtps?:\/\//.test(url))
    throw new CommandFailure("CLAVIGER_SMTP_URL must begin with smtp:// or smtps://", EXIT.usage);
  if (from === undefined || from === "")
    throw new CommandFailure(
      "CLAVIGER_MAIL_FROM must say who writes, such as Acme <no-reply@acme.com>",
      EXIT.usage,
    );
  return { url, from };
}

function proxiesOf(entries: readonly string[]) {
  const parsed = parseAllowlist(entries, { confirmAny: false });
  if (!parsed.ok) throw new CommandFailure(`--trusted-proxy: ${parsed.problems[0]?.message}`, EXIT.usage);
  return compileAllowlist(parsed.entries);
}
