// The header fields that the upstream sees: the client's own, less what only the gateway may say, plus who is calling.
import { type Address, printAddress } from "../policy/network.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import { type Field, foldName } from "./fields.ts";

/** Every name that begins so is ours alone. */
const IDENTITY_PREFIX = "claviger-";

/**
 * What would let a request be judged as one thing and served as another (hostile C16), speaks of a hop that is ours, or names
 * a client that nobody has checked (D05).
 */
const NEVER_FORWARDED = new Set(
  (
    "host expect x-http-method-override x-http-method x-method-override x-forwarded-for x-forwarded-host x-forwarded-proto " +
    "forwarded x-request-id x-real-ip x-client-ip true-client-ip cf-connecting-ip"
  ).split(" "),
);

export interface Onward {
  readonly project: Project;
  readonly verdict: Allowed;
  readonly fields: readonly Field[];
  readonly region: string | undefined;
  readonly host: string | undefined;
  readonly clientAddress: Address | undefined;
  readonly requestId: string;
}

/** A flat list of names and values. Identity fields are always all present, `-` where there is nothing to say. */
export function onwardHeaders(onward: Onward): string[] {
  const { project, fields } = onward;
  const { credentials, network } = project;
  const taken = new Set(
    [
      ...(credentials.bearer ? ["authorization"] : []),
      ...credentials.headers,
      network.clientAddressHeader,
    ].map(foldName),
  );
  const headers: string[] = [];
  for (const { name, sentName, value } of fields) {
    const folded = foldName(name);
    if (folded.startsWith(IDENTITY_PREFIX) || taken.has(folded) || NEVER_FORWARDED.has(folded)) continue;
    headers.push(sentName, value);
  }
  for (const [name, value] of Object.entries(identityOf(onward))) headers.push(name, headerText(value));
  return headers;
}

function identityOf({ verdict, region, host, clientAddress, requestId }: Onward): Record<string, string> {
  const { key } = verdict;
  const address = clientAddress && printAddress(clientAddress);
  return {
    "Claviger-Key-Id": key.id,
    "Claviger-Key-Name": key.name,
    "Claviger-Account": key.account,
    "Claviger-Environment": key.environment,
    "Claviger-Scopes": key.scopes.join(" ") || "-",
    "Claviger-Plan": key.plan ?? "-",
    "Claviger-Region": verdict.region ?? region ?? "-",
    ...(address !== undefined && { "X-Forwarded-For": address }),
    ...(host !== undefined && { "X-Forwarded-Host": host }),
    "X-Forwarded-Proto": "http",
    "X-Request-Id": requestId,
  };
}

/**
 * Printable ASCII as it is, all else and `%` percent-encoded as UTF-8, so that any name fits in one header line; a space at
 * either end too, where parsers take it for padding.
 */
function headerText(value: string): string {
  return value
    .replaceAll(/[^\x20-\x24\x26-\x7e]+/g, (part) => encodeURIComponent(part))
    .replaceAll(/^ | $/g, "%20");
}
