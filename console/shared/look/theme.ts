// Mantine's theme: its colours are the variables of base.css, so that it writes no style element (CSP).
import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const brand = Array.from({ length: 10 }, () => "var(--accent)") as unknown as MantineColorsTuple;

const FILLED = {
  background: "var(--accent)",
  hover: "var(--accent-hover)",
  color: "var(--on-accent)",
  border: "1px solid transparent",
} as const;
const QUIET = {
  background: "var(--surface)",
  hover: "var(--hover)",
  color: "var(--text)",
  border: "1px solid var(--line-strong)",
} as const;
const BARE = {
  background: "transparent",
  hover: "var(--hover)",
  color: "var(--text)",
  border: "1px solid transparent",
} as const;
const DANGER = {
  background: "var(--bad-fill)",
  hover: "var(--bad-fill-hover)",
  color: "var(--on-bad)",
  border: "1px solid transparent",
} as const;

const variantColorResolver: VariantColorsResolver = (input) => {
  const isRed = input.color === "red";
  if (input.variant === "filled") return isRed ? DANGER : FILLED;
  if (input.variant === "default") return QUIET;
  if (input.variant === "subtle") return { ...BARE, ...(isRed && { color: "var(--bad)" }) };
  if (isRed && input.variant === "light") return { ...BARE, color: "var(--bad)", hover: "var(--bad-soft)" };
  return defaultVariantColorsResolver(input);
};

/** Within a landmark, so that readers know where they are. */
const portalProps = { target: "#page" };

/** Mantine locks scrolling by a style element, which the content security policy forbids. */
const lockScroll = false;

export const theme = createTheme({
  colors: { brand },
  primaryColor: "brand",
  respectReducedMotion: true,
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "md",
  cursorType: "pointer",
  variantColorResolver,
  components: {
    Modal: {
      defaultProps: {
        lockScroll,
        centered: true,
        overlayProps: { backgroundOpacity: 0.5 },
        transitionProps: { transition: "pop", duration: 120 },
        closeButtonProps: { "aria-label": "Close" },
      },
    },
    Tooltip: {
      defaultProps: { withArrow: true, portalProps, events: { hover: true, focus: true, touch: true } },
    },
    Menu: {
      defaultProps: {
        position: "bottom-end",
        width: 220,
        portalProps,
        // A placeholder that takes the focus is no item of a menu.
        withInitialFocusPlaceholder: false,
      },
    },
    Button: { defaultProps: { size: "sm" } },
    TagsInput: { defaultProps: { comboboxProps: { withinPortal: false } } },
  },
});
