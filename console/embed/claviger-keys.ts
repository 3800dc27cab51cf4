// `<claviger-keys src code>`: the frame with a customer's keys in an operator's own page. It has no dependency, holds no key,
// and speaks with its own frame only.

const DEFAULT_HEIGHT = 480;
const MAX_HEIGHT = 20_000;

class ClavigerKeys extends HTMLElement {
  static observedAttributes = ["code"];
  #frame: HTMLIFrameElement | undefined;
  #origin = "";
  #isWaiting = false;

  connectedCallback(): void {
    const url = new URL(this.getAttribute("src") ?? "", location.href);
    this.#origin = url.origin;
    const frame = document.createElement("iframe");
    frame.src = url.href;
    frame.title = this.getAttribute("label") ?? "API keys";
    frame.allow = `clipboard-write ${url.origin}`;
    frame.referrerPolicy = "no-referrer";
    frame.style.cssText = `display:block;width:100%;height:${DEFAULT_HEIGHT}px;border:0;color-scheme:normal`;
    this.#frame = frame;
    addEventListener("message", this.#hear);
    this.append(frame);
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.#hear);
    this.#frame?.remove();
    this.#frame = undefined;
  }

  attributeChangedCallback(): void {
    if (this.#isWaiting) this.#launch();
  }

  /** Messages of the own frame, from its own origin. */
  #hear = ({ source, origin, data }: MessageEvent): void => {
    if (source !== this.#frame?.contentWindow || origin !== this.#origin) return;
    if (data?.type === "claviger:ready") this.#launch();
    if (data?.type === "claviger:height" && this.#frame !== undefined)
      this.#frame.style.height = `${Math.min(MAX_HEIGHT, Math.max(0, Number(data.height) || 0))}px`;
  };

  /** Gives the code away, once: for the next one the page is asked by an event. */
  #launch(): void {
    const code = this.getAttribute("code");
    this.#isWaiting = code === null;
    if (code === null) {
      this.dispatchEvent(new CustomEvent("claviger-code-needed", { bubbles: true }));
      return;
    }
    this.removeAttribute("code");
    this.#frame?.contentWindow?.postMessage({ type: "claviger:launch", code }, this.#origin);
  }
}

if (customElements.get("claviger-keys") === undefined) customElements.define("claviger-keys", ClavigerKeys);
