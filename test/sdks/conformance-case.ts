// The shape of a shared case, and how its placeholders become addresses and a key. It runs nothing.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ScriptedAnswer, ScriptedServer } from "./scripted-server.ts";

/** A key that fits `acme_{secret:40}` and was never issued. */
export const KEY = "acme_Xk2vT9qLw4RbN7yHc0ZsDf3mPjGa8eUi1o3ggyYj";

export interface CaseCall {
  readonly exchange?: true;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Base64. */
  readonly bytes?: string;
  readonly bodyStream?: readonly string[];
  readonly query?: Record<string, string | readonly string[]>;
  readonly headers?: Record<string, string>;
  readonly stream?: "bytes" | "lines" | "events";
  readonly take?: number;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
}

export type HeaderExpectation = string | null | { readonly matches: string };

export interface ExpectedRequest {
  readonly at?: "here" | "there";
  readonly method?: string;
  readonly target?: string;
  readonly path?: string;
  readonly query?: Record<string, readonly string[]>;
  readonly headers?: Record<string, HeaderExpectation>;
  readonly json?: unknown;
  readonly body?: string;
  readonly base64?: string;
}

export interface ExpectedError {
  readonly type?: string;
  readonly is?: readonly string[];
  readonly message?: string;
  readonly messageMatches?: string;
  readonly bodyLength?: readonly [number, number];
  readonly headers?: Record<string, string>;
  readonly [field: string]: unknown;
}

export interface Case {
  readonly name: string;
  readonly file: string;
  readonly definition?: Record<string, unknown>;
  readonly client?: Record<string, unknown>;
  readonly environment?: Record<string, string>;
  /** What must not show, where it is not the key. */
  readonly secret?: string;
  readonly now?: string;
  readonly random?: number;
  readonly server?: readonly ScriptedAnswer[];
  readonly call?: CaseCall;
  readonly calls?: readonly CaseCall[];
  readonly result?: unknown;
  readonly results?: readonly unknown[];
  readonly items?: readonly unknown[];
  readonly error?: ExpectedError;
  readonly errors?: readonly (ExpectedError | null)[];
  readonly requests?: readonly ExpectedRequest[];
  readonly requestCount?: number;
  readonly sameHeader?: string;
  readonly differentHeader?: string;
  readonly waitsMs?: readonly number[];
  readonly usage?: unknown;
  readonly stream?: Record<string, unknown>;
  readonly connectionEnds?: boolean;
}

const FOLDER = join(import.meta.dirname, "../../sdks/conformance");

/** Every case of every file, with addresses and key put in. */
export function readCases(server: ScriptedServer): Case[] {
  const words: Record<string, string> = {
    here: server.here,
    there: server.there,
    thereHost: new URL(server.there).host,
    localhost: server.here.replace("127.0.0.1", "localhost"),
    nowhere: server.nowhere,
    key: KEY,
    keyRest: KEY.slice(1),
  };
  return globSync("*.json", { cwd: FOLDER })
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(FOLDER, file), "utf8");
      const filled = text.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
      const { cases, now } = JSON.parse(filled) as { cases: Case[]; now?: string };
      return cases.map((one) => ({ ...(now && { now }), ...one, file: basename(file, ".json") }));
    });
}
