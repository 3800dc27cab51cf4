// Checks what programs hand in against the shapes of the HTTP API, so that a field is refused or taken alike on both ways. It changes
// nothing.
import type { Static, TSchema } from "typebox";
import { compileValidator } from "../http/validation.ts";

type Check = (value: unknown) => { readonly error?: Error };

/** Compiled at first use: a process that only verifies needs one of them. */
const compiled = new WeakMap<TSchema, Check>();

/** An unknown field is refused: a misspelled `scopes` would ask for none. Throws `validation_failed` with every problem. */
export function checked<Shape extends TSchema>(shape: Shape, value: unknown): Static<Shape> {
  let check = compiled.get(shape);
  if (check === undefined) {
    check = compileValidator({ schema: shape, method: "", url: "", httpPart: "body" }) as Check;
    compiled.set(shape, check);
  }
  const { error } = check(value);
  if (error !== undefined) throw error;
  return value as Static<Shape>;
}
