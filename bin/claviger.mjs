#!/usr/bin/env node
// Starts the command line, or says in words why it cannot; nothing may be imported before the version is known.
// Plain JavaScript that Node 12 can read: no top-level await, no `?.`, no static import.

const NEEDED = 24;
const running = Number(process.versions.node.split(".")[0]);

if (running >= NEEDED) {
  start().catch((error) => {
    // `main` turns its own errors into words; what arrives here is a broken installation or a bug.
    process.stderr.write(`claviger: ${error.stack || error}\n`);
    process.exitCode = 1;
  });
} else {
  process.exitCode = 1;
  process.stderr.write(
    [
      `claviger needs Node.js ${NEEDED} or newer; this is Node.js ${process.versions.node} (${process.execPath}).`,
      "To get it: https://nodejs.org/en/download, or `nvm install 24`, `fnm install 24`, `volta install node@24`.",
      "In a clone of the repository, `npm ci` brings it along: use `npm start` or `npm run -s claviger -- --help`.",
      "",
    ].join("\n"),
  );
}

/** The source in a clone, the compiled program in an installed package, which carries no source. */
async function start() {
  const { existsSync } = await import("node:fs");
  const source = new URL("../src/cli/main.ts", import.meta.url);
  const program = existsSync(source) ? source : new URL("../dist/cli/main.js", import.meta.url);
  const { main } = await import(program.href);
  // Not process.exit: what is still on its way to stdout would be lost.
  process.exitCode = await main(process.argv.slice(2));
}
