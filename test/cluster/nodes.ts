// Real server processes that share a database: started, frozen, killed, started again, and gone when the test ends.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printed, ROOT, type ServerProcess, startProcess } from "../support/server-process.ts";
import type { Ends } from "../support/services.ts";
import { type Answer, type Ask, type Line, openLine } from "./line.ts";

export interface Node {
  readonly name: string;
  readonly port: number;
  readonly gateway: string;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** The same node as a new process; on another port. */
  start(): Promise<void>;
  line(): Line;
  /** What it said of faults. */
  stderr(): string;
}

export interface Cluster {
  readonly nodes: readonly Node[];
  readonly rootKey: string;
  /** Asks the first node, or another. Throws when the answer is not a success. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
  manage(method: string, path: string, body?: unknown, node?: Node): Promise<any>;
}

export interface ClusterOptions {
  readonly count: number;
  readonly database: string;
  readonly valkey?: string | undefined;
  readonly flags?: readonly string[];
  /** Handed to the process instead of `database`, for the node of that number. */
  readonly databaseOf?: (index: number) => string;
}

interface Running {
  server: ServerProcess;
  port: number;
  gateway: string;
}

export async function startCluster(context: Ends, options: ClusterOptions): Promise<Cluster> {
  const pepper = randomBytes(32).toString("base64url");
  const folder = mkdtempSync(join(tmpdir(), "claviger-cluster-"));
  /** Also those that never came up, or have been killed. */
  const servers: ServerProcess[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  context.after(end);
  // Processes of their own groups outlive a runner that is stopped.
  process.once("exit", () => {
    for (const server of servers) void server.kill();
  });
  const launch = async (index: number): Promise<{ running: Running; rootKey: string }> => {
    const { count: _, database, databaseOf = () => database, valkey, flags = [] } = options;
    const data = join(folder, `node-${index}`);
    const words = ["serve", "--json", "--port", "0", "--data", data, ...flags];
    const server = startProcess(process.execPath, [join(ROOT, "bin/claviger.mjs"), ...words], {
      env: {
        CLAVIGER_PEPPER: pepper,
        CLAVIGER_DATABASE_URL: databaseOf(index),
        ...(valkey !== undefined && { CLAVIGER_VALKEY_URL: valkey }),
      },
    });
    servers.push(server);
    const told = JSON.parse(await printed(server, /\n/));
    const port = Number(new URL(told.controlPlane).port);
    return { running: { server, port, gateway: told.gateway }, rootKey: told.rootKey };
  };
  const first = await launch(0);
  const others = await Promise.all(
    Array.from({ length: options.count - 1 }, (_, index) => launch(index + 1)),
  );
  const { rootKey } = first;
  const nodes = [first, ...others].map(({ running }, index) => nodeOf(running, index, rootKey, launch));
  const lines = new Map<number, Line[]>();
  return { nodes, rootKey, manage: (...words) => manage(lines, rootKey, nodes[0]!, ...words) };
}

function nodeOf(
  running: Running,
  index: number,
  rootKey: string,
  launch: (index: number) => Promise<{ running: Running }>,
): Node {
  return {
    name: `node ${index + 1}`,
    get port() {
      return running.port;
    },
    get gateway() {
      return running.gateway;
    },
    signal: (name) => running.server.signal(name),
    kill: () => running.server.kill(),
    async start() {
      Object.assign(running, (await launch(index)).running);
    },
    line: () => openLine(running.port, rootKey),
    stderr: () => running.server.stderr(),
  };
}

async function manage(
  lines: Map<number, Line[]>,
  rootKey: string,
  first: Node,
  method: string,
  path: string,
  body?: unknown,
  node = first,
): Promise<unknown> {
  const idle = lines.get(node.port) ?? [];
  lines.set(node.port, idle);
  const line = idle.pop() ?? openLine(node.port, rootKey);
  const answer = await line.ask({ method, path, body });
  idle.push(line);
  return answered(answer, { method, path });
}

function answered({ status, body }: Answer, { method, path }: Ask): unknown {
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body}`);
  return body === "" ? undefined : JSON.parse(body);
}
