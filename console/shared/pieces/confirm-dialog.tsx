// One question before something that matters.
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { announce } from "./announce.tsx";
import { Dialog, DialogActions } from "./dialog.tsx";
import { ProblemNotice } from "./notice.tsx";
import { useAction } from "./use-action.ts";

interface ConfirmDialogProps<Subject> {
  /** What it is about; open while there is one. */
  readonly of: Subject | undefined;
  readonly title: string;
  readonly confirm: string;
  readonly dismiss?: string;
  /** Said when it is done. */
  readonly done: string;
  readonly isDangerous?: boolean;
  readonly onClose: () => void;
  readonly work: (subject: Subject) => Promise<unknown>;
  readonly children: ReactNode;
}

export function ConfirmDialog<Subject>(props: ConfirmDialogProps<Subject>) {
  const { of: subject, title, onClose } = props;
  return (
    <Dialog title={title} isOpen={subject !== undefined} onClose={onClose} width={460}>
      {subject !== undefined && <Question {...props} of={subject} />}
    </Dialog>
  );
}

function Question<Subject>({
  of: subject,
  confirm,
  dismiss = "Cancel",
  done,
  isDangerous = false,
  onClose,
  work,
  children,
}: ConfirmDialogProps<Subject> & { readonly of: Subject }) {
  const action = useAction(async () => {
    await work(subject);
    return true;
  });
  const submit = async (): Promise<void> => {
    if ((await action.run(undefined)) === undefined) return;
    announce(done);
    onClose();
  };
  return (
    <div className="stack">
      <p className="muted">{children}</p>
      <ProblemNotice error={action.error} />
      <DialogActions>
        <Button variant="default" onClick={onClose} data-autofocus>
          {dismiss}
        </Button>
        <Button {...(isDangerous && { color: "red" })} onClick={submit} loading={action.isRunning}>
          {confirm}
        </Button>
      </DialogActions>
    </div>
  );
}
