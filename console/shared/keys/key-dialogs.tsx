// The dialogs of a key page, mounted above lists and empty states: none of them may go away because a list was read again.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useKeyChanges } from "../api/keys.ts";
import { useScene } from "../api/scene.tsx";
import type { CreatedKey, Key } from "../api/shapes.ts";
import { announce } from "../pieces/announce.tsx";
import { ConfirmDialog } from "../pieces/confirm-dialog.tsx";
import { focusHeading } from "../pieces/page.tsx";
import { CreateDialog } from "./create-dialog.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import { EndDialog, type Ending } from "./end-dialog.tsx";
import { RevealDialog } from "./reveal-dialog.tsx";
import { RotateDialog } from "./rotate-dialog.tsx";

type Open =
  | { readonly kind: "create" }
  | { readonly kind: "edit" | "rotate" | "cancel" | "cut" | "delete" | Ending; readonly key: Key };

export interface KeyDialogs {
  readonly open: (dialog: Open) => void;
}

const DialogsContext = createContext<KeyDialogs>({ open: () => undefined });

/** By then Mantine has given the focus back to what opened the dialog, if that is still there. */
const FOCUS_RETURNED_MS = 400;

export const useKeyDialogs = (): KeyDialogs => useContext(DialogsContext);

export function KeyDialogsProvider({ children }: { readonly children: ReactNode }) {
  const { account } = useScene();
  const [open, setOpen] = useState<Open | undefined>(undefined);
  const [created, setCreated] = useState<CreatedKey | undefined>(undefined);
  const isBusy = open !== undefined || created !== undefined;
  const wasBusy = useRef(false);
  useEffect(() => {
    const isOver = wasBusy.current && !isBusy;
    wasBusy.current = isBusy;
    if (!isOver) return undefined;
    const timer = setTimeout(focusHeading, FOCUS_RETURNED_MS);
    return () => clearTimeout(timer);
  }, [isBusy]);
  const close = (): void => setOpen(undefined);
  const reveal = (key: CreatedKey): void => {
    setOpen(undefined);
    setCreated(key);
    announce(`${key.name} is made`);
  };
  const dialogs = useMemo<KeyDialogs>(() => ({ open: setOpen }), []);
  const keyFor = (kind: Open["kind"]): Key | undefined =>
    open?.kind === kind && open.kind !== "create" ? open.key : undefined;
  return (
    <DialogsContext value={dialogs}>
      {children}
      {account !== undefined && (
        <CreateDialog isOpen={open?.kind === "create"} account={account} onClose={close} onCreated={reveal} />
      )}
      <EditDialog of={keyFor("edit")} onClose={close} />
      <RotateDialog of={keyFor("rotate")} onClose={close} onRotated={reveal} />
      <EndDialog of={keyFor("revoke")} ending="revoke" onClose={close} />
      <EndDialog of={keyFor("disable")} ending="disable" onClose={close} />
      <RotationDialogs cut={keyFor("cut")} cancel={keyFor("cancel")} onClose={close} />
      <DeleteDialog of={keyFor("delete")} onClose={close} />
      <RevealDialog created={created} onClose={() => setCreated(undefined)} />
    </DialogsContext>
  );
}

interface RotationDialogsProps {
  readonly cut: Key | undefined;
  readonly cancel: Key | undefined;
  readonly onClose: () => void;
}

function RotationDialogs({ cut, cancel, onClose }: RotationDialogsProps) {
  const { end, cancelRotation } = useKeyChanges();
  return (
    <>
      <ConfirmDialog
        of={cut}
        title="End the old key now"
        confirm="End old key"
        done="The old key is revoked"
        isDangerous
        onClose={onClose}
        work={(key) => end(key.id, "revoke")}
      >
        The old key is refused from its next request on. Make sure that everything uses the new one.
      </ConfirmDialog>
      <ConfirmDialog
        of={cancel}
        title="Cancel the rotation"
        confirm="Cancel rotation"
        dismiss="Keep rotating"
        done="The rotation is cancelled"
        isDangerous
        onClose={onClose}
        work={(key) => cancelRotation(key.id)}
      >
        The new key is revoked, and the old one goes on as before. Whatever uses the new key already stops
        working.
      </ConfirmDialog>
    </>
  );
}

function DeleteDialog({ of: key, onClose }: { readonly of: Key | undefined; readonly onClose: () => void }) {
  const { remove } = useKeyChanges();
  return (
    <ConfirmDialog
      of={key}
      title={`Delete ${key?.name ?? "key"}`}
      confirm="Delete key"
      done="The key is deleted"
      isDangerous
      onClose={onClose}
      work={(gone) => remove(gone.id)}
    >
      The key is revoked and taken off this list. The audit log keeps that it was there.
    </ConfirmDialog>
  );
}
