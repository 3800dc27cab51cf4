// What is said aloud: one live region that is there before its first message, and a short toast for the eyes.
import { useSyncExternalStore } from "react";
import { Icon } from "../look/icons.tsx";

interface Said {
  readonly text: string;
  readonly serial: number;
}

const SHOWN_MS = 3_500;

let said: Said = { text: "", serial: 0 };
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(text: string): void {
  said = { text, serial: said.serial + 1 };
  for (const listener of listeners) listener();
}

/** Tells the person what has just happened. Never a secret. */
export function announce(text: string): void {
  set(text);
  clearTimeout(timer);
  timer = setTimeout(() => set(""), SHOWN_MS);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Stands once at the root of a page, above every dialog. */
export function Announcer() {
  const { text } = useSyncExternalStore(subscribe, () => said);
  return (
    <div className="toasts">
      <output aria-live="polite" className={text === "" ? "" : "toast"}>
        {text !== "" && <Icon name="check" />}
        {text}
      </output>
    </div>
  );
}
