import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { noExternals } from "./build/externals.ts";
import { licences } from "./build/licences.ts";

export default defineConfig({
  base: "/chat/",
  plugins: [react(), noExternals(), licences()],
  // Its package.json names a bundle of everything for browsers; the modules can be picked from.
  resolve: { alias: [{ find: /^@chatui\/core$/, replacement: "@chatui/core/es/index.js" }] },
  build: { target: "es2020", modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  test: { environment: "jsdom", include: ["tests/**/*.test.{ts,tsx}"], setupFiles: ["tests/setup.ts"], restoreMocks: true },
});
