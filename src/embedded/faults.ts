// Faults as programs get them: every one that has a code is a ClavigerError, in words for whoever runs the process. Denials do not
// pass through here.
import { ClavigerError } from "../base/errors.ts";
import { unreadable } from "../manage/projects.ts";
import { ProjectFileError } from "../project/load.ts";
import { StoreConflict, StoreUnavailable } from "../store/contract.ts";

/** What is not known stays as it is: a defect, or a fault of the caller's own. */
export function codedFault(error: unknown): unknown {
  if (error instanceof ProjectFileError) return unreadable(error);
  if (error instanceof StoreUnavailable)
    return new ClavigerError("store_unavailable", error.message, { cause: error });
  if (error instanceof StoreConflict)
    return new ClavigerError("conflict", "The records are being changed by someone else; retry.", {
      cause: error,
    });
  return error;
}

/** Runs `work` and throws its faults as ClavigerError. */
export async function coded<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw codedFault(error);
  }
}

/** What a caller is told who comes after `close`. */
export function closed(): ClavigerError {
  return new ClavigerError("store_unavailable", "This Claviger has been closed.");
}
