// Reads a Dockerfile, and builds its stages into folders where no daemon does: COPY and RUN as they stand, the images that stages
// begin with left empty. It knows the instructions that ours has and refuses any other.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export interface Instruction {
  readonly name: string;
  readonly words: string;
}

export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

export interface Copy {
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

const KNOWN = /^(FROM|WORKDIR|COPY|RUN|ENV|EXPOSE|VOLUME|USER|HEALTHCHECK|ENTRYPOINT|CMD)$/;

export function parseDockerfile(text: string): Stage[] {
  const stages: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of text.replaceAll(/\\\n/g, "").split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, name, words] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (name === undefined || words === undefined || !KNOWN.test(name))
      throw new Error(`not understood: ${line}`);
    if (name === "FROM") {
      const [, image, stage] = /^(\S+)(?: AS (\S+))?$/.exec(words) ?? [];
      stages.push({ image: image!, name: stage, instructions: [] });
    } else stages.at(-1)!.instructions.push({ name, words });
  }
  return stages;
}

/** The words of the instructions of that name, in order. */
export function wordsOf(stage: Stage, name: string): string[] {
  return stage.instructions.filter((one) => one.name === name).map(({ words }) => words);
}

export function copyOf(words: string): Copy {
  const parts = words.split(" ");
  const flags = parts.filter((part) => part.startsWith("--"));
  const paths = parts.filter((part) => !part.startsWith("--"));
  const from = flags.find((flag) => flag.startsWith("--from="))?.slice("--from=".length);
  return { from, sources: paths.slice(0, -1), target: paths.at(-1)! };
}

/** Whether a path of the context gets past a .dockerignore of `*` and exceptions; no other form is understood. */
export function passes(ignore: string, path: string): boolean {
  const lines = ignore.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const [all, ...exceptions] = lines;
  if (all !== "*" || exceptions.some((line) => !/^![\w./-]+$/.test(line))) throw new Error("not understood");
  return exceptions.some((line) => path === line.slice(1) || path.startsWith(`${line.slice(1)}/`));
}

/** Builds every stage below `folder`; answers the root of the last one. `path` is where RUN finds its programs. */
export function buildStages(context: string, folder: string, path: string): string {
  const ignore = readFileSync(join(context, ".dockerignore"), "utf8");
  const stages = parseDockerfile(readFileSync(join(context, "Dockerfile"), "utf8"));
  const roots = stages.map((_, index) => join(folder, `stage-${index}`));
  for (const [index, stage] of stages.entries()) {
    let cwd = "/";
    for (const { name, words } of stage.instructions) {
      const here = () => join(roots[index]!, cwd);
      if (name === "WORKDIR") {
        cwd = words;
        mkdirSync(here(), { recursive: true });
      }
      if (name === "RUN")
        execFileSync("sh", ["-c", words], {
          cwd: here(),
          env: { ...process.env, PATH: path },
          stdio: "pipe",
        });
      if (name !== "COPY") continue;
      const copy = copyOf(words);
      const from =
        copy.from === undefined ? context : roots[stages.findIndex((one) => one.name === copy.from)]!;
      const filter = (source: string) =>
        copy.from !== undefined || source === context || passes(ignore, source.slice(context.length + 1));
      const target = copy.target.startsWith("/")
        ? join(roots[index]!, copy.target)
        : join(here(), copy.target);
      copyAll(from, copy, target, filter);
    }
  }
  return roots.at(-1)!;
}

/** Of a folder its content, as Docker does. */
function copyAll(
  from: string,
  { sources, target: words }: Copy,
  target: string,
  filter: (source: string) => boolean,
) {
  for (const source of sources) {
    const path = join(from, source);
    if (!filter(path)) throw new Error(`.dockerignore keeps ${source} out of the build`);
    const isFolder = statSync(path).isDirectory();
    const to = isFolder || !words.endsWith("/") ? target : join(target, basename(source));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(path, to, { recursive: true, filter, verbatimSymlinks: true });
  }
}
