// Reads a List of Strings with parameters (RFC 9651 sections 4.2.1, 4.2.3 and 4.2.5) as a strict client would: whatever is not in the
// grammar throws. Only Integers and Strings, which is all that the fields under test may hold.
import assert from "node:assert/strict";

export interface Member {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number | string>>;
}

export function parseList(text: string): Member[] {
  let rest = text;
  const eat = (pattern: RegExp, what: string): string => {
    const found = pattern.exec(rest)?.[0] ?? assert.fail(`${what} expected at ${JSON.stringify(rest)}`);
    rest = rest.slice(found.length);
    return found;
  };
  const string = (): string => {
    const quoted = eat(/^"(?:[ !#-[\]-~]|\\["\\])*"/, "a String");
    return quoted.slice(1, -1).replaceAll(/\\(.)/g, "$1");
  };
  const member = (): Member => {
    const name = string();
    const parameters: Record<string, number | string> = {};
    while (rest.startsWith(";")) {
      eat(/^; */, "a parameter");
      const key = eat(/^[a-z*][a-z0-9_\-.*]*/, "a key");
      eat(/^=/, "a value");
      assert.ok(!(key in parameters), `${key} twice`);
      parameters[key] = rest.startsWith('"') ? string() : Number(eat(/^-?\d{1,15}(?![\d.])/, "an Integer"));
    }
    return { name, parameters };
  };
  const members = [member()];
  while (rest !== "") {
    eat(/^[ \t]*,[ \t]*/, "a comma");
    members.push(member());
  }
  return members;
}
