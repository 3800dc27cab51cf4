// `npm start` as people and programs type it, as a real process. It knows how to read what the start prints.
import type { TestContext } from "node:test";
import { type ProcessOptions, printed, type ServerProcess, startProcess } from "../support/server-process.ts";

export interface Started extends ServerProcess {
  /** All that was printed, npm's own lines included. */
  readonly screen: string;
}

/** Ready, and gone when the test ends. Rejects with all that was said when it does not start. */
export async function npmStart(
  context: Pick<TestContext, "after">,
  flags: readonly string[],
  options: ProcessOptions = {},
): Promise<Started> {
  const server = startProcess("npm", ["start", ...(flags.length > 0 ? ["--", ...flags] : [])], options);
  context.after(() => server.kill());
  const ready = flags.includes("--json") ? /^\{.*\}\n/m : /^Claviger is ready\.\n.*\n\n$/ms;
  return { ...server, screen: await printed(server, ready) };
}

/** The commands that the screen offers, with the title above each. */
export function offered(screen: string): { title: string; command: string }[] {
  return [...screen.matchAll(/^ {2}# (.+)\n {2}(curl .+)$/gm)].map(([, title, command]) => ({
    title: title!,
    command: command!,
  }));
}

/** What stands behind a name on the screen, such as `Gateway`. */
export function addressOf(screen: string, name: string): string {
  const escaped = name.replaceAll(".", "\\.");
  const [, url] = new RegExp(`^ +${escaped} +(http://\\S+)`, "m").exec(screen) ?? [];
  if (url === undefined) throw new Error(`no ${name} in: ${screen}`);
  return url;
}
