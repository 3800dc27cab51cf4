// How the two faces are built: `--mode portal` or `--mode operator`; nothing of one gets into the other.
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type UserConfig } from "vite";

const HERE = import.meta.dirname;
const OUT = join(HERE, "../dist/console");

/** The loader has a name without a digest: other people's pages name it. */
const LOADER = "claviger-keys";

const FACES = {
  portal: {
    base: "/",
    input: {
      portal: join(HERE, "portal/index.html"),
      [LOADER]: join(HERE, "embed/claviger-keys.ts"),
    },
  },
  operator: { base: "/console/", input: { operator: join(HERE, "operator/index.html") } },
} satisfies Record<string, { base: string; input: Record<string, string> }>;

// biome-ignore lint/style/noDefaultExport: Vite takes its configuration by the default export only.
export default defineConfig(({ mode }): UserConfig => {
  const face = mode === "operator" ? "operator" : "portal";
  return {
    root: join(HERE, face),
    base: FACES[face].base,
    plugins: [react()],
    build: {
      outDir: join(OUT, face),
      emptyOutDir: true,
      target: "es2022",
      // Inlined fonts and images would need `data:` in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: FACES[face].input,
        output: {
          entryFileNames: ({ name }) => (name === LOADER ? `${LOADER}.js` : "assets/[name]-[hash].js"),
        },
      },
    },
  };
});
