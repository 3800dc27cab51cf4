// What `serve` says when it is ready: where it listens, what can be tried, and the root key when it has to be told.
import type { DemoCommand } from "./demo.ts";
import type { TakenPort } from "./ports.ts";
import type { RunningServer } from "./server.ts";

export interface BannerFacts {
  readonly server: RunningServer;
  readonly host: string;
  readonly commands: readonly DemoCommand[];
  readonly json: boolean;
  /** Only at first start and only without a file for it. */
  readonly rootKey: string | undefined;
  readonly rootKeyFile: string | undefined;
}

export function banner(facts: BannerFacts): string {
  return facts.json ? jsonBanner(facts) : textBanner(facts);
}

function jsonBanner({ server, host, commands, rootKey }: BannerFacts): string {
  return JSON.stringify({
    controlPlane: `http://${host}:${server.control.port}`,
    gateway: `http://${host}:${server.gateway.port}`,
    hosts: server
      .hostPorts()
      .map(({ project, host: name, port }) => ({ project, host: name, url: `http://127.0.0.1:${port}` })),
    commands,
    ...(rootKey !== undefined && { rootKey }),
  });
}

function textBanner({ server, host, commands, rootKey }: BannerFacts): string {
  const hosts = server.hostPorts();
  const width = Math.max(0, ...hosts.map((one) => one.host.length));
  return [
    "Claviger is ready.",
    "",
    `  Control plane  http://${host}:${server.control.port}${instead(server.control)}`,
    `  Gateway        http://${host}:${server.gateway.port}${instead(server.gateway)}`,
    ...(hosts.length === 0 ? [] : ["", "Project hosts, each on the gateway and on a port of its own:"]),
    ...hosts.map((one) => `  ${one.host.padEnd(width)}  http://127.0.0.1:${one.port}${instead(one)}`),
    ...(commands.length === 0 ? [] : ["", "Try:"]),
    ...commands.flatMap(({ title, command }) => [`  # ${title}`, `  ${command}`]),
    ...(rootKey === undefined
      ? []
      : ["", "The root key, shown only now; keep it:", `  export CLAVIGER_ROOT_KEY=${rootKey}`]),
    "",
  ].join("\n");
}

function instead({ insteadOf }: TakenPort): string {
  return insteadOf === undefined ? "" : `  (${insteadOf} is in use)`;
}
