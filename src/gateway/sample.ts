// The sample upstream: what stands behind a project that has `upstream: sample`. It answers what the project file says and
// otherwise shows what it received, so that anyone can see what the gateway passed on.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { compileRoutes, matchRoute, parseMatch, type RouteTable } from "../policy/route.ts";
import type { Project } from "../project/compile.ts";
import type { ProjectFile } from "../project/schema.ts";
import { createHttpServer, responseOver } from "./listen.ts";
import { createSampleSockets } from "./sample-sockets.ts";

type SampleAnswer = NonNullable<ProjectFile["sample"]>[number];

const MAX_BODY_BYTES = 1_048_576;

/** Listens nowhere yet. */
export function createSampleUpstream(project: Project): Server {
  const speak = createSampleSockets();
  const answers = (project.file.sample ?? []).map((answer) => ({
    match: parseMatch(answer.match),
    policy: answer,
  }));
  const table: RouteTable<SampleAnswer> = compileRoutes(answers, () => true);
  return createHttpServer(
    (request, response) => void answerRequest(table, request, response, readBody(request)),
    (request, socket, head) => {
      const { status, body, audio = false } = answerFor(table, request) ?? {};
      if (status === undefined && body === undefined) speak(request, socket, head, audio);
      else void answerRequest(table, request, responseOver(request, socket), undefined);
    },
  );
}

function answerFor(table: RouteTable<SampleAnswer>, { method = "", url = "/" }: IncomingMessage) {
  return matchRoute(table, method, url.split("?")[0]!)?.policy;
}

async function answerRequest(
  table: RouteTable<SampleAnswer>,
  request: IncomingMessage,
  response: ServerResponse,
  reading: Promise<Buffer | undefined> | undefined,
): Promise<void> {
  const body = await reading;
  const answer = answerFor(table, request);
  if (answer?.delayMs !== undefined) await delay(answer.delayMs);
  if (answer?.failWhen !== undefined && fieldOf(body, answer.failWhen.field) === answer.failWhen.equals) {
    return send(response, answer.failWhen.status, { error: "the sample upstream was asked to fail" });
  }
  send(
    response,
    answer?.status ?? 200,
    answer?.body ?? {
      request: { ...requestFacts(request), ...bodyFacts(body) },
    },
  );
}

/** `undefined` past the limit: the rest is read and thrown away, so that any size can be sent through. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function requestFacts({ method, url: path, headers }: IncomingMessage) {
  return { method, path, headers };
}

function bodyFacts(body: Buffer | undefined): { body?: unknown } {
  if (body === undefined || body.length === 0) return {};
  const parsed = parseJson(body);
  return { body: parsed === undefined ? body.toString("utf8") : parsed };
}

function fieldOf(body: Buffer | undefined, field: string): unknown {
  const parsed = body && parseJson(body);
  return parsed !== null && typeof parsed === "object" && Object.hasOwn(parsed, field)
    ? (parsed as Record<string, unknown>)[field]
    : undefined;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
