// Promise: the head of an answer reaches the client when the upstream sends it, so that an event stream is open before its
// first event.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { drain, listen } from "../../src/gateway/listen.ts";
import { startGateway } from "../support/gateway.ts";

test("the head of an event stream arrives before its first event", async () => {
  const gateway = await startGateway({ files: [] });
  const open: ServerResponse[] = [];
  const upstream = createServer((_request, response) => {
    open.push(response);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
  });
  const port = await listen(upstream, 0, "127.0.0.1");
  try {
    await gateway.apply(`name: acme\nupstream: http://127.0.0.1:${port}\n`);
    const { key } = await gateway.key("acme");
    const socket = connect(gateway.port, "127.0.0.1");
    socket.write(`GET /events HTTP/1.1\r\nHost: acme.localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`);
    const [head] = (await once(socket, "data")) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 200 /);
    assert.match(head.toString(), /text\/event-stream/);
    open[0]?.write("data: first\n\n");
    const [event] = (await once(socket, "data")) as [Buffer];
    assert.match(event.toString(), /data: first/);
    socket.destroy();
  } finally {
    for (const response of open) response.destroy();
    await drain(upstream, 0);
    await gateway.close();
  }
});
