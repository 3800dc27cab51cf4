// A browser in few words: cookies kept, the page's own headers sent, over real HTTP. It knows no page.
export interface VisitorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any;
}

export interface VisitorAsk {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a page of our own sends by itself; `false` leaves it out. */
  readonly ownPage?: boolean;
}

export interface Visitor {
  /** By name, as the browser has them now. */
  readonly cookies: Map<string, string>;
  /** `POST /auth/sign-in`, the path behind the method. */
  ask(request: string, ask?: VisitorAsk): Promise<VisitorAnswer>;
}

export function visitorAt(url: string, cookies = new Map<string, string>()): Visitor {
  return {
    cookies,
    async ask(request, { body, headers = {}, ownPage = true } = {}) {
      const [method = "GET", path = "/"] = request.split(" ", 2);
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const isPlain = body === undefined || typeof body === "string";
      const answer = await fetch(`${url}${path}`, {
        method,
        redirect: "manual",
        headers: {
          ...(cookie !== "" && { cookie }),
          ...(ownPage && { origin: new URL(url).origin, "x-claviger-request": "1" }),
          ...(!isPlain && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: isPlain ? body : JSON.stringify(body) }),
      });
      for (const line of answer.headers.getSetCookie()) keep(cookies, line);
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        get json() {
          return JSON.parse(text);
        },
      };
    },
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const [name = "", ...value] = pair.split("=");
  if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) cookies.delete(name);
  else cookies.set(name, value.join("="));
}
