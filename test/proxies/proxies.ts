// Starts the proxies of Debian's packages with the configurations in examples/, their addresses and the secret put in place.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needProgram } from "../support/debian.ts";
import { ROOT, type ServerProcess, startProcess } from "../support/server-process.ts";
import { SECRET, type World } from "./world.ts";

export interface RunningProxy {
  readonly port: number;
  close(): Promise<void>;
}

interface Recipe {
  readonly program: string;
  readonly folder: string;
  readonly files: readonly string[];
  /** What a test run has beside the example. */
  readonly adapt?: (text: string, folder: string) => string;
  /** Another place of the example, for a port of its own. */
  readonly more?: (port: number) => Readonly<Record<string, string>>;
  readonly args: (folder: string) => string[];
}

const RECIPES = {
  nginx: {
    program: "nginx",
    folder: "nginx",
    files: ["nginx.conf"],
    // Everything that nginx writes goes to the folder of the run.
    adapt: (text, folder) => {
      const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
      const paths = kinds.map((kind) => `    ${kind}_temp_path ${folder}/${kind};`);
      return text.replace("http {", ["http {", "    access_log off;", ...paths].join("\n"));
    },
    args: (folder) => [
      ...["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"],
      ...["-g", `daemon off; master_process off; pid ${folder}/pid;`],
    ],
  },
  caddy: {
    program: "caddy",
    folder: "caddy",
    files: ["Caddyfile"],
    args: (folder) => ["run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")],
  },
  haproxy: {
    program: "haproxy",
    folder: "haproxy",
    files: ["haproxy.cfg", "claviger.lua"],
    more: (port) => ({ "4014": String(port) }),
    args: (folder) => ["-db", "-C", folder, "-f", join(folder, "haproxy.cfg")],
  },
} satisfies Record<string, Recipe>;

export const PROXY_NAMES = Object.keys(RECIPES) as (keyof typeof RECIPES)[];

/** Listens when it resolves. `damage` is done to the files beside the configuration. */
export async function startProxy(
  name: keyof typeof RECIPES,
  world: Pick<World, "app" | "authPort">,
  damage: (text: string) => string = (text) => text,
): Promise<RunningProxy> {
  const recipe: Recipe = RECIPES[name];
  const program = needProgram(recipe.program, recipe.program);
  const folder = mkdtempSync(join(tmpdir(), `claviger-${name}-`));
  const port = await freePort();
  const text = recipe.files.map((file) => readFileSync(join(ROOT, "examples", recipe.folder, file), "utf8"));
  const replaced: Readonly<Record<string, string>> = {
    "127.0.0.1:4004": `127.0.0.1:${world.authPort}`,
    "127.0.0.1:3000": world.app.url.replace("http://", ""),
    "CHANGE-ME": SECRET,
    "8080": String(port),
    ...recipe.more?.(await freePort()),
  };
  for (const [place, value] of Object.entries(replaced)) {
    if (!text.some((one) => one.includes(place))) throw new Error(`the example of ${name} has no ${place}`);
    for (const [index, one] of text.entries()) text[index] = one.replaceAll(place, value);
  }
  const { adapt = (one: string) => one } = recipe;
  for (const [index, file] of recipe.files.entries())
    writeFileSync(join(folder, file), index === 0 ? adapt(text[0]!, folder) : damage(text[index]!));
  const running = startProcess(program, recipe.args(folder), {
    cwd: folder,
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  await untilListening(running, port);
  return {
    port,
    async close() {
      await running.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Rejects with what the program said when it ended instead. */
async function untilListening(running: ServerProcess, port: number): Promise<void> {
  let ended = false;
  void running.exited.then(() => {
    ended = true;
  });
  while (!(await isListening(port))) {
    if (ended) throw new Error(`ended: ${running.stdout()}${running.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
