// Copying that also works without the clipboard API: on plain HTTP, and in frames that were not given it.

export type Copied = "copied" | "select";

/**
 * Copies `text`; `within` is an element inside the open dialog, because a dialog's focus trap takes the selection from
 * anything outside of it. Answers `select` when the person has to press the keys.
 */
export async function copyText(text: string, within: HTMLElement): Promise<Copied> {
  try {
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    return copyBySelection(text, within) ? "copied" : "select";
  }
}

function copyBySelection(text: string, within: HTMLElement): boolean {
  const held = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "hidden";
  within.append(area);
  area.focus();
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    if (held instanceof HTMLElement) held.focus();
  }
}
