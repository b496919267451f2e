/** dist/widget.js: one file for the pages of the bank, without libraries. Built after the page, beside it. */
import { defineConfig } from "vite";
import { noExternals } from "./build/externals.ts";

export default defineConfig({
  plugins: [noExternals()],
  publicDir: false,
  build: {
    target: "es2018",
    emptyOutDir: false,
    lib: { entry: "src/widget/widget.ts", formats: ["iife"], name: "_", fileName: () => "widget.js" },
  },
});
