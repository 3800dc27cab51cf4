// Client authentication of OAuth (RFC 6749 section 2.3.1): a root key as the password of Basic, with the project as user, or
// as Bearer. It judges nothing itself.
import type { FastifyReply, FastifyRequest } from "fastify";
import { ClavigerError } from "../base/errors.ts";
import type { Credential } from "../verify/question.ts";
import type { OperationParts } from "./operation.ts";
import { authorizationLines, judgeRootKey, REALM, refuse, rootCredential } from "./principal.ts";

export interface Client {
  /** The project that Basic names; Bearer names none. */
  readonly project: string | undefined;
}

const BASIC = /^basic +([A-Za-z0-9+/]+=*)$/i;
const BASIC_CHALLENGE = `Basic realm="${REALM}", charset="UTF-8"`;

/** Throws the problem, with a challenge in the scheme that was tried on the reply; in both where none was. */
export async function authenticateClient(
  { verify, directory }: OperationParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Client> {
  const [line = ""] = authorizationLines(request.raw.rawHeaders);
  const basic = /^basic\b/i.test(line) ? readBasic(line) : undefined;
  const bearer = rootCredential(request.raw.rawHeaders);
  const credential = basic === undefined || bearer.kind === "many" ? bearer : basic.credential;
  const verdict = await judgeRootKey(verify, request, credential, "keys:verify");
  if (verdict.allowed && (basic === undefined || directory.project(basic.user) !== undefined))
    return { project: basic?.user };
  const error = verdict.allowed
    ? new ClavigerError("invalid_key", "The project or the root key is not valid.")
    : refuse(reply, verdict, "keys:verify");
  if (basic !== undefined && error.status !== 400) reply.header("www-authenticate", BASIC_CHALLENGE);
  if (error.code === "missing_key")
    reply.header("www-authenticate", [BASIC_CHALLENGE, `Bearer realm="${REALM}"`]);
  throw error;
}

interface Basic {
  readonly user: string;
  readonly credential: Credential;
}

/** RFC 7617, both parts form-encoded once more. */
function readBasic(line: string): Basic {
  const unreadable: Basic = { user: "", credential: { kind: "unreadable", hint: "Basic cannot be read." } };
  const encoded = BASIC.exec(line)?.[1];
  if (encoded === undefined) return unreadable;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const user = formDecode(text.slice(0, Math.max(0, colon)));
  const password = formDecode(text.slice(colon + 1));
  if (colon === -1 || user === undefined || password === undefined || password === "") return unreadable;
  return { user, credential: { kind: "key", text: password } };
}

function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
