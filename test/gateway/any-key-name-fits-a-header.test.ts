// A key may have any name: it reaches the upstream as printable ASCII in one header line and can be decoded without loss.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, startGateway } from "../support/gateway.ts";

const gateway = await startGateway({ files: [] });
after(() => gateway.close());
await gateway.apply("name: acme\n");

async function arriving(name: string): Promise<string> {
  const { key } = await gateway.key("acme", { name });
  const answer = await gateway.ask("acme.localhost", { headers: bearer(key) });
  return answer.json.request.headers["claviger-key-name"];
}

test("a name in printable ASCII arrives as it is", async () => {
  for (const name of ["Production Server", `it's "the" <key>, no. 7 (dev/test); a=b & c|d~`]) {
    assert.equal(await arriving(name), name);
  }
});

test("non-ASCII characters and percent signs arrive percent-encoded as UTF-8", async () => {
  assert.equal(await arriving("Schlüssel"), "Schl%C3%BCssel");
  assert.equal(await arriving("本番 server"), "%E6%9C%AC%E7%95%AA server");
  assert.equal(await arriving("100 %"), "100 %25");
  assert.equal(await arriving("%41"), "%2541", "an encoding in the name is not taken for ours");
});

test("every name decodes to what it was, spaces at its ends included", async () => {
  const names = ["ключ 🔑", "\u202eadmin", "e\u0301 ≠ é", " padded ", "   ", "%", "%%20", "a\u00a0b", "-"];
  for (const name of names) {
    const value = await arriving(name);
    assert.match(value, /^[!-~](?:[ -~]*[!-~])?$/);
    assert.equal(decodeURIComponent(value), name);
  }
});
