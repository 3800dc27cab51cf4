// The rules about who may import whom; may not look at anything but paths and imports.
import { type Import, importsOf, type Problem, type SourceFile } from "./imports.ts";

/** The staircase: a room may import rooms on lower steps only, never one on its own step. */
const STEPS = [
  ["base"],
  ["key", "policy"],
  ["project"],
  ["store"],
  ["verify", "manage", "people"],
  ["http", "gateway", "verifier"],
  ["open"],
  ["upkeep", "open-people"],
  ["embedded"],
  ["adapters"],
  ["index", "cli"],
];

/** Where the program is wired: the only files that choose a storage driver. */
const WIRING = ["src/open.ts", "src/open-people.ts", "src/cli/serve.ts"];
const DRIVER = /^src\/store\/(sqlite|postgres|valkey|memory)(?=\/|\.ts$)/;
const DRIVER_PACKAGES = ["better-sqlite3", "node:sqlite", "pg", "ioredis", "iovalkey"];

/** Rooms that compute and nothing else. `node:net` is not listed: its BlockList is arithmetic on addresses. */
const PURE_ROOMS = ["key", "policy"];
const OUTSIDE_WORLD =
  /^node:(fs|http|https|http2|dgram|tls|dns|child_process|worker_threads|cluster|sqlite)\b|^(undici|fastify|kysely|pino)$/;

interface Module {
  path: string;
  imports: Import[];
}

/** Every rule of this file over a whole tree. */
export function checkOrder(files: readonly SourceFile[]): Problem[] {
  const code = files.filter((file) => /\.[cm]?[jt]sx?$/.test(file.path));
  const modules = code.map((file) => ({ path: file.path, imports: importsOf(file) }));
  const src = modules.filter((module) => module.path.startsWith("src/"));
  return [
    ...src.flatMap(checkRoom),
    ...src.flatMap(checkDrivers),
    ...src.flatMap(checkPurity),
    ...modules.filter((module) => /^(console|sdks)\//.test(module.path)).flatMap(checkDoor),
    ...findCycles(src),
  ];
}

/** The room of a path: the folder under `src/`, or the name of a file that stands directly in it. */
function roomOf(path: string): string {
  return path.replace(/^src\//, "").replace(/(\/.*|\.ts)$/, "");
}

function stepOf(room: string): number {
  return STEPS.findIndex((rooms) => rooms.includes(room));
}

function checkRoom({ path, imports }: Module): Problem[] {
  const room = roomOf(path);
  const step = stepOf(room);
  if (step === -1)
    return [{ path, line: 1, message: `"${room}" is no room: give it a step in the room order` }];
  return imports.flatMap(({ line, target, relative }) => {
    if (target === undefined) return [{ path, line, message: "the target of an import must be written out" }];
    if (target === "claviger" || target.startsWith("claviger/")) {
      return [{ path, line, message: "src/ imports its own files by path, not by the package's name" }];
    }
    if (!relative) return [];
    if (!target.startsWith("src/")) return [{ path, line, message: `src/ may not import ${target}` }];
    const other = roomOf(target);
    if (other === room || stepOf(other) === -1) return [];
    if (stepOf(other) === step)
      return [{ path, line, message: `${room} and ${other} do not know each other` }];
    return stepOf(other) > step ? [{ path, line, message: `${room} may not import ${other}` }] : [];
  });
}

function checkDrivers({ path, imports }: Module): Problem[] {
  const own = path.match(DRIVER)?.[1];
  if (WIRING.includes(path)) return [];
  return imports.flatMap(({ line, target = "", relative }) => {
    const driver = relative ? target.match(DRIVER)?.[1] : undefined;
    if (driver !== undefined && driver !== own) {
      return [{ path, line, message: `only ${WIRING.join(" and ")} name the storage driver ${driver}` }];
    }
    if (own === undefined && DRIVER_PACKAGES.includes(target)) {
      return [{ path, line, message: `only a storage driver imports ${target}` }];
    }
    return [];
  });
}

function checkPurity({ path, imports }: Module): Problem[] {
  if (!PURE_ROOMS.includes(roomOf(path))) return [];
  return imports
    .filter(({ target }) => target !== undefined && OUTSIDE_WORLD.test(target))
    .map(({ line, target }) => ({
      path,
      line,
      message: `${roomOf(path)} is pure: it may not import ${target}`,
    }));
}

function checkDoor({ path, imports }: Module): Problem[] {
  return imports
    .filter(({ target = "" }) => target.startsWith("src/") || target === "claviger")
    .map(({ line }) => ({
      path,
      line,
      message: "the HTTP API is the only door: nothing of src/ may be imported",
    }));
}

/** One problem for each import that closes a circle; a type import closes one as well as a value does. */
function findCycles(modules: readonly Module[]): Problem[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const problems: Problem[] = [];
  const done = new Set<string>();
  const visit = (module: Module, trail: readonly string[]): void => {
    const path = [...trail, module.path];
    for (const { line, target, relative, loads } of module.imports) {
      const next = relative && loads ? byPath.get(target as string) : undefined;
      if (next === undefined || done.has(next.path)) continue;
      const start = path.indexOf(next.path);
      if (start === -1) visit(next, path);
      else {
        const circle = [...path.slice(start), next.path].join(" > ");
        problems.push({ path: module.path, line, message: `import cycle: ${circle}` });
      }
    }
    done.add(module.path);
  };
  for (const module of modules) if (!done.has(module.path)) visit(module, []);
  return problems;
}
