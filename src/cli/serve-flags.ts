// The flags of `claviger serve` and the variables that stand for them. They are read and checked, and nothing is opened.
import { type Command, InvalidArgumentError } from "commander";
import { CommandFailure } from "./failure.ts";
import { collect, EXIT, portNumber, type Terminal } from "./terminal.ts";

export interface ServeFlags {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly notify: boolean;
  readonly valkeyUrl?: string;
  readonly failStatic: number;
  readonly keysInMemory?: number;
  readonly acceptRestoredStore?: number;
  readonly port?: number;
  readonly gatewayPort?: number;
  readonly portalPort?: number;
  readonly portalUrl?: string;
  readonly consoleUrl?: string;
  readonly trustedProxy: string[];
  readonly authPort?: number;
  readonly extAuthzPort?: number;
  readonly metricsPort?: number;
  readonly proxySecretFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly maxConnectionsPerAddress?: number;
  readonly host: string;
  readonly project: string[];
  readonly rootKeyFile?: string;
  readonly demo?: boolean;
  readonly json?: boolean;
}

type Env = Terminal["env"];

export function addServeFlags(command: Command, env: Env): Command {
  addStoreFlags(command, env);
  addListenerFlags(command);
  return command
    .option("--host <h>", "address to listen on (CLAVIGER_HOST)", env.CLAVIGER_HOST ?? "127.0.0.1")
    .option("--project <file>", "project file to apply; repeatable", collect, [])
    .option(
      "--root-key-file <file>",
      "where to write the root key at first start, mode 0600; without it the key is printed once",
    )
    .option(
      "--demo",
      "add the bundled projects with sample upstreams and demo keys, unless --project is given",
    )
    .option("--json", "print one line of JSON when ready, for programs");
}

function addStoreFlags(command: Command, env: Env): void {
  command
    .option("--data <dir>", "folder of the embedded store (CLAVIGER_DATA)", env.CLAVIGER_DATA ?? "data")
    .option(
      "--database-url <url>",
      "PostgreSQL that several nodes share, instead of the embedded store (CLAVIGER_DATABASE_URL)",
    )
    .option("--no-notify", "look at the changes log instead of being woken, for databases without LISTEN")
    .option("--valkey-url <url>", "Valkey or Redis that several nodes count in (CLAVIGER_VALKEY_URL)")
    .option(
      "--fail-static <seconds>",
      "how long keys in memory are admitted when the database does not answer, 0 to 60; revoking waits as long",
      failStaticSeconds,
      0,
    )
    .option("--keys-in-memory <n>", "how many keys are kept in memory, about 1 kB each; 200000", keyCount)
    .option(
      "--accept-restored-store <change>",
      "start although the store is an older backup; the number is in the refusal",
      changeNumber,
    );
}

function addListenerFlags(command: Command): void {
  command
    .option("--port <n>", "control plane port (CLAVIGER_PORT), default 4000", portNumber)
    .option(
      "--gateway-port <n>",
      "gateway port (CLAVIGER_GATEWAY_PORT), default the control plane's + 1",
      portNumber,
    )
    .option(
      "--portal-port <n>",
      "port of the customers' portal (CLAVIGER_PORTAL_PORT), default the gateway's + 1",
      portNumber,
    )
    .option("--portal-url <url>", "where customers reach the portal (CLAVIGER_PORTAL_URL)")
    .option("--console-url <url>", "where operators reach the console (CLAVIGER_CONSOLE_URL)")
    .option(
      "--trusted-proxy <address>",
      "address or range whose X-Forwarded-For portal and console believe; repeatable",
      collect,
      [],
    )
    .option("--auth-port <n>", "port for proxies that ask by forward-auth (CLAVIGER_AUTH_PORT)", portNumber)
    .option(
      "--ext-authz-port <n>",
      "port for Envoy's ext_authz over gRPC (CLAVIGER_EXT_AUTHZ_PORT)",
      portNumber,
    )
    .option(
      "--metrics-port <n>",
      "port of the metrics, on --host when it is named (CLAVIGER_METRICS_PORT); else on loopback, the control plane's + 3",
      portNumber,
    )
    .option("--proxy-secret-file <file>", "what these proxies have to know (CLAVIGER_PROXY_SECRET)")
    .option(
      "--tls-cert <file>",
      "certificate with its chain, PEM: the gateway speaks HTTPS (CLAVIGER_TLS_CERT)",
    )
    .option("--tls-key <file>", "its key, PEM (CLAVIGER_TLS_KEY); both are read anew when they change")
    .option(
      "--max-connections-per-address <n>",
      "open connections of one client address at the gateway; without it any number",
      connectionCount,
    );
}

/** Throws InvalidArgumentError. */
function failStaticSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isInteger(seconds) || seconds < 0 || seconds > 60)
    throw new InvalidArgumentError("must be a whole number of seconds, 0 to 60");
  return seconds;
}

/** Throws InvalidArgumentError. */
function keyCount(text: string): number {
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new InvalidArgumentError("must be a whole number, 1 to 99999999");
  return Number(text);
}

/** Throws InvalidArgumentError. */
function connectionCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("must be a whole number of 1 or more");
  return Number(text);
}

/** Throws InvalidArgumentError. */
function changeNumber(text: string): number {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new InvalidArgumentError("must be the number of a change");
  return Number(text);
}

/** The ports that a variable may name. */
const PORT_VARIABLES = {
  port: "CLAVIGER_PORT",
  gatewayPort: "CLAVIGER_GATEWAY_PORT",
  portalPort: "CLAVIGER_PORTAL_PORT",
  authPort: "CLAVIGER_AUTH_PORT",
  extAuthzPort: "CLAVIGER_EXT_AUTHZ_PORT",
  metricsPort: "CLAVIGER_METRICS_PORT",
} as const;

/** Read here and not as the flags' defaults, so that a mistake in it stops no other command. Throws CommandFailure. */
export function withEnvironment(flags: ServeFlags, { env }: Pick<Terminal, "env">): ServeFlags {
  const missing = Object.entries(PORT_VARIABLES).filter(
    ([flag]) => flags[flag as keyof typeof PORT_VARIABLES] === undefined,
  );
  const named = missing.map(([flag, variable]) => [flag, portOf(variable, env[variable])] as const);
  const [portalUrl, consoleUrl] = [env.CLAVIGER_PORTAL_URL, env.CLAVIGER_CONSOLE_URL];
  const origins = {
    ...(portalUrl !== undefined && { portalUrl }),
    ...(consoleUrl !== undefined && { consoleUrl }),
  };
  return { ...origins, ...flags, ...Object.fromEntries(named.filter(([, port]) => port !== undefined)) };
}

function portOf(variable: string, text: string | undefined): number | undefined {
  try {
    return text === undefined ? undefined : portNumber(text);
  } catch (error) {
    throw new CommandFailure(`${variable}: ${(error as Error).message}`, EXIT.usage);
  }
}
