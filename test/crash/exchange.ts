// One HTTP exchange that may break off: a whole answer, or none.

export interface Exchange {
  readonly status: number;
  /** An empty object for an answer without a body. */
  readonly json: { readonly id?: string; readonly key?: string; readonly code?: string };
  /** Whether it is the stored answer of an earlier request. */
  readonly isReplayed: boolean;
}

export interface Ask {
  readonly method: "GET" | "POST" | "DELETE";
  readonly body: object | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** `undefined` when the connection broke before the last byte: nobody can say what became of the request. */
export async function exchange(url: string, { method, body, headers }: Ask): Promise<Exchange | undefined> {
  try {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      json: text === "" ? {} : JSON.parse(text),
      isReplayed: answer.headers.get("idempotency-replayed") === "true",
    };
  } catch (error) {
    // What fetch throws for a broken connection; anything else is a defect of the test.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
