// Passwords: what may be one, and its digest by argon2id. Hashing runs beside the event loop, few at a time, so that sign-ins
// never starve verdicts of threads.
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { ClavigerError, invalidField } from "../base/errors.ts";

/** NIST SP 800-63B section 5.1.1.2: at least 8, and 64 must be possible. The bound comes before any hashing (hostile H14). */
const SHORTEST = 8;
const LONGEST = 1_024;

/** OWASP's second choice of parameters: 19 MiB, two passes. 25 ms on one core. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const TAG_BYTES = 32;
const SALT_BYTES = 16;

/** Two of libuv's four threads stay free for files and names. */
const MOST_AT_ONCE = 2;
/** Some half a second of waiting. */
const MOST_WAITING = 32;

/** NFKC (RFC 8265 would have NFC; NIST names both), so that the same keys typed on two systems are the same password. */
export function normalPassword(field: string, text: string): string {
  if (text.length > 4 * LONGEST) throw invalidField(field, `must have at most ${LONGEST} characters`);
  const normal = text.normalize("NFKC");
  const length = [...normal].length;
  if (length < SHORTEST) throw invalidField(field, `must have at least ${SHORTEST} characters`);
  if (length > LONGEST) throw invalidField(field, `must have at most ${LONGEST} characters`);
  return normal;
}

export interface Hashing {
  hash(password: string): Promise<string>;
  verify(stored: { readonly hash: string; readonly password: string }): Promise<boolean>;
}

/** Both throw `overloaded` when too many wait already (hostile H15). */
export function createHashing(): Hashing {
  const turns = createTurns();
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      const tag = await turns(() => digest(password, salt, MEMORY_KIB, PASSES));
      return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${base64(salt)}$${base64(tag)}`;
    },
    verify: async ({ hash, password }) => {
      const parts = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=1\$([^$]+)\$([^$]+)$/.exec(hash);
      if (parts === null) return false;
      const [, memory, passes, salt, tag] = parts as unknown as string[];
      const found = await turns(() =>
        digest(password, Buffer.from(salt!, "base64"), Number(memory), Number(passes)),
      );
      const wanted = Buffer.from(tag!, "base64");
      return found.length === wanted.length && timingSafeEqual(found, wanted);
    },
  };
}

function digest(password: string, nonce: Buffer, memory: number, passes: number): Promise<Buffer> {
  const parameters = { message: password, nonce, memory, passes, parallelism: 1, tagLength: TAG_BYTES };
  return new Promise((resolve, reject) => {
    argon2("argon2id", parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

/** RFC 4648 without padding, as password hash strings have it. */
function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

function createTurns(): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= MOST_AT_ONCE) {
      if (waiting.length >= MOST_WAITING)
        throw new ClavigerError("overloaded", "Too many people sign in at this moment; try again.");
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
