// Who stands at the other end of a connection: address, browser and cookies, for rooms that know no HTTP server.
import type { FastifyRequest } from "fastify";
import type { Visitor } from "../people/side.ts";
import {
  type Address,
  type AllowlistMatcher,
  addressBucket,
  clientAddress,
  parseAddress,
  printAddress,
} from "../policy/network.ts";

/** `trustedProxies` may say by X-Forwarded-For whom they speak for; nobody else is believed (hostile H13). */
export function visitorOf(request: FastifyRequest, trustedProxies: AllowlistMatcher): Visitor {
  const address = addressOf(request, trustedProxies);
  const { cookie } = request.headers;
  return {
    cookie,
    userAgent: request.headers["user-agent"],
    address: address === undefined ? "" : printAddress(address),
    addressBucket: addressBucket(address),
  };
}

function addressOf(request: FastifyRequest, trustedProxies: AllowlistMatcher): Address | undefined {
  const { remoteAddress } = request.socket;
  const client = clientAddress({
    peer: remoteAddress === undefined ? undefined : parseAddress(remoteAddress),
    forwarded: linesOf(request.raw.rawHeaders, "x-forwarded-for"),
    trustedProxies,
    style: "list",
  });
  return client.kind === "known" ? client.address : client.peer;
}

function linesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}
