/** Collects the licences of the packages that are in the built page; one that does not fit stops the build. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const FITTING = new Set(["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD"]);
const PACKAGE = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//;

/** Does an SPDX expression allow one of the fitting licences? "(MPL-2.0 OR Apache-2.0)" does. */
export function fits(expression: string): boolean {
  const parts = expression.replace(/[()]/g, " ").split(/\s+OR\s+/i);
  return parts.some((part) => part.split(/\s+AND\s+/i).every((name) => FITTING.has(name.trim())));
}

/** Folder of the package that a module belongs to, or null for a module of ours. */
export function packageFolder(moduleId: string): string | null {
  return PACKAGE.exec(moduleId.replace(/\0/g, "").replace(/\\/g, "/"))?.[1] ?? null;
}

export function licences(): Plugin {
  return {
    name: "zhanggui-licences",
    generateBundle(_options, bundle) {
      const used = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
      const folders = new Set(used.map(packageFolder).filter((folder) => folder !== null));
      const parts = [...folders].sort().map((folder) => {
        const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
        if (!fits(String(about["license"] ?? ""))) {
          this.error(`${about["name"]} has the licence ${about["license"]}: not one that may be shipped`);
        }
        return `${about["name"]} ${about["version"]} (${about["license"]})\n\n${licenceText(folder)}`;
      });
      this.emitFile({ type: "asset", fileName: "licenses.txt", source: parts.join(`\n\n${"-".repeat(72)}\n\n`) });
    },
  };
}

function licenceText(folder: string): string {
  const name = readdirSync(folder).find((file) => /^licen[cs]e(\.|$)/i.test(file));
  return name ? readFileSync(join(folder, name), "utf8").trim() : "(no licence file in the package)";
}
