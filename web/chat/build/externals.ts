/** No request of the built page leaves the bank: what libraries name of the outside is taken out, the rest stops the build. */
import type { Plugin } from "vite";

/** Never fetched: namespaces, and the address of a licence in a comment that must stay. */
const HARMLESS = new Set(["www.w3.org", "opensource.org"]);
const HOST = /https?:\/\/([a-z0-9][a-z0-9.-]*)/gi;
const PROTOCOL_RELATIVE = /(?:url\(\s*["']?|(?:src|href)\s*=\s*["'])\/\/([a-z0-9][a-z0-9.-]*)/gi;
/** Pages that libraries name in messages of errors; the words around them stay. */
const IN_MESSAGES = /https?:\/\/(?:reactjs\.org|socket\.io|react\.dev|fb\.me|github\.com|goo\.gl)(?:\/[^\s"'`)\\]*)?/g;

const CHATUI = /@chatui\/core\/es\/.*\.js$/;

/** ChatUI's style sheet loads a font for digits from a CDN; the page has its own list of system fonts. */
export function withoutFonts(css: string): string {
  return css.replace(/@font-face\s*\{[^}]*\}/g, "");
}

/** Hosts outside the bank that a built file names, in order of appearance. */
export function foreignHosts(text: string): string[] {
  const named = [...text.matchAll(HOST), ...text.matchAll(PROTOCOL_RELATIVE)].map((match) => match[1]!.toLowerCase());
  return [...new Set(named)].filter((host) => !HARMLESS.has(host));
}

export function noExternals(): Plugin {
  return {
    name: "zhanggui-no-externals",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("node_modules")) return null;
      // What the page does not use of ChatUI (red packets with pictures from a CDN) is left out.
      if (CHATUI.test(id)) return { code, map: null, moduleSideEffects: false };
      if (id.split("?")[0]!.endsWith(".css")) return { code: withoutFonts(code), map: null };
      return null;
    },
    renderChunk: (code) => ({ code: code.replace(IN_MESSAGES, "see-the-manual"), map: null }),
    generateBundle(_options, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        const text = file.type === "chunk" ? file.code : asText(file.source);
        const hosts = foreignHosts(text);
        if (hosts.length > 0 && name !== "licenses.txt") this.error(`${name} names ${hosts.join(", ")}`);
      }
    },
  };
}

function asText(source: string | Uint8Array): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}
