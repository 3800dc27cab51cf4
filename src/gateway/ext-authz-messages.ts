// The messages of Envoy's Authorization service, as far as they are read or written here, with the field numbers of its public
// definition (envoy/service/auth/v3 and what that imports). Numbers that are not listed are skipped by every reader.
import type { MethodDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";

interface HeaderOption {
  readonly header: { readonly key: string; readonly value: string };
  /** `false` replaces what is there. Said, because a reader that finds nothing may take it for either. */
  readonly append: { readonly value: false };
}

export interface CheckRequest {
  readonly attributes?: {
    readonly source?: { readonly address?: { readonly socket_address?: { readonly address?: string } } };
    readonly request?: { readonly http?: HttpRequest };
  };
}

export interface HttpRequest {
  readonly method?: string;
  /** The request target as it was sent. */
  readonly path?: string;
  readonly host?: string;
  /** Lines of one name are joined with a comma. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Line by line, in place of `headers`, where Envoy has `encode_raw_headers`. */
  readonly header_map?: {
    readonly headers?: readonly {
      readonly key?: string;
      readonly value?: string;
      readonly raw_value?: Uint8Array;
    }[];
  };
}

export interface CheckResponse {
  /** A code of gRPC: 0 allows. */
  readonly status: { readonly code: number };
  readonly denied_response?: {
    readonly status: { readonly code: number };
    readonly headers: readonly HeaderOption[];
    readonly body: string;
  };
  readonly ok_response?: {
    /** To the application. */
    readonly headers: readonly HeaderOption[];
    readonly headers_to_remove: readonly string[];
    /** To the client. */
    readonly response_headers_to_add: readonly HeaderOption[];
  };
}

export function headerOptions(fields: Readonly<Record<string, string>>): HeaderOption[] {
  return Object.entries(fields).map(([name, value]) => ({
    header: { key: name.toLowerCase(), value },
    append: { value: false },
  }));
}

const field = (type: string, id: number) => ({ type, id });
const list = (type: string, id: number) => ({ rule: "repeated", type, id });
const message = (fields: object, more: object = {}) => ({ fields, ...more });

/** A tree of packages in protobuf.js's own notation; a name is looked for from the inside out. */
const nest = (path: string, nested: object): object =>
  path.split(".").reduceRight<object>((inner, name) => ({ nested: { [name]: inner } }), { nested });

const PACKAGE = "envoy.service.auth.v3";

const DEFINITION = nest(PACKAGE, {
  Authorization: {
    methods: { Check: { requestType: "CheckRequest", responseType: "CheckResponse" } },
  },
  CheckRequest: message({ attributes: field("AttributeContext", 1) }),
  AttributeContext: message(
    { source: field("Peer", 1), request: field("Request", 4) },
    {
      nested: {
        Peer: message({ address: field("Address", 1) }),
        Request: message({ http: field("HttpRequest", 2) }),
        HttpRequest: message({
          method: field("string", 2),
          headers: { keyType: "string", ...field("string", 3) },
          path: field("string", 4),
          host: field("string", 5),
          header_map: field("HeaderMap", 13),
        }),
      },
    },
  ),
  Address: message({ socket_address: field("SocketAddress", 1) }),
  SocketAddress: message({ address: field("string", 2) }),
  HeaderMap: message({ headers: list("HeaderValue", 1) }),
  HeaderValue: message({ key: field("string", 1), value: field("string", 2), raw_value: field("bytes", 3) }),
  BoolValue: message({ value: field("bool", 1) }),
  HeaderValueOption: message({ header: field("HeaderValue", 1), append: field("BoolValue", 2) }),
  HttpStatus: message({ code: field("int32", 1) }),
  Status: message({ code: field("int32", 1) }),
  DeniedHttpResponse: message({
    status: field("HttpStatus", 1),
    headers: list("HeaderValueOption", 2),
    body: field("string", 3),
  }),
  OkHttpResponse: message({
    headers: list("HeaderValueOption", 2),
    headers_to_remove: list("string", 5),
    response_headers_to_add: list("HeaderValueOption", 6),
  }),
  CheckResponse: message({
    status: field("Status", 1),
    denied_response: field("DeniedHttpResponse", 2),
    ok_response: field("OkHttpResponse", 3),
  }),
});

const loaded = fromJSON(DEFINITION as Parameters<typeof fromJSON>[0], { keepCase: true, longs: Number });

export interface AuthorizationService {
  readonly Check: MethodDefinition<CheckRequest, CheckResponse>;
  readonly [method: string]: MethodDefinition<CheckRequest, CheckResponse>;
}

/** For servers, and for the clients of tests. */
export const authorizationService = loaded[`${PACKAGE}.Authorization`] as unknown as AuthorizationService;
