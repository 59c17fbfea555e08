import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  // Once all is written: Vite puts the names of parts that are fetched later into the code after every other change.
  writeBundle({ dir }, bundle) {
    for (const { fileName } of Object.values(bundle)) {
      if (!/\.(js|css)$/.test(fileName)) continue;
      const path = join(dir, fileName);
      const content = readFileSync(path);
      writeFileSync(`${path}.br`, brotliCompressSync(content));
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    }
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
