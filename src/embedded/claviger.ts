// What a program gets from `open` and `connect`: the verbs, in the words of the HTTP API. Declarations only.
import type { AccountChange, NewAccount } from "../manage/accounts.ts";
import type { CreatedKey, NewKey } from "../manage/create-key.ts";
import type { CreditsChange, NewCredits } from "../manage/credits.ts";
import type {
  AccountDescription,
  AllowanceDescription,
  KeyDescription,
  ProjectDescription,
} from "../manage/describe.ts";
import type { KeyChange, KeyListRequest } from "../manage/keys.ts";
import type { Page, PageRequest } from "../manage/page.ts";
import type { AppliedProject } from "../manage/projects.ts";
import type { UsageDescription, UsageRequest } from "../manage/usage.ts";
import type { ProjectFile } from "../project/schema.ts";
import type { VerifyQuestion } from "./question.ts";
import type { Verdict } from "./verdict.ts";

/** The verbs that `open` and `connect` have in common. Every fault with a code is a ClavigerError. */
export interface Verifier extends AsyncDisposable {
  /**
   * The verdict, which has taken the key's rates and spent the cost, durably, when it is allowed; a denied one has consumed nothing.
   * Concurrency is told and no place is taken, because nobody says when the request ends. Throws `not_found` (project),
   * `validation_failed`, `store_unavailable`.
   */
  verify(question: VerifyQuestion): Promise<Verdict>;
  readonly holds: {
    /** At what the request really cost, in units. Throws `not_found`, `conflict`, `insufficient_credits`. */
    settle(hold: string, cost: number): Promise<HoldDescription>;
    /** Gives back all that was held. Throws `not_found`, `conflict`. */
    release(hold: string): Promise<HoldDescription>;
  };
  /** Safe to repeat. */
  close(): Promise<void>;
}

export interface HoldDescription {
  readonly id: string;
  readonly project: string;
  readonly account: string;
  readonly environment: string;
  /** What was held. */
  readonly units: number;
  /** What was paid in the end. */
  readonly settledUnits: number;
  readonly status: "settled" | "released";
  readonly settledAt: string;
  readonly allowance?: AllowanceDescription;
  readonly credits: number;
}

/** An instance in this process. What it changes is written to the audit log under the actor `local`. */
export interface Claviger extends Verifier {
  readonly projects: {
    /**
     * A text is the path of a project file. Idempotent: the same file again changes nothing. Throws `validation_failed` with every
     * problem and `conflict` for a host of another project.
     */
    apply(source: ProjectSource, options?: { readonly dryRun?: boolean }): Promise<AppliedProject>;
    get(project: string): Promise<ProjectDescription>;
    list(): Promise<readonly ProjectDescription[]>;
  };
  readonly accounts: {
    create(project: string, account: NewAccount): Promise<AccountDescription>;
    /** The allowance is that of `environment`, by default the project's first. */
    get(
      project: string,
      id: string,
      options?: { readonly environment?: string },
    ): Promise<AccountDescription>;
    list(project: string, page?: PageRequest): Promise<Page<AccountDescription>>;
    update(project: string, id: string, change: AccountChange): Promise<AccountDescription>;
  };
  readonly credits: {
    /** Adds above 0, takes away below 0. Throws `conflict` when there is less to take. */
    add(
      project: string,
      account: string,
      credits: NewCredits,
    ): Promise<CreditsChange & { readonly credits: number }>;
  };
  readonly keys: {
    /** The only time at which the full key is told. */
    create(project: string, key: NewKey): Promise<CreatedKey>;
    get(project: string, id: string): Promise<KeyDescription>;
    list(project: string, request?: KeyListRequest): Promise<Page<KeyDescription>>;
    update(project: string, id: string, change: KeyChange): Promise<KeyDescription>;
    rotate(project: string, id: string, options?: { readonly graceSeconds?: number }): Promise<CreatedKey>;
    /** When it resolves, no request with the key is admitted any more. */
    revoke(project: string, id: string, options?: { readonly family?: boolean }): Promise<KeyDescription>;
    disable(project: string, id: string): Promise<KeyDescription>;
    enable(project: string, id: string): Promise<KeyDescription>;
    /** The tombstone that is kept for the audit. */
    delete(project: string, id: string): Promise<KeyDescription>;
  };
  /** Up to the verdict before the call; of one account where it is named. */
  usage(project: string, request?: UsageRequest & { readonly account?: string }): Promise<UsageDescription>;
}

/** A path, a `file:` URL, a text, or the project itself. */
export type ProjectSource = string | URL | { readonly text: string } | ProjectFile;
