// Failures as the pages see them: what the API answered, or that it did not answer. They never hold what was sent.

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export interface ProblemFacts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields?: readonly FieldProblem[];
  /** The request's id, by which an operator finds it in the log. */
  readonly instance?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** An answer that is not a success; `status` 0 means that no answer came. */
export class ApiProblem extends Error {
  readonly facts: ProblemFacts;

  constructor(facts: ProblemFacts) {
    super(facts.detail);
    this.name = "ApiProblem";
    this.facts = facts;
  }

  get status(): number {
    return this.facts.status;
  }

  get code(): string {
    return this.facts.code;
  }
}

export const unreachable = (): ApiProblem =>
  new ApiProblem({
    status: 0,
    code: "unreachable",
    detail: "The server does not answer. Check your connection, then try again.",
  });

/** The message for one field of what was sent, if the answer names it or something inside it. */
export function fieldMessage(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const fits = ({ field: named }: FieldProblem) => named === field || named.startsWith(`${field}.`);
  return error.facts.fields?.find(fits)?.message;
}

/** What to show for whatever was thrown: always a sentence that says what to do. */
export function describeProblem(error: unknown): string {
  if (!(error instanceof ApiProblem)) return "Something went wrong on this page. Reload it and try again.";
  const { status, detail, retryAfterSeconds } = error.facts;
  if (status === 429 && retryAfterSeconds !== undefined)
    return `Too many attempts. Wait ${retryAfterSeconds} s, then try again.`;
  if (status >= 500) return `${detail} Nothing was changed by this page; try again in a moment.`;
  return detail;
}
