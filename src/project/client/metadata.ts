// What the packages say of themselves to npm, pip and compilers, and which kit they need.
import type { ClientDescription, Language } from "./description.ts";
import { tomlText } from "./literals.ts";

/** The first line of every source file, after the comment's sign. */
export const MARK = "Written by `claviger sdk` out of a project file: change that file, and write it anew.";

/** The version of both kits that the packages are written for; a test holds it against theirs. */
export const KIT_VERSION = "0.1.0";

/** A token as RFC 9110 section 10.1.5 has it, such as `acme-python/1.2.0`. */
export function userAgent({ packageName, version }: ClientDescription, language: Language): string {
  return `${packageName.replaceAll(/[^a-z0-9._-]+/g, "-").replace(/^-/, "")}-${language}/${version}`;
}

export function packageJson({ packageName, version, summary }: ClientDescription): string {
  const manifest = {
    name: packageName,
    version,
    description: summary,
    type: "module",
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
    files: ["dist"],
    sideEffects: false,
    engines: { node: ">=18" },
    scripts: { build: "tsc", prepack: "npm run build", test: "npm run build && node --test" },
    dependencies: { "@claviger/client": `^${KIT_VERSION}` },
    devDependencies: { typescript: ">=5.7" },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

export const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: "es2022",
      lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
      types: [],
      module: "nodenext",
      moduleResolution: "nodenext",
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
      noUnusedLocals: true,
      verbatimModuleSyntax: true,
      declaration: true,
      rootDir: "src",
      outDir: "dist",
    },
    include: ["src"],
  },
  undefined,
  2,
)}\n`;

export function pyproject({ packageName, moduleName, version, summary, groups }: ClientDescription): string {
  const hasSockets = [...groups.values()].flat().some(({ kind }) => kind === "webSocket");
  const extra = hasSockets ? "[websocket]" : "";
  // Below 1.0 the second number is the one that breaks.
  const [major, minor = "0"] = KIT_VERSION.split(".");
  return `[build-system]
requires = ["hatchling>=1.26"]
build-backend = "hatchling.build"

[project]
name = ${tomlText(packageName)}
version = ${tomlText(version)}
description = ${tomlText(summary)}
readme = "README.md"
requires-python = ">=3.9"
dependencies = ["claviger-client${extra}>=${KIT_VERSION},<${major}.${Number(minor) + 1}"]
classifiers = ["Typing :: Typed"]

[tool.hatch.build.targets.wheel]
packages = [${tomlText(`src/${moduleName}`)}]

[tool.mypy]
strict = true
files = ["src"]
`;
}

export function gitignore(language: Language): string {
  return language === "python" ? "__pycache__/\ndist/\n" : "node_modules/\ndist/\n";
}
