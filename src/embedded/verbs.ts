// The verbs of an open instance: each checks its input as the HTTP API does and calls the one function that does the work.
import { settle } from "../http/routes/holds.ts";
import { questionOf } from "../http/routes/verify.ts";
import { AccountChange, NewAccount } from "../http/shapes/accounts.ts";
import { NewCredits, Settlement } from "../http/shapes/credits.ts";
import { KeyChange, NewKey, Revocation, Rotation } from "../http/shapes/keys.ts";
import { VerifyQuestion as AskedShape } from "../http/shapes/verdicts.ts";
import { createAccount, getAccount, listAccounts, updateAccount } from "../manage/accounts.ts";
import { createKey } from "../manage/create-key.ts";
import { changeCredits, creditsOf } from "../manage/credits.ts";
import { deleteKey, disableKey, enableKey, revokeKey } from "../manage/end-key.ts";
import { getKey, listKeys, updateKey } from "../manage/keys.ts";
import { applyProject, getProject, listProjects } from "../manage/projects.ts";
import { rotateKey } from "../manage/rotate-key.ts";
import { LOCAL_CALLER } from "../manage/save.ts";
import { getAccountUsage, getProjectUsage } from "../manage/usage.ts";
import type { Instance } from "../open.ts";
import { judgeUnread } from "./body-taken.ts";
import type { Claviger, Verifier } from "./claviger.ts";
import { coded } from "./faults.ts";
import { checked } from "./input.ts";
import { readProjectSource } from "./project-source.ts";
import { readQuestion, type VerifyQuestion } from "./question.ts";
import { tellVerdict, type Verdict } from "./verdict.ts";

type Verbs = Omit<Claviger, "close" | typeof Symbol.asyncDispose>;

export function verbsOf(instance: Instance): Verbs {
  return {
    ...verifyingOf(instance),
    projects: projectsOf(instance),
    accounts: accountsOf(instance),
    credits: {
      add: (project, account, input) =>
        coded(async () => {
          const change = await changeCredits(
            instance,
            LOCAL_CALLER,
            project,
            account,
            checked(NewCredits, input),
          );
          return { ...change, credits: await creditsOf(instance, project, account) };
        }),
    },
    keys: keysOf(instance),
    usage: (project, { account, ...request } = {}) =>
      coded(async () => {
        await instance.usage.flush();
        if (account === undefined) return getProjectUsage(instance, project, request);
        return getAccountUsage(instance, project, account, request);
      }),
  };
}

function verifyingOf(instance: Instance): Pick<Verifier, "verify" | "holds"> {
  return {
    verify: (asked) => coded(() => ask(instance, asked)),
    holds: {
      settle: (hold, cost) => coded(() => settle(instance, hold, checked(Settlement, { cost }).cost)),
      release: (hold) => coded(() => settle(instance, hold, 0)),
    },
  };
}

async function ask(instance: Instance, asked: VerifyQuestion): Promise<Verdict> {
  const { facts, ...read } = readQuestion(asked, instance.directory.project(asked.project));
  const question = questionOf(instance, checked(AskedShape, { ...facts, key: "" }), "");
  return tellVerdict(await judgeUnread(instance.verify, { ...question, ...read }));
}

function projectsOf(instance: Instance): Verbs["projects"] {
  return {
    apply: (source, options) =>
      coded(async () => applyProject(instance, LOCAL_CALLER, await readProjectSource(source), options)),
    get: (project) => coded(() => getProject(instance, project)),
    list: () => coded(() => listProjects(instance)),
  };
}

function accountsOf(instance: Instance): Verbs["accounts"] {
  return {
    create: (project, input) =>
      coded(() => createAccount(instance, LOCAL_CALLER, project, checked(NewAccount, input))),
    get: (project, id, options) => coded(() => getAccount(instance, project, id, options)),
    list: (project, page = {}) => coded(() => listAccounts(instance, project, page)),
    update: (project, id, change) =>
      coded(() => updateAccount(instance, LOCAL_CALLER, project, id, checked(AccountChange, change))),
  };
}

function keysOf(instance: Instance): Verbs["keys"] {
  return {
    create: (project, input) =>
      coded(() => createKey(instance, LOCAL_CALLER, project, checked(NewKey, input))),
    get: (project, id) => coded(() => getKey(instance, project, id)),
    list: (project, request = {}) => coded(() => listKeys(instance, project, request)),
    update: (project, id, change) =>
      coded(() => updateKey(instance, LOCAL_CALLER, project, id, checked(KeyChange, change))),
    rotate: (project, id, options = {}) =>
      coded(() => rotateKey(instance, LOCAL_CALLER, project, id, checked(Rotation, options))),
    revoke: (project, id, options = {}) =>
      coded(() => revokeKey(instance, LOCAL_CALLER, project, id, checked(Revocation, options))),
    disable: (project, id) => coded(() => disableKey(instance, LOCAL_CALLER, project, id)),
    enable: (project, id) => coded(() => enableKey(instance, LOCAL_CALLER, project, id)),
    delete: (project, id) => coded(() => deleteKey(instance, LOCAL_CALLER, project, id)),
  };
}
