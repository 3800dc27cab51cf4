// Turns a project file into what the other rooms work with, and finds what the shape alone cannot: a scope that is not
// declared, a format that could be read in two ways, a route given twice. It adds the defaults and decides nothing.
import { compileFormat, formatsOverlap, type KeyFormat, KeyFormatError } from "../key/format.ts";
import type { Dialect } from "../policy/dialect.ts";
import type { RoutePolicy } from "../policy/judge.ts";
import type { Pot } from "../policy/pot.ts";
import type { RouteTable } from "../policy/route.ts";
import type { ScopeCatalogue } from "../policy/scope.ts";
import { type Access, compileAccess, type Plan, type Tier } from "./access.ts";
import { type CorsRules, compileCors } from "./cors.ts";
import {
  type CredentialRules,
  compileCredentials,
  compileDialect,
  compileHosts,
  compileNetwork,
  type NetworkRules,
  type ProjectHost,
} from "./delivery.ts";
import type { Limits } from "./limits.ts";
import { fieldName, type Locate, type Note, ProjectFileError, type ProjectProblem } from "./load.ts";
import { compileKeyBounds, compilePortal, type KeyBounds, type Portal } from "./portal.ts";
import type { ProjectFile } from "./schema.ts";

/** In milliseconds; what is absent is the same for all projects. */
export interface UpstreamTimeouts {
  /** Until the answer begins. */
  readonly headersTimeout?: number;
  /** Between two pieces of it. */
  readonly bodyTimeout?: number;
}

/** A project as it runs. Immutable; a changed file makes a new one. */
export interface Project {
  readonly name: string;
  readonly title: string;
  readonly file: ProjectFile;
  readonly hosts: readonly ProjectHost[];
  /** The first is the default of a new key. */
  readonly environments: readonly string[];
  /** The first is minted, all are read. */
  readonly formats: readonly [KeyFormat, ...KeyFormat[]];
  /** What a client may put before a key, such as `eu-`, to the region it asks for. */
  readonly regionPrefixes: ReadonlyMap<string, string>;
  readonly credentials: CredentialRules;
  readonly scopes: ScopeCatalogue;
  readonly defaultScopes: readonly string[] | undefined;
  readonly tiers: ReadonlyMap<string, Tier>;
  readonly limits: Limits;
  readonly plans: ReadonlyMap<string, Plan>;
  readonly defaultPlan: string | undefined;
  /** `undefined` when the file declares no routes: then every path is open to a valid key. */
  readonly routes: RouteTable<RoutePolicy> | undefined;
  /** What pays a cost that comes without a pot, in this order. */
  readonly pots: readonly Pot[];
  /** Whether anything of the project is paid for: a route has a cost or a plan an allowance. */
  readonly isMetered: boolean;
  /** Whether answers say what is in the pots: then they are looked into for every request, also where it pays nothing. */
  readonly tellsPots: boolean;
  readonly network: NetworkRules;
  /** Without it nothing is said to pages of other origins. */
  readonly cors: CorsRules | undefined;
  readonly upstream: string;
  /** Region to the URL that takes the place of `upstream`. */
  readonly regionUpstreams: ReadonlyMap<string, string>;
  readonly upstreamTimeouts: UpstreamTimeouts;
  readonly dialect: Dialect;
  readonly portal: Portal;
  readonly keyBounds: KeyBounds;
}

/** Nobody reads more at a time, and finding the line of each takes longer the longer the file is. */
const MAX_PROBLEMS = 1_000;

