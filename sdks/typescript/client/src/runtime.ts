// What differs between Node, Deno, Bun, Workers and browsers; nothing else may ask where it runs.

interface Runtime {
  readonly process?: {
    readonly env?: Record<string, string | undefined>;
    readonly versions?: { readonly node?: string };
  };
  readonly Deno?: unknown;
  /** Of Cloudflare Workers. */
  readonly WebSocketPair?: unknown;
  readonly navigator?: { readonly product?: string };
  readonly crypto?: { randomUUID?(): string };
  readonly document?: unknown;
  readonly importScripts?: unknown;
}

const runtime = globalThis as Runtime;

/** Trimmed, because files of variables often end in a line break; undefined when empty, absent or not allowed to be read. */
export function readEnvironment(name: string): string | undefined {
  try {
    return runtime.process?.env?.[name]?.trim() || undefined;
  } catch {
    // Deno without the permission throws.
    return undefined;
  }
}

/** Bun has `process.versions.node` too. */
function isServer(): boolean {
  const { Deno, process } = runtime;
  return Boolean(Deno ?? process?.versions?.node);
}

/** A page, a worker of a page, or an app on a phone: there the key is in the hands of whoever uses it. */
export function isInUsersHands(): boolean {
  const { document, importScripts, navigator } = runtime;
  return Boolean(navigator?.product === "ReactNative" || document || (importScripts && !isServer()));
}

/** Whether the global WebSocket takes `{ headers }`: Node's (22 and later) and Bun's do; Deno's, Workers' and browsers' do not. */
export function takesUpgradeHeaders(): boolean {
  return isServer() && !isInUsersHands() && !(runtime.Deno ?? runtime.WebSocketPair);
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}

/** A UUID where the runtime makes them; Node 18 and pages without TLS do not. It must be unique, it need not be secret. */
export function uniqueId(): string {
  return runtime.crypto?.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}
