/** A key format with its environment filled in: where each part stands; it does not know checksums or formats. */

import { isBase62 } from "./base62.ts";
import type { TemplatePiece } from "./template.ts";

/** `head`, id, `middle`, secret, in this order and each of a fixed length. Without an id all before the secret is `head`. */
export type KeyForm = {
  readonly environment: string | undefined;
  readonly head: string;
  readonly idLength: number;
  readonly middle: string;
  readonly secretStart: number;
  /** Length of the whole key. */
  readonly length: number;
};

/** Stands in a shape for any one base62 character; no literal of a template can be it. */
const ANY = "*";

/** Lays the pieces of a template out for one environment (undefined when the template has no `{env}`). */
export function keyForm(pieces: readonly TemplatePiece[], environment: string | undefined): KeyForm {
  const form = { environment, head: "", idLength: 0, middle: "", secretStart: 0, length: 0 };
  for (const piece of pieces) {
    if (piece.kind === "id") form.idLength = piece.length;
    else if (piece.kind === "secret") form.length = piece.length;
    else {
      const text = piece.kind === "literal" ? piece.text : (environment ?? "");
      if (form.idLength > 0) form.middle += text;
      else form.head += text;
    }
  }
  form.secretStart = form.head.length + form.idLength + form.middle.length;
  form.length += form.secretStart;
  return form;
}

/** Whether `text` has this shape. The hot path: length first, no regex, nothing allocated, never throws. */
export function fitsForm(form: KeyForm, text: string): boolean {
  if (text.length !== form.length || !text.startsWith(form.head)) return false;
  if (form.idLength > 0) {
    const idStart = form.head.length;
    const idEnd = idStart + form.idLength;
    if (!isBase62(text, idStart, idEnd) || !text.startsWith(form.middle, idEnd)) return false;
  }
  return isBase62(text, form.secretStart, form.length);
}

/** Whether one text could have both shapes. */
export function formsOverlap(one: KeyForm, other: KeyForm): boolean {
  if (one.length !== other.length) return false;
  const shape = shapeOf(other);
  return [...shapeOf(one)].every((character, index) => charactersOverlap(character, shape.charAt(index)));
}

/** Whether some key of this form begins with `prefix`. */
export function mayBeginWith(form: KeyForm, prefix: string): boolean {
  const shape = shapeOf(form);
  return (
    prefix.length <= shape.length &&
    [...prefix].every((character, index) => charactersOverlap(shape.charAt(index), character))
  );
}

function shapeOf(form: KeyForm): string {
  const secretLength = form.length - form.secretStart;
  return form.head + ANY.repeat(form.idLength) + form.middle + ANY.repeat(secretLength);
}

function charactersOverlap(one: string, other: string): boolean {
  if (one === other) return true;
  return (one === ANY && isBase62(other, 0, 1)) || (other === ANY && isBase62(one, 0, 1));
}
