// The fault of a body that is to be measured and that somebody has read before. It is the program's to mend, and no denial.
import type { Verdict } from "../policy/verdict.ts";
import type { Question } from "../verify/question.ts";
import type { Verify } from "../verify/verify.ts";

export class BodyTaken extends Error {
  override readonly name = "BodyTaken";

  constructor() {
    super(
      "The cost of this route is in the body, which was read before Claviger saw it: mount Claviger before every body parser.",
    );
  }
}

/** The verdict; what was taken for it is given back before BodyTaken is thrown. */
export async function judgeUnread(verify: Verify, question: Question): Promise<Verdict> {
  const { measure } = question;
  if (measure === undefined) return verify(question);
  let taken: BodyTaken | undefined;
  const verdict = await verify({
    ...question,
    measure: async (cost) => {
      try {
        return await measure(cost);
      } catch (error) {
        if (error instanceof BodyTaken) taken = error;
        throw error;
      }
    },
  });
  if (taken !== undefined) throw taken;
  return verdict;
}
