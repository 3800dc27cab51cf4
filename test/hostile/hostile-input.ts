// Generates requests that nobody would write: out of the pieces that proxies and parsers are known to disagree about, and out
// of good requests with bytes changed. Texts stand for bytes (Latin-1). Most pieces of a request are good ones, because a
// parser stops at the first bad one and nothing behind it would be tried.
import fc from "fast-check";
import { words } from "./hostile-client.ts";

/** A key that some host admits, and where. */
export interface KnownKey {
  readonly host: string;
  readonly target: string;
  readonly key: string;
}

type Text = fc.Arbitrary<string>;

const pick = (...texts: readonly string[]): Text => fc.constantFrom(...texts);
const mostly = (good: Text, odd: Text, times = 7): Text =>
  fc.oneof({ weight: times, arbitrary: good }, { weight: 1, arbitrary: odd });

const bytes: Text = fc.uint8Array({ maxLength: 24 }).map((all) => Buffer.from(all).toString("latin1"));
/** What a header value may hold, the upper half of Latin-1 included. */
const visible: Text = bytes.map((text) => text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, "~"));

const method = mostly(
  pick("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
  mostly(pick("TRACE", "CONNECT", "PRI", "QUERY", "PROPFIND", "get", "FOO", "", "GET GET"), bytes, 3),
);

const TARGET_PARTS = [
  ...words(`
    / // /v1 /exports /voices .. . ; ;x=1 \\ # ? & = * @ : % %2 %2f %5c %252f %2e%2e %00 %0d%0a %ff %EF%BC%8F %E2%80%A5
    api_key= { } [ ' | ^ < " http:// https://evil.example //evil.example __proto__
  `),
  `/${"A".repeat(9_000)}`,
];

function target(known: readonly KnownKey[]): Text {
  const good = pick(...known.map((one) => one.target));
  const parts = fc.array(pick(...TARGET_PARTS), { minLength: 1, maxLength: 6 }).map((all) => all.join(""));
  const path = parts.map((text) => `/${text}`);
  const longer = fc.tuple(good, parts).map((pair) => pair.join(""));
  return mostly(fc.oneof({ weight: 3, arbitrary: good }, path, longer), fc.oneof(parts, bytes));
}

const HEADER_NAMES = words(`
  Connection Content-Type Expect Upgrade TE Trailer Range Date Vary Via Cookie Accept Keep-Alive Proxy-Connection
  Proxy-Authorization HTTP2-Settings Sec-WebSocket-Key Proxy-Authenticate X_API_KEY X-Forwarded-For Forwarded
  X-HTTP-Method-Override X-Request-Id Content_Length Set-Cookie Claviger-Key-Id Claviger_Account __proto__ constructor
  !#$%&'*+-.^_|~ If-None-Match Origin
`);
const FRAMING_NAMES = words("Transfer-Encoding Content-Length Host Authorization X-API-Key");

const HEADER_VALUES = [
  ...words(`
    0 5 -1 +5 0x5 1e3 99999999999999999999 chunked trailers close keep-alive Upgrade websocket h2c 100-continue 200-ok
    Bearer 1.2.3.4 a for="[::1 {"a":1} %0d%0aX:y ,,, " ') \${x}
  `),
  ...["", " ", "\t", "\xff", "\xe9", "5, 5", "gzip, chunked", "close, Authorization"],
  ...["host, x-forwarded-for, content-length", "Basic eDp5", "GET / HTTP/1.1", "Upgrade, HTTP2-Settings"],
  "x".repeat(3_000),
];
const BROKEN_VALUES = ["\r\n folded", "\rX: y", "\nX: y", "\0", "\x01", "\x7f", "a\0b"];

const oddHeader = fc
  .tuple(
    mostly(pick(...HEADER_NAMES), mostly(pick(...FRAMING_NAMES), bytes, 3), 12),
    mostly(fc.oneof(pick(...HEADER_VALUES), visible), fc.oneof(pick(...BROKEN_VALUES), bytes), 25),
  )
  .map((pair) => pair.join(": "));

/** Headers that mean something to a server or a client on the way, one or two lines each. */
const meaningfulHeader = pick(
  ...[
    "Expect: 100-continue",
    "Expect: 200-ok",
    "TE: trailers",
    "Keep-Alive: timeout=5",
    "Connection: close",
    "Via: x",
  ],
  ...[
    "Connection: Upgrade\r\nUpgrade: websocket",
    "Connection: Upgrade\r\nUpgrade: h2c",
    "Upgrade: websocket",
    "Trailer: x",
  ],
  ...[
    "Connection: Authorization",
    "Connection: content-length, host",
    "Proxy-Connection: keep-alive",
    "Cookie: a=b",
  ],
  ...[
    "X-Forwarded-For: a",
    "Content-Type: text/plain",
    "Content-Encoding: gzip",
    "Max-Forwards: 0",
    "If-Match: *",
  ],
);

const header = fc.oneof(oddHeader, meaningfulHeader);

const ODD_HOSTS = [
  "",
  "a b",
  ...words("NUR.localhost. nur.localhost:80 [::1] evil.example __proto__ nur.localhost,x"),
];

function hosts(known: readonly KnownKey[]): fc.Arbitrary<string[]> {
  const one = mostly(pick(...known.map(({ host }) => host)), fc.oneof(pick(...ODD_HOSTS), visible));
  return fc.oneof({ weight: 12, arbitrary: fc.tuple(one) }, fc.array(one, { maxLength: 3 }));
}

const CARRIERS = [
  "Authorization: Bearer ",
  "authorization: bearer  ",
  "Authorization: ",
  "X-API-Key: ",
  "Cookie: api_key=",
];

function credentials(known: readonly KnownKey[]): fc.Arbitrary<string[]> {
  const valid = pick(...known.map(({ key }) => key));
  const near = fc
    .tuple(valid, fc.nat(60), fc.oneof(visible, pick("", "0", "\xff", ",", "=")))
    .map(([key, at, text]) => key.slice(0, at) + text + key.slice(at + 1));
  const one = fc
    .tuple(pick(...CARRIERS), fc.oneof({ weight: 4, arbitrary: valid }, near, visible))
    .map((pair) => pair.join(""));
  return fc.oneof({ weight: 4, arbitrary: fc.tuple(one) }, fc.array(one, { maxLength: 3 }));
}

/** A request without a credential: what a body may not become. */
const INNER = "GET /smuggled HTTP/1.1\r\nHost: open.localhost\r\n\r\n";
const CHUNKED = "Transfer-Encoding: chunked";

/** Header lines that say where the body ends, and the body; in the last group they do not agree. */
const framing: fc.Arbitrary<readonly [lines: readonly string[], body: string]> = fc.oneof(
  { weight: 8, arbitrary: fc.constant([[], ""] as const) },
  {
    weight: 4,
    arbitrary: fc
      .oneof(pick("", "hello", INNER, '{"text":"x"}'), bytes)
      .map((body) => [[`Content-Length: ${body.length}`], body] as const),
  },
  {
    weight: 3,
    arbitrary: pick(
      "0\r\n\r\n",
      "5\r\nhello\r\n0\r\n\r\n",
      "5\r\nhello\r\n0\r\nX-API-Key: y\r\n\r\n",
      `${INNER.length.toString(16)}\r\n${INNER}\r\n0\r\n\r\n`,
    ).map((body) => [[CHUNKED], body] as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      [["Content-Length: 5", CHUNKED], `0\r\n\r\n${INNER}`] as const,
      [["Content-Length: 2"], "hello"] as const,
      [["Content-Length: 30"], "hello"] as const,
      [["Content-Length: 5", "Content-Length: 5"], "hello"] as const,
      [[CHUNKED], "5;a=b\r\nhello\r\n0\r\n\r\n"] as const,
      [[CHUNKED], "ZZ\r\nhello\r\n"] as const,
      [[CHUNKED], "-1\r\n"] as const,
      [["Transfer-Encoding: gzip, chunked"], `0\r\n\r\n${INNER}`] as const,
      [["Transfer-Encoding: chunked, gzip"], INNER] as const,
      [["Transfer-Encoding:\tchunked"], `0\r\n\r\n${INNER}`] as const,
    ),
  },
);

const version = mostly(fc.constant("HTTP/1.1"), pick("HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1", ""), 20);

function freeRequest(known: readonly KnownKey[]): Text {
  const headers = fc.array(header, { maxLength: 4 });
  return fc
    .tuple(method, target(known), version, hosts(known), credentials(known), headers, framing)
    .map(([verb, path, protocol, hostNames, carried, others, [framed, body]]) => {
      const lines = [...hostNames.map((one) => `Host: ${one}`), ...carried, ...others, ...framed];
      return [`${verb} ${path} ${protocol}`, ...lines, "", body].join("\r\n");
    });
}

/** At places given in thousandths: takes `cut` bytes out and puts `text` in or, without one, a piece from elsewhere. */
const change = fc.record({
  at: fc.nat(1_000),
  cut: fc.nat(6),
  text: fc.option(fc.oneof(visible, bytes, pick("\r\n", "\n", "\0", " ", ":", "\t", "\r\n\r\n", "%2f", "")), {
    nil: undefined,
  }),
  from: fc.nat(1_000),
});

/** A good request with a few bytes changed. */
function spoiltRequest(known: readonly KnownKey[]): Text {
  const good = fc
    .tuple(fc.constantFrom(...known), pick("GET", "POST"))
    .map(([{ host, target: path, key }, verb]) => {
      const lines = [
        `${verb} ${path} HTTP/1.1`,
        `Host: ${host}`,
        `Authorization: Bearer ${key}`,
        "Accept: */*",
      ];
      return [...lines, ...(verb === "POST" ? ["Content-Length: 5", "", "hello"] : ["", ""])].join("\r\n");
    });
  return fc.tuple(good, fc.array(change, { maxLength: 3 })).map(([request, changes]) =>
    changes.reduce((text, { at, cut, text: put, from }) => {
      const place = (share: number) => Math.floor((share * text.length) / 1_000);
      const piece = put ?? text.slice(place(from), place(from) + 40);
      return text.slice(0, place(at)) + piece + text.slice(place(at) + cut);
    }, request),
  );
}

export function hostileRequest(known: readonly KnownKey[]): Text {
  return fc.oneof({ weight: 2, arbitrary: freeRequest(known) }, spoiltRequest(known));
}
