// A button that copies something and says so; its name says what it copies.
import { ActionIcon, Button } from "@mantine/core";
import { type MouseEvent, useEffect, useState } from "react";
import { Icon } from "../look/icons.tsx";
import { announce } from "./announce.tsx";
import { copyText } from "./copy-text.ts";

interface CopyProps {
  /** Read at the click, so that a secret is not held twice. */
  readonly text: () => string;
  /** What is copied, such as `key Production`. */
  readonly what: string;
  /** With words instead of an icon alone. */
  readonly label?: string;
  readonly variant?: "filled" | "default" | "subtle";
  readonly onCopied?: () => void;
  /** The browser refused: select what is shown, so that the person can copy it by keyboard. */
  readonly onRefused?: () => void;
}

const SHOWN_MS = 2_000;

export function CopyButton({ text, what, label, variant = "subtle", onCopied, onRefused }: CopyProps) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async (event: MouseEvent<HTMLButtonElement>): Promise<void> => {
    const within = event.currentTarget.closest<HTMLElement>("[role]") ?? document.body;
    if ((await copyText(text(), within)) === "copied") {
      setDone(true);
      announce(`Copied ${what}`);
      onCopied?.();
      return;
    }
    announce("The browser does not allow copying. Select the text and press Ctrl+C.");
    onRefused?.();
  };
  const icon = <Icon name={isDone ? "check" : "copy"} />;
  const name = `Copy ${what}`;
  if (label === undefined)
    return (
      <ActionIcon variant={variant} size={28} aria-label={name} onClick={copy}>
        {icon}
      </ActionIcon>
    );
  return (
    <Button variant={variant} leftSection={icon} aria-label={name} onClick={copy}>
      {isDone ? "Copied" : label}
    </Button>
  );
}
