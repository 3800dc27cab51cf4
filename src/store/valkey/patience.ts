// How long an answer is waited for: until the server has been silent for too long, so that a long queue of questions at a server that
// answers is not taken for a server that is gone. It knows nothing of questions or servers.

/** However fast the others are answered, no question waits for more than so many times the time of silence. */
export const PATIENCE = 4;

/** Answers what the work answers, or rejects. All work of one patience is asked of one server. */
export type Patience = <Answer>(work: Promise<Answer>) => Promise<Answer>;

/** `clock` counts milliseconds from any moment and never steps back. */
export function createPatience(silenceMs: number, clock = (): number => performance.now()): Patience {
  let heardAt = Number.NEGATIVE_INFINITY;
  return (work) =>
    new Promise((resolve, reject) => {
      const askedAt = clock();
      const judge = (): void => {
        const now = clock();
        const silenceLeft = silenceMs - (now - heardAt);
        const left = Math.min(silenceLeft, PATIENCE * silenceMs - (now - askedAt));
        if (left > 0) timer = setTimeout(late, left);
        else reject(new Error("no answer in time"));
      };
      // An answer that lies in the socket counts: this process may have been busy for longer than the server. It is read first.
      const late = (): void => void setImmediate(judge);
      let timer = setTimeout(late, silenceMs);
      const hear = (): void => {
        heardAt = clock();
        clearTimeout(timer);
      };
      work.finally(hear).then(resolve, reject);
    });
}
