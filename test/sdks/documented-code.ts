// The code blocks of a README, to be checked like any other code. It checks nothing itself.
import { readFileSync } from "node:fs";

/** The blocks of one language, in order, as one text. Throws when there are none. */
export function codeOf(readme: string, language: string): string {
  const text = readFileSync(readme, "utf8");
  const blocks = [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, code]) => code,
  );
  if (blocks.length === 0) throw new Error(`${readme} has no ${language}`);
  return blocks.join("\n");
}