/** Throws ProjectFileError with every problem found, up to MAX_PROBLEMS. `locate` gives lines when the project came as text. */
export function compileProject(file: ProjectFile, source = "project", locate?: Locate): Project {
  const problems: ProjectProblem[] = [];
  const note: Note = (path, message) => {
    if (problems.length >= MAX_PROBLEMS) return;
    const line = locate?.(path);
    problems.push({ field: fieldName(path), message, ...(line !== undefined && { line }) });
  };
  const environments = compileEnvironments(file, note);
  const formats = compileFormats(file, environments, note);
  const access: Access = compileAccess(file, note);
  const credentials = compileCredentials(file, note);
  const project = {
    name: file.name,
    title: file.title ?? file.name,
    file,
    hosts: compileHosts(file, environments, note),
    environments,
    regionPrefixes: compileRegions(file, note),
    credentials,
    ...access,
    tellsPots: access.isMetered && speaksOfPots(file),
    network: compileNetwork(file, note),
    cors: compileCors(file, credentials, note),
    upstream: file.upstream ?? "sample",
    regionUpstreams: compileRegionUpstreams(file),
    upstreamTimeouts: compileTimeouts(file),
    dialect: compileDialect(file, credentials, note),
    portal: compilePortal(file, note),
    keyBounds: compileKeyBounds(file, note),
  };
  const [minted, ...accepted] = formats;
  if (problems.length > 0 || minted === undefined) throw new ProjectFileError(source, problems);
  return { ...project, formats: [minted, ...accepted] };
}

function compileEnvironments(file: ProjectFile, note: Note): readonly string[] {
  const { environments = ["live", "test"] } = file;
  for (const [index, name] of environments.entries()) {
    if (environments.indexOf(name) < index)
      note(["environments", index], `environment ${JSON.stringify(name)} is named twice`);
  }
  return [...new Set(environments)];
}

function compileRegions(file: ProjectFile, note: Note): Map<string, string> {
  const regions = new Map<string, string>();
  for (const [region, { keyPrefix }] of Object.entries(file.regions ?? {})) {
    const earlier = regions.get(keyPrefix);
    if (earlier !== undefined)
      note(["regions", region, "keyPrefix"], `${keyPrefix} is the prefix of region ${earlier} already`);
    regions.set(keyPrefix, region);
  }
  return regions;
}

/** Also a body or a message of a refusal may. */
function speaksOfPots({ dialect = {} }: ProjectFile): boolean {
  return dialect.rateLimitFields === true || /\{(?:credits|allowance\.)/.test(JSON.stringify(dialect));
}

function compileRegionUpstreams({ regions = {} }: ProjectFile): Map<string, string> {
  return new Map(
    Object.entries(regions).flatMap(([region, { upstream }]) =>
      upstream === undefined ? [] : [[region, upstream] as const],
    ),
  );
}

function compileTimeouts({
  upstreamTimeouts: { answerSeconds, silenceSeconds } = {},
}: ProjectFile): UpstreamTimeouts {
  return {
    ...(answerSeconds !== undefined && { headersTimeout: answerSeconds * 1000 }),
    ...(silenceSeconds !== undefined && { bodyTimeout: silenceSeconds * 1000 }),
  };
}

function compileFormats(file: ProjectFile, environments: readonly string[], note: Note): KeyFormat[] {
  const regionPrefixes = Object.values(file.regions ?? {}).map((region) => region.keyPrefix);
  const declared = [
    {
      format: file.keys?.format ?? `${file.name.replaceAll("-", "_")}_{env}_{secret:32}`,
      checksum: file.keys?.checksum,
      path: ["keys", "format"] as (string | number)[],
      minted: true,
    },
    ...(file.keys?.accept ?? []).map((one, index) => ({
      ...one,
      path: ["keys", "accept", index, "format"],
      minted: false,
    })),
  ];
  const formats: KeyFormat[] = [];
  for (const { format, checksum = "crc32", path, minted } of declared) {
    try {
      const compiled = compileFormat(format, { environments, checksum, regionPrefixes, minted });
      const twin = formats.find((earlier) => formatsOverlap(earlier, compiled));
      if (twin !== undefined && twin.checksum !== compiled.checksum) {
        note(path, `also fits ${twin.template}, whose checksum differs: typos would get through`);
      }
      formats.push(compiled);
    } catch (error) {
      if (!(error instanceof KeyFormatError)) throw error;
      note(path, error.message);
    }
  }
  return formats;
}
