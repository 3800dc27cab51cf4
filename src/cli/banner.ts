// What `serve` says when it is ready: where it listens, what can be tried, and the root key when it has to be told.
import type { DemoCommand } from "./demo.ts";
import type { TakenPort } from "./ports.ts";
import type { ProxyPorts } from "./proxy-ports.ts";
import { urlHost } from "./ready.ts";
import type { RunningServer } from "./server.ts";

/** The key itself only where it was not written to a file. */
export type IssuedRootKey = { readonly text: string } | { readonly file: string };

/** The link itself only where the root key is not kept out of the output either: outputs end up in logs. */
export type IssuedSetupLink = { readonly text: string } | { readonly file: string };

export interface BannerFacts {
  readonly server: RunningServer;
  /** Those that were asked for. */
  readonly proxyPorts?: Pick<ProxyPorts, "forwardAuth" | "extAuthz">;
  readonly metrics: TakenPort & { readonly host: string };
  readonly host: string;
  /** Whether the gateway speaks TLS. */
  readonly isTls?: boolean;
  readonly commands: readonly DemoCommand[];
  readonly json: boolean;
  /** Only at first start. */
  readonly rootKey: IssuedRootKey | undefined;
  /** While there is no operator. */
  readonly setupLink: IssuedSetupLink | undefined;
}

export function banner(facts: BannerFacts): string {
  return facts.json ? jsonBanner(facts) : textBanner(facts);
}

function jsonBanner({
  server,
  proxyPorts: { forwardAuth, extAuthz } = {},
  metrics,
  host,
  isTls = false,
  commands,
  rootKey,
  setupLink,
}: BannerFacts): string {
  return JSON.stringify({
    controlPlane: url(host, server.control),
    gateway: url(host, server.gateway, isTls),
    portal: url(host, server.portal),
    ...(forwardAuth !== undefined && { forwardAuth: url(host, { port: forwardAuth }) }),
    ...(extAuthz !== undefined && { extAuthz: `${urlHost(host)}:${extAuthz}` }),
    metrics: `${url(metrics.host, metrics)}/metrics`,
    hosts: server
      .hostPorts()
      .map(({ project, host: name, port }) => ({ project, host: name, url: `http://127.0.0.1:${port}` })),
    commands,
    ...(setupLink !== undefined &&
      ("text" in setupLink ? { setupLink: setupLink.text } : { setupLinkFile: setupLink.file })),
    ...(rootKey !== undefined &&
      ("text" in rootKey ? { rootKey: rootKey.text } : { rootKeyFile: rootKey.file })),
  });
}

function textBanner({
  server,
  proxyPorts: { forwardAuth, extAuthz } = {},
  metrics,
  host,
  isTls = false,
  commands,
  rootKey,
  setupLink,
}: BannerFacts): string {
  const hosts = server.hostPorts();
  const width = Math.max(0, ...hosts.map((one) => one.host.length));
  return [
    "Claviger is ready.",
    "",
    `  Control plane  ${url(host, server.control)}${instead(server.control)}`,
    `  Gateway        ${url(host, server.gateway, isTls)}${instead(server.gateway)}`,
    `  Portal         ${url(host, server.portal)}${instead(server.portal)}`,
    `  Console        ${url(host, server.control)}/console/`,
    ...(forwardAuth === undefined ? [] : [`  Forward-auth   ${url(host, { port: forwardAuth })}`]),
    ...(extAuthz === undefined ? [] : [`  ext_authz      ${urlHost(host)}:${extAuthz}`]),
    `  Metrics        ${url(metrics.host, metrics)}/metrics${instead(metrics)}`,
    ...(hosts.length === 0 ? [] : ["", "Project hosts, each on the gateway and on a port of its own:"]),
    ...hosts.map((one) => `  ${one.host.padEnd(width)}  http://127.0.0.1:${one.port}${instead(one)}`),
    ...(commands.length === 0 ? [] : ["", "Try:"]),
    ...commands.flatMap(({ title, command }) => [`  # ${title}`, `  ${command}`]),
    ...rootKeyLines(rootKey),
    ...setupLines(setupLink),
    "",
  ].join("\n");
}

function rootKeyLines(rootKey: IssuedRootKey | undefined): string[] {
  if (rootKey === undefined) return [];
  if ("file" in rootKey) return ["", `The root key was written to ${rootKey.file}.`];
  return ["", "The root key, shown only now; keep it:", `  export CLAVIGER_ROOT_KEY=${rootKey.text}`];
}

function setupLines(setupLink: IssuedSetupLink | undefined): string[] {
  if (setupLink === undefined) return [];
  if ("file" in setupLink)
    return ["", `The link that makes the first operator of the console was written to ${setupLink.file}.`];
  return ["", "To become the first operator of the console, open this link once:", `  ${setupLink.text}`];
}

function url(host: string, { port }: TakenPort, isTls = false): string {
  return `${isTls ? "https" : "http"}://${urlHost(host)}:${port}`;
}

function instead({ insteadOf }: TakenPort): string {
  return insteadOf === undefined ? "" : `  (${insteadOf} is in use)`;
}
