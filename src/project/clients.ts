// Writes the package with which a vendor's customers call its API, for one language, from its compiled project, so that names, key
// format, regions and routes cannot drift from what the gateway does. Files in, files out: it reads and writes none.
import { describeClient, type Language } from "./client/description.ts";
import { gitignore, packageJson, pyproject, TSCONFIG } from "./client/metadata.ts";
import { pythonTests, typescriptTests } from "./client/own-tests.ts";
import { pythonSources } from "./client/python.ts";
import { readme } from "./client/readme.ts";
import { typescriptSources } from "./client/typescript.ts";
import type { Project } from "./compile.ts";
import { fieldName, type Locate, type Note, ProjectFileError, type ProjectProblem } from "./load.ts";

export type { Language };

export interface ClientPackageOptions {
  /** Three numbers with dots; default 0.1.0. */
  readonly version?: string;
  /** Names the project file in messages. */
  readonly source?: string;
  readonly locate?: Locate;
}

/**
 * Paths, with forward slashes, to texts. Throws ProjectFileError when the project lacks what a package needs, or two of its routes
 * would be one method. Source: CONTRACTS N6, K8.
 */
export function clientPackage(
  project: Project,
  language: Language,
  { version = "0.1.0", source = "project", locate }: ClientPackageOptions = {},
): ReadonlyMap<string, string> {
  const problems: ProjectProblem[] = [];
  const note: Note = (path, message) => {
    const line = locate?.(path);
    problems.push({ field: fieldName(path), message, ...(line !== undefined && { line }) });
  };
  const client = describeClient(project, language, version, note);
  if (problems.length > 0) throw new ProjectFileError(source, problems);
  const files =
    language === "python"
      ? [
          ["pyproject.toml", pyproject(client)] as const,
          ...pythonSources(client),
          ["tests/test_client.py", pythonTests(client)] as const,
        ]
      : [
          ["package.json", packageJson(client)] as const,
          ["tsconfig.json", TSCONFIG] as const,
          ...typescriptSources(client),
          ["test/client.test.mjs", typescriptTests(client)] as const,
        ];
  return new Map([...files, ["README.md", readme(client, language)], [".gitignore", gitignore(language)]]);
}
