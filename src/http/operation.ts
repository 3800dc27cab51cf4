// What an operation of the control plane is made of: the parts it may use and what it declares about itself. It registers
// and answers nothing.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ProblemCode } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Caller, ManageParts } from "../manage/save.ts";
import type { People } from "../people/people.ts";
import type { Tickets } from "../store/tickets.ts";
import type { Cashier } from "../verify/cashier.ts";
import type { Condition } from "../verify/fail-policy.ts";
import type { Rehearse } from "../verify/rehearse.ts";
import type { Traffic } from "../verify/traffic.ts";
import type { Verify } from "../verify/verify.ts";
import type { Member, MemberAccess } from "./member-access.ts";
import type { Pages } from "./pages.ts";
import type { PeopleDoor } from "./people-door.ts";

/** A scope of the built-in project. */
export type RootScope =
  | "projects:read"
  | "projects:write"
  | "accounts:read"
  | "accounts:write"
  | "keys:read"
  | "keys:write"
  | "keys:verify"
  | "audit:read"
  | "people:read"
  | "people:write";

/** `client`: the operation authenticates its caller itself, in the form that its own standard asks for. */
export type Access = RootScope | "anyone" | "client";

/** What the control plane needs of an open instance. */
export type ControlledInstance = ManageParts & {
  readonly verify: Verify;
  readonly rehearse: Rehearse;
  readonly cashier: Cashier;
  readonly traffic: Traffic;
  /** What it does without at this moment. */
  readonly condition: () => Promise<Condition>;
  readonly tickets: Tickets;
};

export interface Readiness {
  readonly ready: boolean;
  /** What was looked at, to `ok` or to what is wrong, in words without secrets. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Where the gateway serves a host of a project at this moment. */
export interface Endpoint {
  readonly project: string;
  readonly host: string;
  readonly url: string;
}

export interface ControlPlaneParts {
  readonly instance: ControlledInstance;
  readonly ready: () => Promise<Readiness>;
  /** Read at each request; without it no address is told. */
  readonly endpoints?: () => readonly Endpoint[];
  /** Operators, who sign in; without it only root keys get in. */
  readonly door?: PeopleDoor;
  /** Of the console; without them there is none. */
  readonly pages?: Pages;
  readonly log: Logger;
}

/** Runs `work` for the request's caller and gives its result the status, or answers what an earlier request was answered. */
export type AnswerOnce = <Result>(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  work: (caller: Caller) => Promise<Result>,
) => Promise<Result>;

export interface OperationParts extends ControlledInstance {
  /** Where people are let in. */
  readonly people?: People | undefined;
  readonly ready: () => Promise<Readiness>;
  readonly endpoints: () => readonly Endpoint[];
  readonly answerOnce: AnswerOnce;
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call. A route that does not say so keeps the control plane from starting. */
    access?: Access;
    /** Members of accounts may call it too, at the portal. */
    member?: MemberAccess;
    /** A session must have been proved a short while ago. */
    fresh?: boolean;
    /** Problems that the operation answers beside those that follow from its schema and its access. */
    problems?: readonly ProblemCode[];
    /** The body's schema by media type, where the handler reads the body itself. */
    documentedBody?: Readonly<Record<string, object>>;
  }
  interface FastifyRequest {
    /** Set once the root key or the session has been judged. */
    caller: Caller | null;
    /** At the portal only. */
    member: Member | null;
    /** The body's bytes as they came; `null` when there were none. */
    rawBody: Buffer | null;
  }
}
