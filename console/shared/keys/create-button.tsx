// The button that begins a key. Who may not make one is told why, and can still reach the reason by keyboard.
import { Button, Tooltip } from "@mantine/core";
import { useId } from "react";
import { useScene } from "../api/scene.tsx";
import { Icon } from "../look/icons.tsx";
import { useKeyDialogs } from "./key-dialogs.tsx";

export function CreateButton() {
  const { portal, refusal, account } = useScene();
  const { open } = useKeyDialogs();
  const reason = useId();
  if (account === undefined) return null;
  const icon = <Icon name="plus" />;
  if (refusal === undefined)
    return (
      <Button leftSection={icon} data-create-key onClick={() => open({ kind: "create" })}>
        {portal.labels.createKey}
      </Button>
    );
  return (
    <>
      <Tooltip label={refusal}>
        <Button leftSection={icon} variant="default" aria-disabled aria-describedby={reason}>
          {portal.labels.createKey}
        </Button>
      </Tooltip>
      <span className="hidden" id={reason}>
        {refusal}
      </span>
    </>
  );
}
