// How client commands reach a running Claviger: where it is, with which root key, and what its refusals mean as exit codes.
import type { Command } from "commander";
import { request } from "undici";
import { CommandFailure, readNamedFile } from "./failure.ts";
import { EXIT, type Terminal } from "./terminal.ts";

export interface RemoteFlags {
  readonly url: string;
  readonly rootKeyFile?: string;
}

export function withRemote(command: Command, { env }: Terminal): Command {
  return command
    .option("--url <url>", "control plane (CLAVIGER_URL)", env.CLAVIGER_URL ?? "http://127.0.0.1:4000")
    .option("--root-key-file <file>", "file that holds the root key (else CLAVIGER_ROOT_KEY)");
}

export interface JsonFlags {
  readonly json?: boolean;
}

export function withJson(command: Command): Command {
  return command.option("--json", "print what the API answered, on one line, for programs");
}

/** A control plane that has the question and says nothing for this long is as good as gone. */
const TIMEOUT_MS = 30_000;

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path segments are encoded here. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly json?: unknown;
  /** A project file as it is. */
  readonly yaml?: string;
}

/** The parsed body of a success, or its text when it is not JSON. Throws CommandFailure. */
export async function call(
  terminal: Terminal,
  flags: RemoteFlags,
  { method, path, query = {}, json, yaml }: Call,
): Promise<unknown> {
  const url = urlOf(flags, path);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  const body = yaml ?? (json === undefined ? undefined : JSON.stringify(json));
  const type = yaml === undefined ? "application/json" : "application/yaml";
  const headers = {
    authorization: `Bearer ${rootKey(terminal, flags)}`,
    ...(body !== undefined && { "content-type": type }),
  };
  const { status, isJson, text } = await send(url, { method, headers, body: body ?? null }).catch(
    (error: Error) => {
      throw new CommandFailure(`${flags.url} does not answer: ${reason(error)}`, EXIT.unreachable);
    },
  );
  const parsed: unknown = isJson && text !== "" ? JSON.parse(text) : text;
  if (status >= 400) throw refusal(status, parsed);
  return parsed;
}

/** Throws CommandFailure. */
function urlOf({ url }: RemoteFlags, path: readonly string[]): URL {
  // Such a segment would be folded away, and the call would reach another operation.
  if (path.some((segment) => /^\.{0,2}$/.test(segment)))
    throw new CommandFailure("a name or an id is empty", EXIT.usage);
  const base = URL.parse(url);
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new CommandFailure(`${url} is not a URL of a control plane`, EXIT.usage);
  base.pathname = `${base.pathname.replace(/\/$/, "")}/${path.map(encodeURIComponent).join("/")}`;
  return base;
}

type Options = NonNullable<Parameters<typeof request>[1]>;

async function send(url: URL, options: Options): Promise<{ status: number; isJson: boolean; text: string }> {
  const answer = await request(url, { ...options, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  // Lines of JSON (application/x-ndjson) are a text.
  const isJson = /[/+]json\b/.test(String(answer.headers["content-type"] ?? ""));
  return { status: answer.statusCode, isJson, text: await answer.body.text() };
}

function reason(error: Error & { code?: string }): string {
  return error.message || error.code || "no connection";
}

function refusal(status: number, body: unknown): CommandFailure {
  const problem = body as { detail?: string; title?: string; code?: string } | undefined;
  const words = problem?.detail ?? problem?.title ?? `answered ${status}`;
  return new CommandFailure(
    problem?.code === undefined ? words : `${words} (${problem.code})`,
    status === 503 ? EXIT.unreachable : EXIT.failed,
  );
}

function rootKey({ env }: Terminal, { rootKeyFile }: RemoteFlags): string {
  const key = (rootKeyFile === undefined ? env.CLAVIGER_ROOT_KEY : readNamedFile(rootKeyFile))?.trim() ?? "";
  if (key === "") {
    throw new CommandFailure(
      "no root key: set CLAVIGER_ROOT_KEY or name a file with --root-key-file",
      EXIT.usage,
    );
  }
  // Neither a header can carry it nor may a message repeat it.
  if (!/^[!-~]+$/.test(key)) throw new CommandFailure("the root key is not one line of ASCII", EXIT.failed);
  return key;
}

/** JSON for programs, `words` for people. */
export function tell(terminal: Terminal, flags: JsonFlags, value: unknown, words: () => string): void {
  terminal.print(flags.json === true ? JSON.stringify(value) : words());
}
