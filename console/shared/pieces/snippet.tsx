// Code to copy, in a box that can be scrolled by keyboard.
import { CopyButton } from "./copy-button.tsx";

interface SnippetViewProps {
  readonly title: string;
  /** What the button copies, such as `curl example`. */
  readonly what: string;
  readonly code: string;
  readonly onCopied?: () => void;
}

export function SnippetView({ title, what, code, onCopied }: SnippetViewProps) {
  return (
    <div className="snippet">
      <div className="snippet-head">
        <span>{title}</span>
        <CopyButton text={() => code} what={what} {...(onCopied !== undefined && { onCopied })} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className="code" tabIndex={0} aria-label={what}>
        <pre>{code}</pre>
      </section>
    </div>
  );
}
