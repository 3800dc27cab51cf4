// What can be done with one key, in a menu.
import { ActionIcon, Menu } from "@mantine/core";
import { useKeyChanges } from "../api/keys.ts";
import { useScene } from "../api/scene.tsx";
import type { Key } from "../api/shapes.ts";
import { Icon } from "../look/icons.tsx";
import { announce } from "../pieces/announce.tsx";
import { useNow } from "../pieces/moment.tsx";
import { useAction } from "../pieces/use-action.ts";
import { useKeyDialogs } from "./key-dialogs.tsx";
import { isRetiring } from "./status.ts";

export function KeyMenu({ of: key }: { readonly of: Key }) {
  const { refusal } = useScene();
  if (refusal !== undefined) return null;
  return (
    <Menu withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size={30} aria-label={`Actions for ${key.name}`}>
          <Icon name="more" size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuItems of={key} />
      </Menu.Dropdown>
    </Menu>
  );
}

function MenuItems({ of: key }: { readonly of: Key }) {
  const { open } = useKeyDialogs();
  const { labels } = useScene().portal;
  const isInGrace = isRetiring(key, useNow());
  const isSpent = key.status === "revoked" || key.status === "expired";
  if (isSpent) return <DeleteItem of={key} />;
  return (
    <>
      {!isInGrace && (
        <Menu.Item leftSection={<Icon name="pen" />} onClick={() => open({ kind: "edit", key })}>
          Edit
        </Menu.Item>
      )}
      {isInGrace ? (
        <>
          <Menu.Item leftSection={<Icon name="clock" />} onClick={() => open({ kind: "cut", key })}>
            End old key now
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="back" />} onClick={() => open({ kind: "cancel", key })}>
            Cancel rotation
          </Menu.Item>
        </>
      ) : (
        <Menu.Item leftSection={<Icon name="rotate" />} onClick={() => open({ kind: "rotate", key })}>
          {labels.rotateKey}
        </Menu.Item>
      )}
      <RestItem of={key} />
      <Menu.Divider />
      <Menu.Item color="red" leftSection={<Icon name="ban" />} onClick={() => open({ kind: "revoke", key })}>
        {labels.revokeKey}
      </Menu.Item>
    </>
  );
}

function RestItem({ of: key }: { readonly of: Key }) {
  const { open } = useKeyDialogs();
  const { end } = useKeyChanges();
  const enable = useAction(() => end(key.id, "enable"));
  if (key.status !== "disabled")
    return (
      <Menu.Item leftSection={<Icon name="pause" />} onClick={() => open({ kind: "disable", key })}>
        Disable
      </Menu.Item>
    );
  const admit = async (): Promise<void> => {
    announce(
      (await enable.run(undefined)) === undefined
        ? `${key.name} could not be enabled. Try again.`
        : `${key.name} works again`,
    );
  };
  return (
    <Menu.Item leftSection={<Icon name="play" />} onClick={admit}>
      Enable
    </Menu.Item>
  );
}

function DeleteItem({ of: key }: { readonly of: Key }) {
  const { open } = useKeyDialogs();
  return (
    <Menu.Item color="red" leftSection={<Icon name="close" />} onClick={() => open({ kind: "delete", key })}>
      Delete
    </Menu.Item>
  );
}
