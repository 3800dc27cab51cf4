// The sections about keys: where one stands in a request, what it looks like, and which hosts take it.
import { CHECKSUM_LENGTH } from "../../key/checksum.ts";
import { formatRegex, type KeyFormat } from "../../key/format.ts";
import type { Project } from "../compile.ts";
import { answerTo } from "./denials.ts";
import { type ExampleRequest, environmentVariable } from "./example.ts";
import { alternatives, code, codeList, fence, list, prose, section, table } from "./markdown.ts";
import { snippets } from "./snippets.ts";

/** The accepted places, the recommended one first; as Markdown. */
export function places({ credentials, file }: Project): string[] {
  const { bearer, query } = credentials;
  return [
    ...(bearer ? [code("Authorization: Bearer <key>")] : []),
    ...(file.credentials?.headers ?? []).map((name) => code(`${name}: <key>`)),
    ...(query.on === "upgrade" ? [`${code(`?${query.name}=<key>`)} on WebSocket upgrades only`] : []),
  ];
}

export function sendSection(project: Project, request: ExampleRequest): string {
  const variable = environmentVariable(project);
  const { query, bearer, headers, ticket } = project.credentials;
  const inUrl =
    query.on === "never"
      ? "A key in the URL is never accepted: URLs end up in logs."
      : "On any other request a key in the URL is not accepted: URLs end up in logs.";
  const upgrades = bearer || headers.length > 0 ? " Headers work on WebSocket upgrades too." : "";
  return section(
    "Send the key",
    `Every request carries an API key in one of these places${places(project).length > 1 ? ", the first being the recommended one" : ""}:`,
    list(places(project)),
    `${inUrl}${upgrades} Send the key once: a request with more than one is refused (${answerTo(project, "multiple_credentials")}).`,
    ticket === undefined
      ? undefined
      : `Instead of a key a WebSocket may bring a one-time ticket in ${code(`?${ticket}=<ticket>`)}, so that a browser need not hold a key. Your own server gets it from the API.`,
    `The examples read the key from the environment variable ${code(variable)}:`,
    fence("sh", `export ${variable}="<key>"`),
    ...snippets(project, request).flatMap(({ title, language, code: text }) => [
      `### ${title}`,
      fence(language, text),
    ]),
  )!;
}

export function formatSection(project: Project): string {
  const [format, ...older] = project.formats;
  const lengths = [...new Set(format.forms.map(({ length }) => length))].sort((one, other) => one - other);
  return section(
    "Key format",
    `A key has ${alternatives(lengths.map(String))} characters, made of these parts in this order:`,
    table(["Part", "Meaning"], partRows(format)),
    "A regular expression for secret scanners:",
    fence("text", formatRegex(format)),
    "Compare and store keys exactly as they are: letter case counts, and nothing is trimmed.",
    older.length === 0
      ? undefined
      : `Keys of older formats are accepted too, and no longer made:\n\n${list(older.map(olderFormat))}`,
  )!;
}

function partRows(format: KeyFormat): string[][] {
  return format.pieces.map((piece) => {
    if (piece.kind === "literal") return [code(piece.text), "Always this"];
    if (piece.kind === "env")
      return [alternatives(format.environments.map(code)), "The environment that the key belongs to"];
    const meaning = piece.kind === "id" ? "The key's public id, which is not secret" : secretWords(format);
    return [`${piece.length} letters and digits`, meaning];
  });
}

/** Each base62 character carries log2(62) bits. */
function secretWords({ checksum, randomLength }: KeyFormat): string {
  const bits = Math.floor(randomLength * Math.log2(62));
  const random = `The secret: ${randomLength} random characters (${bits} bits)`;
  if (checksum === "none") return random;
  return `${random}, then ${CHECKSUM_LENGTH} that are the base62 CRC-32 of all before them, so that a typo is noticed at once`;
}

function olderFormat(format: KeyFormat): string {
  const checksum = format.checksum === "none" ? "without a checksum" : "with the same checksum";
  return `${code(format.template)}, ${checksum}: ${code(formatRegex(format))}`;
}

export function hostSection(project: Project): string | undefined {
  const { hosts, environments, formats } = project;
  const [first = ""] = environments;
  const hidden = formats[0].environments.length === 0 && environments.length > 1;
  const rows = hosts.map(({ host, environment, region }) => [
    code(host),
    environment === undefined ? "every environment" : code(environment),
    region === undefined ? "" : code(region),
  ]);
  return section(
    "Environments and hosts",
    environments.length === 1
      ? `There is one environment, ${code(first)}.`
      : `A key belongs to one environment: ${alternatives(environments.map(code))}. A key that is made without naming one is a ${code(first)} key.`,
    hidden ? "The environment cannot be seen in the key: name your keys after it." : undefined,
    hosts.length === 0 ? undefined : table(["Host", "Takes keys of", "Region"], rows),
  );
}

export function regionSection(project: Project): string | undefined {
  const regions = [...project.regionPrefixes];
  if (regions.length === 0) return undefined;
  const rows = regions.map(([prefix, region]) => [code(region), code(`${prefix}<key>`)]);
  return section(
    "Regions",
    "A prefix before the key, wherever the key stands, asks for a region. It is the same key, and every host takes it with and without the prefix.",
    table(["Region", "Send"], rows),
  );
}

/** For the compact list: `host` or `host (environment, region)`. */
export function hostFacts({ hosts }: Project): string {
  return hosts
    .map(({ host, environment, region }) => {
      const notes = [environment, region].filter((note) => note !== undefined);
      return notes.length === 0 ? code(host) : `${code(host)} (${prose(notes.join(", "))})`;
    })
    .join(", ");
}

export function regexList({ formats }: Project): string {
  return codeList(formats.map(formatRegex));
}
