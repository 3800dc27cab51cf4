// What the gateway costs: requests per second and added latency with authentication, a rate limit and a metered route, against bare
// undici proxies in the same style of process and nginx that asks Claviger, all before one upstream. Run: npm run bench:gateway [rounds]
import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GatewayFacts } from "./gateway-servers.ts";
import { type Load, load } from "./load.ts";
import { compare, middle } from "./rounds.ts";

const ROUNDS = Number(process.argv[2] ?? 9);
const REQUESTS = Number(process.argv[3] ?? 15_000);
const CONNECTIONS = 32;
/** Few enough that nobody waits for anybody else. */
const QUIET_CONNECTIONS = 2;
const QUIET_REQUESTS = Math.ceil(REQUESTS / 5);
const SECRET = "a-secret-of-the-benchmark";
const HOST = "bench.localhost";

const children: ChildProcess[] = [];

function start(...args: string[]): Promise<GatewayFacts> {
  const script = fileURLToPath(new URL("./gateway-servers.ts", import.meta.url));
  const profile = process.env.BENCH_PROFILE === args[0] ? ["--cpu-prof"] : [];
  const child = fork(script, args, { stdio: "inherit", execArgv: [...process.execArgv, ...profile] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once("message", (facts) => resolve(facts as GatewayFacts));
    child.once("exit", (code) => reject(new Error(`the ${args[0]} server ended with ${code}`)));
  });
}

/** The example, with the ports of this run; `undefined` where no nginx is installed. */
async function startNginx(folder: string, app: number, auth: number): Promise<number | undefined> {
  const example = readFileSync(new URL("../examples/nginx/nginx.conf", import.meta.url), "utf8");
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `    ${kind}_temp_path ${folder}/${kind};`,
  );
  const text = example
    .replace("http {", ["http {", "    access_log off;", ...temporary].join("\n"))
    .replaceAll("127.0.0.1:4004", `127.0.0.1:${auth}`)
    .replaceAll("127.0.0.1:3000", `127.0.0.1:${app}`)
    .replaceAll("CHANGE-ME", SECRET)
    .replaceAll("forward-auth/acme", "forward-auth/bench")
    .replaceAll("api.example.com", HOST)
    .replace("listen 8080", `listen 127.0.0.1:${port}`);
  const file = join(folder, "nginx.conf");
  writeFileSync(file, text);
  const settings = `daemon off; master_process off; pid ${folder}/pid;`;
  const child = spawn("nginx", ["-p", folder, "-c", file, "-e", "stderr", "-g", settings], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  const ended = new Promise<"ended">((resolve) => {
    child.once("error", () => resolve("ended"));
    child.once("exit", () => resolve("ended"));
  });
  children.push(child);
  const listening = await Promise.race([ended, untilListening(port)]);
  return listening === "ended" ? undefined : port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

type Way = Pick<Load, "port" | "path">;

const around = (key: string, { port, path }: Way): Omit<Load, "connections" | "requests"> => ({
  ...{ port, path, method: "GET", host: HOST, body: "" },
  headers: { authorization: `Bearer ${key}`, accept: "application/json", "user-agent": "bench/1" },
});

/** Medians over rounds of the median and the 99th of a hundred, in milliseconds. */
async function latencies(key: string, ways: Readonly<Record<string, Way>>): Promise<void> {
  const told = new Map(Object.keys(ways).map((name) => [name, { p50: [] as number[], p99: [] as number[] }]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const entries = Object.entries(ways);
    for (const [name, way] of round % 2 === 0 ? entries : entries.reverse()) {
      const times: number[] = [];
      const onLatency = (ms: number): void => void times.push(ms);
      const amount = { connections: QUIET_CONNECTIONS, requests: QUIET_REQUESTS, onLatency };
      await load({ ...around(key, way), ...amount });
      times.sort((one, other) => one - other);
      told.get(name)!.p50.push(times[Math.floor(times.length * 0.5)]!);
      told.get(name)!.p99.push(times[Math.floor(times.length * 0.99)]!);
    }
  }
  const [direct] = told.values();
  console.log(
    `\nLatency over ${QUIET_CONNECTIONS} connections, ms (medians of ${ROUNDS} rounds; added to the upstream's own)`,
  );
  for (const [name, { p50, p99 }] of told) {
    const [half, most] = [middle(p50), middle(p99)];
    const added = `+${(half - middle(direct!.p50)).toFixed(3)} / +${(most - middle(direct!.p99)).toFixed(3)}`;
    console.log(`  ${name.padEnd(34)}  p50 ${half.toFixed(3)}  p99 ${most.toFixed(3)}  (${added})`);
  }
}

const folder = mkdtempSync(join(tmpdir(), "claviger-bench-"));
try {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`);
  const upstream = await start("upstream");
  const url = `http://127.0.0.1:${upstream.port}`;
  const bare = await start("bare", url);
  const leanest = await start("leanest", url);
  const { port, authPort = 0, key = "" } = await start("gateway", url, join(folder, "data"), SECRET);
  const nginx = await startNginx(folder, upstream.port, authPort);
  if (nginx === undefined) console.log("nginx is not installed and left out");
  const ways: Readonly<Record<string, Way>> = {
    "the upstream itself": { port: upstream.port, path: "/plain" },
    "bare undici proxy": { port: bare.port, path: "/plain" },
    "bare undici proxy without streams": { port: leanest.port, path: "/plain" },
    "gateway, authentication": { port, path: "/plain" },
    "gateway, and a rate limit": { port, path: "/limited" },
    "gateway, metered": { port, path: "/metered" },
    ...(nginx !== undefined && { "nginx that asks Claviger": { port: nginx, path: "/plain" } }),
  };
  const contender = (name: string) => ({
    name,
    round: () => load({ ...around(key, ways[name]!), connections: CONNECTIONS, requests: REQUESTS }),
  });
  const rest = Object.keys(ways).filter((name) => name !== "bare undici proxy");
  await compare(
    `Requests through each way, ${CONNECTIONS} connections, ${REQUESTS} requests a round, everything on the same ${cpus().length} cores`,
    [
      "gateway, authentication",
      "bare undici proxy",
      ...rest.filter((name) => name !== "gateway, authentication"),
    ].map(contender),
    ROUNDS,
  );
  await latencies(key, ways);
} finally {
  for (const child of children) child.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
