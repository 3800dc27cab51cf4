// Switches between light and dark, in a menu.
import { Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Icon } from "./icons.tsx";

export function SchemeItem() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  return (
    <Menu.Item
      leftSection={<Icon name={isDark ? "sun" : "moon"} />}
      onClick={() => setColorScheme(isDark ? "light" : "dark")}
    >
      {isDark ? "Light" : "Dark"}
    </Menu.Item>
  );
}
