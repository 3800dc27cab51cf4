// Shows a full key, once. It holds the only copy that the page has, in its state, and drops it when it is closed. It never puts
// it into a cache, a store, an address or a message.
import { Button, Modal, SegmentedControl } from "@mantine/core";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useScene } from "../api/scene.tsx";
import type { CreatedKey, Snippet } from "../api/shapes.ts";
import { CopyButton } from "../pieces/copy-button.tsx";
import { Notice } from "../pieces/notice.tsx";
import { SnippetView } from "../pieces/snippet.tsx";

interface RevealDialogProps {
  readonly created: CreatedKey | undefined;
  readonly onClose: () => void;
}

/** No click beside it, no Escape and no cross closes it: what is lost here is lost. */
export function RevealDialog({ created, onClose }: RevealDialogProps) {
  return (
    <Modal
      opened={created !== undefined}
      onClose={() => undefined}
      title={created?.predecessor ? "Save your new key" : "Save your key"}
      size={640}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {created !== undefined && <Revealed key={created.id} created={created} onClose={onClose} />}
    </Modal>
  );
}

interface RevealedProps {
  readonly created: CreatedKey;
  readonly onClose: () => void;
}

function Revealed({ created, onClose }: RevealedProps) {
  const [hasCopied, setCopied] = useState(false);
  const [isAsking, setAsking] = useState(false);
  useLeaveGuard(created.key !== undefined);
  if (created.key === undefined) return <AlreadyAnswered onClose={onClose} />;
  const done = (): void => (hasCopied || isAsking ? onClose() : setAsking(true));
  return (
    <div className="stack stack-large" ref={asAlert}>
      <p className="muted">
        This is the only time <strong>{created.name}</strong> is shown. Copy it now and store it where your
        secrets are.
      </p>
      <SecretField name={created.name} secret={created.key} onCopied={() => setCopied(true)} />
      <NextSteps secret={created.key} onCopied={() => setCopied(true)} />
      {isAsking && !hasCopied && (
        <Notice kind="warn">
          <span role="alert">
            You have not copied the key. It cannot be shown again: without it you will have to make another
            one.
          </span>
        </Notice>
      )}
      <div className="dialog-actions">
        <Button variant={hasCopied ? "filled" : "default"} onClick={done}>
          {isAsking && !hasCopied ? "Close without the key" : "Done"}
        </Button>
      </div>
    </div>
  );
}

/** Mantine gives every dialog the role `dialog`; this one has to be answered. */
function asAlert(body: HTMLElement | null): void {
  body?.closest('[role="dialog"]')?.setAttribute("role", "alertdialog");
}

/** The answer came a second time, and a repeated answer holds no key. */
function AlreadyAnswered({ onClose }: Pick<RevealedProps, "onClose">) {
  return (
    <div className="stack">
      <Notice kind="warn">
        The key was made, but its text has been sent before and cannot be sent again. Rotate it to get a new
        one.
      </Notice>
      <div className="dialog-actions">
        <Button onClick={onClose}>Close</Button>
      </div>
    </div>
  );
}

function SecretField({
  name,
  secret,
  onCopied,
}: {
  readonly name: string;
  readonly secret: string;
  readonly onCopied: () => void;
}) {
  const field: RefObject<HTMLInputElement | null> = useRef(null);
  return (
    <div className="stack stack-small">
      <label className="legend" htmlFor="revealed-key">
        Key
      </label>
      <div className="secret">
        <input
          id="revealed-key"
          ref={field}
          readOnly
          value={secret}
          autoComplete="off"
          spellCheck={false}
          data-1p-ignore
          data-lpignore="true"
          onFocus={({ currentTarget }) => currentTarget.select()}
          onCopy={onCopied}
        />
        <CopyButton
          text={() => secret}
          what={`key ${name}`}
          label="Copy"
          variant="filled"
          onCopied={onCopied}
          onRefused={() => field.current?.select()}
        />
      </div>
    </div>
  );
}

function NextSteps({ secret, onCopied }: { readonly secret: string; readonly onCopied: () => void }) {
  const { portal } = useScene();
  const { environmentVariable, snippets } = portal.client;
  return (
    <>
      <SnippetView
        title=".env"
        what=".env line"
        code={`${environmentVariable}=${secret}`}
        onCopied={onCopied}
      />
      {snippets.length > 0 && <SnippetTabs snippets={snippets} />}
    </>
  );
}

const LANGUAGE_STORE = "claviger-snippet";

/** Remembers the language, which is no secret. */
export function SnippetTabs({ snippets }: { readonly snippets: readonly Snippet[] }) {
  const [chosen, setChosen] = useState(() => rememberedLanguage() ?? snippets[0]?.title ?? "");
  const snippet = snippets.find(({ title }) => title === chosen) ?? snippets[0];
  const choose = (title: string): void => {
    setChosen(title);
    rememberLanguage(title);
  };
  if (snippet === undefined) return null;
  return (
    <div className="stack stack-small">
      <div className="row row-between">
        <span className="legend">Your first request</span>
        {snippets.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Language of the example"
            data={snippets.map(({ title }) => title)}
            value={snippet.title}
            onChange={choose}
          />
        )}
      </div>
      <SnippetView title={snippet.title} what={`${snippet.title} example`} code={snippet.code} />
    </div>
  );
}

function rememberedLanguage(): string | undefined {
  try {
    return localStorage.getItem(LANGUAGE_STORE) ?? undefined;
  } catch {
    return undefined;
  }
}

function rememberLanguage(title: string): void {
  try {
    localStorage.setItem(LANGUAGE_STORE, title);
  } catch {
    // A frame may have no storage; the choice then lasts as long as the page.
  }
}

/** The browser asks before the page with the key goes away. */
function useLeaveGuard(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isOn]);
}
