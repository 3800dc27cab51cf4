// The header fields that the upstream sees: the client's own, less what only the gateway may say, plus who is calling.
import { type Address, printAddress } from "../policy/network.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Scheme } from "./arrival.ts";
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
  readonly scheme: Scheme;
  readonly clientAddress: Address | undefined;
  readonly requestId: string;
}

/** Whether the client's field of this name, in whatever spelling, may not go on to the upstream. */
export function takenBy(project: Project): (name: string) => boolean {
  const known = takers.get(project);
  if (known !== undefined) return known;
  const taker = makeTaker(project);
  takers.set(project, taker);
  return taker;
}

/** A project that changed is another object. */
const takers = new WeakMap<Project, (name: string) => boolean>();

function makeTaker({ credentials, network }: Project): (name: string) => boolean {
  const carriers = [...(credentials.bearer ? ["authorization"] : []), ...credentials.headers];
  const taken = new Set([...(credentials.keep ? [] : carriers), network.clientAddressHeader].map(foldName));
  return (name) => {
    const folded = foldName(name);
    return folded.startsWith(IDENTITY_PREFIX) || taken.has(folded) || NEVER_FORWARDED.has(folded);
  };
}

/** A flat list of names and values. Identity fields are always all present, `-` where there is nothing to say. */
export function onwardHeaders(onward: Onward): string[] {
  const isTaken = takenBy(onward.project);
  const headers: string[] = [];
  for (const { name, sentName, value } of onward.fields) if (!isTaken(name)) headers.push(sentName, value);
  return [...headers, ...Object.entries(identityOf(onward)).flat()];
}

function identityOf(onward: Onward): Record<string, string> {
  const { verdict, region, host, scheme, clientAddress, requestId } = onward;
  const address = clientAddress && printAddress(clientAddress);
  return {
    ...callerOf(verdict, region),
    ...(address !== undefined && { "X-Forwarded-For": address }),
    ...(host !== undefined && { "X-Forwarded-Host": headerText(host) }),
    "X-Forwarded-Proto": scheme,
    "X-Request-Id": requestId,
  };
}

/** Who is calling, under names that all begin with IDENTITY_PREFIX. `region` is the host's. */
export function callerOf(
  { key, region: asked }: Allowed,
  region: string | undefined,
): Record<string, string> {
  const caller = {
    "Claviger-Key-Id": key.id,
    "Claviger-Key-Name": key.name,
    "Claviger-Account": key.account,
    "Claviger-Environment": key.environment,
    "Claviger-Scopes": key.scopes.join(" ") || "-",
    "Claviger-Plan": key.plan ?? "-",
    "Claviger-Region": asked ?? region ?? "-",
  };
  return Object.fromEntries(Object.entries(caller).map(([name, value]) => [name, headerText(value)]));
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
