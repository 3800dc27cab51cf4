// The only place that holds keys: it speaks to the vendor's API with the one, and gets tickets with the other. Neither is in anything that
// it answers.

export interface Settings {
  /** Of the vendor's API, without a final slash. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Of Claviger's control plane. */
  readonly controlPlane: string;
  readonly rootKey: string;
}

/** What may reach the browser. */
export interface Passed {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
}

export interface Vendor {
  models(): Promise<Passed>;
  speech(text: string): Promise<Passed>;
  /** The address of one socket that may be opened once. */
  ticket(): Promise<Passed>;
}

const TIMEOUT_MS = 20_000;
const PROJECT = "kugelaudio";
const SOCKET_PATH = "/ws/tts";

/** Throws when a variable is missing; its name is told and no value. */
export function settingsOf(env: NodeJS.ProcessEnv): Settings {
  const need = (name: string): string => {
    const value = env[name]?.trim();
    if (!value) throw new Error(`set ${name}`);
    return value;
  };
  return {
    baseUrl: need("KUGELAUDIO_BASE_URL").replace(/\/+$/, ""),
    apiKey: need("KUGELAUDIO_API_KEY"),
    controlPlane: (env.CLAVIGER_URL ?? "http://127.0.0.1:4000").replace(/\/+$/, ""),
    rootKey: need("CLAVIGER_ROOT_KEY"),
  };
}

export function createVendor({ baseUrl, apiKey, controlPlane, rootKey }: Settings): Vendor {
  const own = (path: string, body?: unknown) => send(`${baseUrl}${path}`, apiKey, body);
  let keyId: string | undefined;
  return {
    models: async () => passed(await own("/v1/models")),
    speech: async (text) => passed(await own("/v1/tts/generate", { text, model_id: "kugel-3" })),
    async ticket() {
      keyId ??= await findKeyId(controlPlane, rootKey, apiKey);
      const asked = { key: keyId, path: SOCKET_PATH, ttlSeconds: 15 };
      const answer = await send(`${controlPlane}/v1/projects/${PROJECT}/tickets`, rootKey, asked);
      if (!answer.ok) return passed(answer);
      const { ticket } = (await answer.json()) as { ticket: string };
      const url = `${baseUrl.replace(/^http/, "ws")}${SOCKET_PATH}?api_key=${encodeURIComponent(ticket)}`;
      return json(200, { url });
    },
  };
}

function send(url: string, key: string, body?: unknown): Promise<Response> {
  return fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** RFC 7662: of an active key, `sub` is its id, which is no secret. */
async function findKeyId(controlPlane: string, rootKey: string, token: string): Promise<string> {
  const answer = await fetch(`${controlPlane}/v1/introspect`, {
    method: "POST",
    headers: { authorization: `Bearer ${rootKey}` },
    body: new URLSearchParams({ token, project: PROJECT }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { active, sub } = (await answer.json()) as { active?: boolean; sub?: string };
  if (!active || !sub) throw new Error("the key is not active");
  return sub;
}

/** Of a success body and type; of a refusal what the visitor can do about it. */
async function passed(answer: Response): Promise<Passed> {
  if (answer.ok) {
    const type = answer.headers.get("content-type") ?? "application/octet-stream";
    return { status: 200, type, body: new Uint8Array(await answer.arrayBuffer()) };
  }
  await answer.body?.cancel();
  if (answer.status === 429) return json(429, { error: "The service is busy; try again in a moment." });
  // 401 to 403 are about our key, and not about the visitor.
  const isVisitors = answer.status === 400 || answer.status === 413 || answer.status === 422;
  return isVisitors ? json(422, { error: "This text cannot be spoken." }) : json(502, UNAVAILABLE);
}

export const UNAVAILABLE = { error: "The service does not answer." };

export function json(status: number, value: unknown): Passed {
  return { status, type: "application/json", body: new TextEncoder().encode(JSON.stringify(value)) };
}
