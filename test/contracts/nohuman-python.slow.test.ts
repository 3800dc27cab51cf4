// H4: the Python loop of the page, unchanged, gets through a gateway that is busy.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { type GatewayUnderTest, startGateway } from "../support/gateway.ts";
import { pythonWith } from "../support/python.ts";

let gateway: GatewayUnderTest;
before(async () => {
  gateway = await startGateway();
});
after(() => gateway.close());

/** Eight at once, of which five may run; names under .localhost do not resolve in Python, so the host is a header. */
const CALLERS = `
import sys, threading
sys.path.insert(0, sys.argv[1])
from nohuman_retry import make_request_with_retry
url, key = sys.argv[2], sys.argv[3]
headers = {"Host": "nohuman.localhost", "Authorization": f"Bearer {key}"}
json = {"prompt": "A sunset over the ocean", "duration": 5, "aspect_ratio": "16:9"}
start = threading.Barrier(8)
def call():
    start.wait()
    print("answered", make_request_with_retry(url, headers, json).status_code)
threads = [threading.Thread(target=call) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;

test("eight callers at once: some are told to wait two seconds, and all are answered", async () => {
  const { id: account } = await gateway.account("nohuman");
  await gateway.grant("nohuman", account, 100);
  const { key } = await gateway.key("nohuman", { account });
  const { stdout } = await promisify(execFile)(pythonWith("requests==2.32.5"), [
    "-c",
    CALLERS,
    join(import.meta.dirname, "pages"),
    `http://127.0.0.1:${gateway.port}/v1/videos/generate`,
    key,
  ]);
  const lines = stdout.trim().split("\n");
  assert.equal(lines.filter((line) => line === "answered 200").length, 8, stdout);
  const waited = lines.filter((line) => line === "Rate limited. Retrying in 2s...").length;
  assert.ok(waited >= 1 && waited <= 8, `${waited} were told to wait`);
  const { credits } = await gateway.balance("nohuman", account);
  assert.equal(credits, 100 - 8 * 5, "a request that had to wait paid once");
});
