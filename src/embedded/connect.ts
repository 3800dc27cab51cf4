// The same questions put to a server over HTTP. A verdict is a value and only faults throw; nothing is asked twice, because an allowed
// verdict has spent.
import type { ProjectDescription } from "../manage/describe.ts";
import { compileProject, type Project } from "../project/compile.ts";
import type { HoldDescription, Verifier } from "./claviger.ts";
import { closed } from "./faults.ts";
import { readQuestion, type VerifyQuestion } from "./question.ts";
import { type Call, createRemote, type Remote } from "./remote.ts";
import type { DeniedVerdict, Verdict } from "./verdict.ts";

export interface ConnectOptions {
  /** Of the control plane, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** With the scope `keys:verify`; `projects:read` too where questions name `authorization` or `request`. */
  readonly rootKey: string;
  /** For an answer to begin; 5,000 when absent. */
  readonly timeoutMs?: number;
}

/** Asks nothing yet. Throws `validation_failed` for a URL or a root key that cannot be one. */
export function connect({ url, rootKey, timeoutMs = 5_000 }: ConnectOptions): Verifier {
  const remote = createRemote({ url, rootKey, timeoutMs });
  const projects = rememberProjects(remote);
  let closing: Promise<void> | undefined;
  const call = <Answer>(what: Call): Promise<Answer> => {
    if (closing !== undefined) throw closed();
    return remote.call<Answer>(what);
  };
  const close = (): Promise<void> => {
    closing ??= remote.close();
    return closing;
  };
  const end = (hold: string, how: string, json: object) =>
    call<HoldDescription>({ method: "POST", path: ["v1", "holds", hold, how], json });
  return {
    verify: async (asked) => {
      const { denied, json } = await wireQuestion(asked, projects);
      return denied ?? call<Verdict>({ method: "POST", path: ["v1", "verify"], json });
    },
    holds: {
      settle: async (hold, cost) => end(hold, "settle", { cost }),
      release: async (hold) => end(hold, "release", {}),
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * What the server is asked. It takes one credential as text: that there is none, or more than one, or none that can be read, is said
 * here, and such a verdict is in no usage.
 */
async function wireQuestion(
  asked: VerifyQuestion,
  projectOf: (name: string) => Promise<Project>,
): Promise<{ readonly denied?: DeniedVerdict; readonly json: object }> {
  const isKey = "key" in asked && asked.authorization === undefined && asked.request === undefined;
  const project = isKey ? undefined : await projectOf(asked.project);
  const { facts, credential, malformed } = readQuestion(asked, project);
  const json = { ...facts, key: credential.kind === "key" ? credential.text : "" };
  const deny = (code: DeniedVerdict["code"], hint?: string) => ({
    denied: { allowed: false as const, code, ...(hint !== undefined && { hint }) },
    json,
  });
  if (malformed !== undefined) return deny("malformed_request", malformed);
  if (credential.kind === "many") return deny("multiple_credentials");
  if (credential.kind === "unreadable") return deny("invalid_key", credential.hint);
  if (credential.kind === "none" && !isKey) return deny("missing_key", credential.hint);
  return { json };
}

/** Where a credential may stand changes seldom; a file that was applied is known here that much later. */
const REMEMBER_MS = 60_000;

function rememberProjects(remote: Remote): (name: string) => Promise<Project> {
  const known = new Map<string, { readonly project: Promise<Project>; readonly until: number }>();
  return (name) => {
    const entry = known.get(name);
    if (entry !== undefined && performance.now() < entry.until) return entry.project;
    const project = remote
      .call<ProjectDescription>({ method: "GET", path: ["v1", "projects", name] })
      .then(({ file }) => compileProject(file));
    known.set(name, { project, until: performance.now() + REMEMBER_MS });
    project.catch(() => known.delete(name));
    return project;
  };
}
