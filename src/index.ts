// The public surface of the package: Claviger inside a Node process. What is not named here is not promised.

export { ClavigerError } from "./base/errors.ts";
export type { Claviger, ProjectSource, Verifier } from "./embedded/claviger.ts";
export { type ConnectOptions, connect } from "./embedded/connect.ts";
export { type OpenOptions, open } from "./embedded/open.ts";
export type { VerifyQuestion } from "./embedded/question.ts";
export type { AllowedVerdict, DeniedVerdict, Verdict } from "./embedded/verdict.ts";
export type { ProjectFile } from "./project/schema.ts";
