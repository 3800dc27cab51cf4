// Finds the problem details (RFC 9457) that a refusal of the control plane came with.
import { ApiError } from "@claviger/client";
import type { Problem } from "./shapes.ts";

/** Stable; programs may rely on it. */
export type ProblemCode = Problem["code"];

/** Undefined for anything else, such as an answer of a proxy or none at all. */
export function problemOf(error: unknown): Problem | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const type = error.headers?.get("content-type") ?? "";
  return /^application\/problem\+json\b/i.test(type) && isProblem(error.body) ? error.body : undefined;
}

function isProblem(body: unknown): body is Problem {
  const { code, detail, status } = (body ?? {}) as Partial<Problem>;
  return typeof code === "string" && typeof detail === "string" && typeof status === "number";
}
