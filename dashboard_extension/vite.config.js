import { brotliCompressSync, gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** @type {import("vite").Plugin} Macaw brings 48 font files, 4 MB of them; the Dashboard shows one, which src/style.css takes from its own package. */
const withoutMacawFonts = {
  name: "without-macaw-fonts",
  enforce: "pre",
  transform(code, id) {
    return id.includes("macaw-ui/dist/style.css") ? code.replace(/@font-face\s*{[^}]*}/g, "") : null;
  },
};

/** @type {import("vite").Plugin} Lays .br and .gz beside each text file; WhiteNoise serves them to browsers that take them. */
const compressed = {
  name: "compressed",
  apply: "build",
  enforce: "post",
  generateBundle: {
    order: "post", // after Vite's own, which fills in what a part that is loaded later needs
    handler(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css)$/.test(file.fileName)) continue;
        const content = Buffer.from(file.type === "chunk" ? file.code : file.source);
        this.emitFile({ type: "asset", fileName: `${file.fileName}.br`, source: brotliCompressSync(content) });
        this.emitFile({ type: "asset", fileName: `${file.fileName}.gz`, source: gzipSync(content, { level: 9 }) });
      }
    },
  },
};

export default defineConfig({
  // Relative: the app may live below a path, and index.html is told at serving time where its files are.
  base: "./",
  plugins: [withoutMacawFonts, react(), compressed],
  build: {
    outDir: "../saleor_lifecycle/static/dashboard",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Macaw does not divide: one file of it all, about 180 kB gzipped.
    chunkSizeWarningLimit: 800,
  },
});
