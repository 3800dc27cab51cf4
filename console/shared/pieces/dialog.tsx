// Dialogs: closed by Escape, the cross or Cancel; focus goes in, and back to where it came from.
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** In CSS pixels. */
  readonly width?: number;
}

export function Dialog({ title, isOpen, onClose, children, width = 520 }: DialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size={width} closeOnClickOutside={false}>
      {children}
    </Modal>
  );
}

/** The buttons at a dialog's end, the one that goes on last. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="dialog-actions">{children}</div>;
}
