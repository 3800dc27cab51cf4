// All that client packages are made of, gathered from a compiled project and checked, so that what writes them decides nothing.
import { mintKey } from "../../key/mint.ts";
import type { Project } from "../compile.ts";
import type { Note } from "../load.ts";
import { baseUrlOf, environmentVariable } from "../page/example.ts";
import { canBeClass, canBeModule, pascalCase, snakeCase } from "./identifiers.ts";
import { plainLine } from "./literals.ts";
import { type Operation, operationsOf } from "./operations.ts";

export type Language = "python" | "typescript";

export interface ClientDescription {
  /** One line. */
  readonly title: string;
  readonly summary: string;
  readonly packageName: string;
  /** What Python imports. */
  readonly moduleName: string;
  readonly className: string;
  /** Three numbers with dots: what both registries take. */
  readonly version: string;
  readonly environmentVariable: string;
  readonly baseUrlVariable: string;
  readonly baseUrl: string;
  readonly regions: readonly ClientRegion[];
  readonly formats: readonly { readonly template: string; readonly checksum: "crc32" | "none" }[];
  /** Instead of Authorization: Bearer. */
  readonly keyHeader: string | undefined;
  /** Of WebSocket upgrades. */
  readonly keyParameter: string | undefined;
  readonly groups: ReadonlyMap<string, readonly Operation[]>;
  /** Has the form of a key and is none: its secret is the alphabet. For the package's own tests. */
  readonly sampleKey: string;
}

export interface ClientRegion {
  readonly name: string;
  /** Before a key, such as `eu-`. */
  readonly prefix: string;
  readonly baseUrl: string;
}

/** Notes what the project file lacks or has in a way that no package can be made of. */
export function describeClient(
  project: Project,
  language: Language,
  version: string,
  note: Note,
): ClientDescription {
  const { file, formats, credentials } = project;
  const packageName = packageNameOf(project, language);
  const variable = environmentVariable(project);
  return {
    title: plainLine(project.title) || project.name,
    summary: plainLine(`${file.description ?? ""}`) || `The client of ${project.name}.`,
    packageName,
    moduleName: moduleNameOf(project, packageName, note),
    className: classNameOf(project, note),
    version,
    environmentVariable: variable,
    baseUrlVariable: `${variable.replace(/_?API_KEY$/, "") || variable}_BASE_URL`,
    baseUrl: checkedUrl(baseUrlOf(project), ["client", "baseUrl"], note),
    regions: regionsOf(project, note),
    formats: formats.map(({ template, checksum }) => ({ template, checksum })),
    keyHeader: credentials.bearer ? undefined : keyHeaderOf(project, note),
    keyParameter: credentials.query.on === "upgrade" ? credentials.query.name : undefined,
    groups: operationsOf(file, note),
    sampleKey: sampleKey(project),
  };
}

/** The kits' own names, which a package that depends on them cannot have. */
const KITS = /^(?:claviger-client|@claviger\/client)$/;

function packageNameOf({ name, file }: Project, language: Language): string {
  const declared = file.client?.packageName;
  const own = typeof declared === "string" ? declared : (declared?.[language] ?? name);
  return KITS.test(own) ? `${own}-of-${name}` : own;
}

function moduleNameOf({ file }: Project, packageName: string, note: Note): string {
  const name = file.client?.moduleName ?? snakeCase(packageName);
  if (!canBeModule(name))
    note(["client", "moduleName"], `Python cannot import ${JSON.stringify(name)}: name another module`);
  return name;
}

function classNameOf({ name, title, file }: Project, note: Note): string {
  const own = file.client?.className ?? (canBeClass(title) ? title : pascalCase(name));
  if (!canBeClass(own))
    note(["client", "className"], `${JSON.stringify(own)} cannot be the name of the class: name another`);
  return own;
}

/** What the kits take: neither user name nor query nor fragment, which would swallow the path. */
function checkedUrl(url: string | undefined, path: readonly string[], note: Note): string {
  if (url !== undefined && /^https?:\/\/[^\s@?#\\]+$/.test(url)) return url.replace(/\/+$/, "");
  note(
    [...path],
    `${url ?? "it"} is no address that paths can follow: give one such as https://api.acme.com`,
  );
  return "";
}

function regionsOf(project: Project, note: Note): ClientRegion[] {
  return [...project.regionPrefixes].map(([prefix, name]) => {
    const declared = project.file.client?.regions?.[name];
    const host = project.hosts.find(({ region }) => region === name)?.host;
    const url = declared ?? (host === undefined ? undefined : baseUrlOf({ ...project, ...onlyHost(host) }));
    return { name, prefix, baseUrl: checkedUrl(url, ["client", "regions", name], note) };
  });
}

/** The parts of a project that say where it is, as if it had this host alone. */
function onlyHost(host: string): Pick<Project, "hosts" | "file"> {
  return { hosts: [{ host, environment: undefined, region: undefined }], file: { name: "region" } };
}

function keyHeaderOf({ file }: Project, note: Note): string | undefined {
  const [header] = file.credentials?.headers ?? [];
  if (header === undefined) note(["credentials"], "names no header, and clients send the key in one");
  return header;
}

function sampleKey({ formats: [format], environments }: Project): string {
  const randomBytes = (size: number) => Uint8Array.from({ length: size }, (_, index) => index % 62);
  return mintKey(format, { environment: environments[0], randomBytes }).text;
}
