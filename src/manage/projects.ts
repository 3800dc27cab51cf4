// Projects: apply a project file after showing what it changes, read, list.
import { ClavigerError } from "../base/errors.ts";
import type { KeyFormat } from "../key/format.ts";
import { BUILTIN_NAME } from "../project/builtin.ts";
import { compileProject, type Project } from "../project/compile.ts";
import { type Difference, differences } from "../project/difference.ts";
import { checkShape, type LoadedProject, ProjectFileError } from "../project/load.ts";
import type { ProjectRecord } from "../store/records.ts";
import { describeProject, type ProjectDescription } from "./describe.ts";
import { type Caller, type ManageParts, save } from "./save.ts";

export interface AppliedProject {
  readonly project: ProjectDescription;
  readonly created: boolean;
  readonly differences: readonly Difference[];
  /** What works and is probably not meant, such as a format under which keys in use can no longer be read. */
  readonly warnings: readonly string[];
}

export interface ApplyOptions {
  /** Says what would change and changes nothing. */
  readonly dryRun?: boolean;
  /** The digest of the file's text, when it came from a file at start. */
  readonly sourceDigest?: string;
}

/** Idempotent: the same file again changes nothing. Throws `validation_failed` with every problem, `conflict` for a host in use. */
export async function applyProject(
  parts: ManageParts,
  caller: Caller,
  loaded: Pick<LoadedProject, "file"> & Partial<LoadedProject>,
  options: ApplyOptions = {},
): Promise<AppliedProject> {
  const project = checkProject(parts, loaded);
  const before = await parts.store.project(project.name);
  const changed = differences(before?.file, project.file);
  const warnings = before === undefined ? [] : await findWarnings(parts, before, project);
  const sourceDigest = options.sourceDigest ?? before?.sourceDigest ?? null;
  const same = before !== undefined && changed.length === 0 && sourceDigest === before.sourceDigest;
  const now = parts.clock.now();
  const record: ProjectRecord =
    same || before === undefined
      ? (before ?? {
          name: project.name,
          file: project.file,
          sourceDigest,
          createdAt: now,
          updatedAt: now,
          version: 1,
        })
      : { ...before, file: project.file, sourceDigest, updatedAt: now, version: before.version + 1 };
  const result: AppliedProject = {
    project: describeProject(record),
    created: before === undefined,
    differences: changed,
    warnings,
  };
  if (options.dryRun === true || same) return result;
  return save(parts, caller, () => ({
    writes: [{ kind: "put-project", record, replaces: before?.version ?? null }],
    project: project.name,
    action: before === undefined ? "project.create" : "project.update",
    subject: project.name,
    detail: { changed: changed.map(({ field }) => field) },
    result,
  }));
}

function checkProject(
  { directory }: ManageParts,
  { file, locate }: Pick<LoadedProject, "file"> & Partial<LoadedProject>,
): Project {
  try {
    const project = compileProject(checkShape(file, "project", locate), "project", locate);
    if (project.name === BUILTIN_NAME)
      throw new ProjectFileError("project", [{ field: "name", message: "is reserved" }]);
    for (const { host } of project.hosts) {
      const owner = directory.served(host)?.project.name;
      if (owner !== undefined && owner !== project.name) {
        throw new ClavigerError("conflict", `The host ${host} belongs to the project ${owner}.`);
      }
    }
    return project;
  } catch (error) {
    throw error instanceof ProjectFileError ? unreadable(error) : error;
  }
}

/** A project file's problems as the control plane tells them; the line stands in the message. */
export function unreadable(error: ProjectFileError): ClavigerError {
  const fields = error.problems.map(({ field, line, message }) => ({
    field,
    message: line === undefined ? message : `line ${line}: ${message}`,
  }));
  return new ClavigerError("validation_failed", error.message, { fields });
}

async function findWarnings(
  { store }: ManageParts,
  before: ProjectRecord,
  after: Project,
): Promise<string[]> {
  const lost = formerFormats(before).filter((one) => !after.formats.some((kept) => reads(kept, one)));
  if (lost.length === 0) return [];
  const live = await store.countLiveKeys(after.name, { includeDeleted: true });
  if (live === 0) return [];
  const names = lost.map((one) => one.template).join(", ");
  return [
    `Keys of the format ${names} can no longer be read (${live} keys are live): add it to keys.accept to keep them working.`,
  ];
}

/** None for a stored file that this program cannot read: a good file must be able to take its place. */
function formerFormats({ file }: ProjectRecord): readonly KeyFormat[] {
  try {
    return compileProject(file).formats;
  } catch {
    return [];
  }
}

function reads(kept: KeyFormat, former: KeyFormat): boolean {
  return (
    kept.template === former.template &&
    kept.checksum === former.checksum &&
    former.environments.every((name) => kept.environments.includes(name))
  );
}

/** Throws `not_found`. */
export async function getProject({ store }: ManageParts, name: string): Promise<ProjectDescription> {
  const record = await store.project(name);
  if (record === undefined)
    throw new ClavigerError("not_found", `There is no project ${JSON.stringify(name)}.`);
  return describeProject(record);
}

export async function listProjects({ store }: ManageParts): Promise<ProjectDescription[]> {
  return (await store.projects()).map(describeProject);
}
