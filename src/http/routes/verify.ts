// Asks for verdicts: one at a time or a thousand. A denial is an answer like any other (200); only a fault is a problem.
import type { Static } from "typebox";
import { isoTime } from "../../base/clock.ts";
import { ClavigerError, invalidField } from "../../base/errors.ts";
import { describeAllowance } from "../../manage/describe.ts";
import { parseAddress } from "../../policy/network.ts";
import type { Allowed, Denied, Verdict as VerdictData } from "../../policy/verdict.ts";
import type { Credential, Question } from "../../verify/question.ts";
import type { App, OperationParts } from "../operation.ts";
import { Verdict, Verdicts, VerifyBatch, VerifyQuestion } from "../shapes/verdicts.ts";

type Asked = Static<typeof VerifyQuestion>;

export function addVerify(app: App, parts: OperationParts): void {
  app.post(
    "/v1/verify",
    {
      config: { access: "keys:verify", problems: ["not_found"] },
      schema: {
        operationId: "verifyKey",
        summary: "Ask for the verdict on a key",
        description:
          "Every verdict is a 200. An allowed one has taken the key's rates and spent the cost, durably; a denied one has consumed nothing. A store that does not answer is a 503.",
        tags: ["verdicts"],
        body: VerifyQuestion,
        response: { 200: Verdict },
      },
    },
    // A key that is held in memory is answered in the same turn of the event loop.
    ({ body }) => {
      const verdict = parts.verify(questionOf(parts, body, ""));
      return verdict instanceof Promise ? verdict.then(told) : told(verdict);
    },
  );
  app.post(
    "/v1/verify/batch",
    {
      config: { access: "keys:verify", problems: ["not_found"] },
      schema: {
        operationId: "verifyKeys",
        summary: "Ask for up to 1,000 verdicts",
        description:
          "The requests are taken in their order. One that cannot be read refuses the batch, and no verdict is given. A store that does not answer is a 503, and what the others paid is given back as far as the store takes it.",
        tags: ["verdicts"],
        body: VerifyBatch,
        response: { 200: Verdicts },
      },
    },
    async ({ body }) => {
      const questions = body.requests.map((one, index) => questionOf(parts, one, `requests[${index}].`));
      const verdicts = await Promise.all(questions.map((question) => parts.verify(question)));
      if (verdicts.some(({ code }) => code === "store_unavailable")) await giveBack(parts, verdicts);
      return { verdicts: verdicts.map(told) };
    },
  );
}

/** Nobody learns of these verdicts. What cannot be given back stays spent. */
async function giveBack({ cashier }: OperationParts, verdicts: readonly VerdictData[]): Promise<void> {
  const paid = verdicts.filter((verdict) => verdict.allowed);
  await Promise.allSettled(
    paid.map(({ receipt, hold }) => {
      if (hold !== undefined) return cashier.settleHold(hold.id, 0);
      return receipt && cashier.refund(receipt);
    }),
  );
}

/** Longer than any key, and than what is worth reading on (hostile A19). */
const MAX_CREDENTIAL_LENGTH = 4_096;

/** `at` names the question's place in a batch. Throws `not_found` (project) and `validation_failed`. */
export function questionOf(
  { directory }: Pick<OperationParts, "directory">,
  asked: Asked,
  at: string,
): Question {
  const { key, ip, environment, scopes, method, path, cost, hold } = asked;
  const project = directory.project(asked.project);
  // The name is not repeated: a key in the wrong field would be.
  if (project === undefined)
    throw new ClavigerError("not_found", `${at}project: there is no such project.`, {
      fields: [{ field: `${at}project`, message: "there is no such project" }],
    });
  if ((method === undefined) !== (path === undefined))
    throw invalidField(`${at}${method === undefined ? "method" : "path"}`, "is missing beside the other one");
  const clientAddress = ip === undefined ? undefined : parseAddress(ip);
  if (ip !== undefined && clientAddress === undefined) throw invalidField(`${at}ip`, "is not an IP address");
  // JSON can say it, a schema admits it as 0, and nobody means it (hostile E17).
  if (Object.is(cost, -0)) throw invalidField(`${at}cost`, "must not be -0");
  return {
    project,
    credential: credentialOf(key),
    clientAddress,
    environment,
    scopes,
    request: method === undefined || path === undefined ? undefined : { method, target: path },
    cost,
    hold,
    tellPots: true,
  };
}

function credentialOf(key: string): Credential {
  if (key === "") return { kind: "none" };
  if (key.length > MAX_CREDENTIAL_LENGTH) return { kind: "unreadable", hint: "It is too long to be a key." };
  return { kind: "key", text: key };
}

type Facts = Pick<VerdictData, "allowed" | "code"> &
  Partial<Omit<Allowed, "allowed" | "code"> & Omit<Denied, "allowed" | "code">>;

/** Times as the API writes them; receipt and settlement stay in the process. Throws `store_unavailable`, because a fault is no verdict. */
export function told(verdict: VerdictData): Static<typeof Verdict> {
  if (verdict.code === "store_unavailable")
    throw new ClavigerError("store_unavailable", "The key cannot be checked at the moment; try again.");
  const { limits, key, requiredScopes, allowance, hold, receipt, settlement: _, ...rest } = verdict as Facts;
  return {
    ...rest,
    ...(key && { key: { ...key, scopes: [...key.scopes] } }),
    ...(requiredScopes && { requiredScopes: [...requiredScopes] }),
    ...(limits && { limits: limits.map((state) => ({ ...state, resetsAt: isoTime(state.resetsAt) })) }),
    ...(allowance && { allowance: describeAllowance(allowance) }),
    ...(hold &&
      receipt && { hold: { id: hold.id, units: receipt.units, expiresAt: isoTime(hold.expiresAt) } }),
  };
}
