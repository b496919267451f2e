/**
 * The button of the chat on a bank's own pages:
 * `<script src="https://chat.bank.example/chat/widget.js" data-lang="zh" defer></script>`
 *
 * Everything lives in a shadow root; nothing becomes global; a second inclusion does nothing.
 */
import css from "./widget.css?raw";

const HOST = "zhanggui-chat-widget";

const WORDS = {
  zh: { open: "打开在线客服", close: "收起在线客服", frame: "在线客服", unread: (count: number) => `${count} 条未读消息` },
  en: { open: "Open the chat", close: "Close the chat", frame: "Customer service", unread: (count: number) => `${count} unread messages` },
};

interface Parts {
  button: HTMLButtonElement;
  badge: HTMLElement;
  panel: HTMLElement;
}

function begin(script: HTMLScriptElement): void {
  if (document.querySelector(HOST)) return;
  const base = new URL("./", script.src);
  const language = script.dataset.lang === "en" ? "en" : "zh";
  const words = WORDS[language];
  const host = document.createElement(HOST);
  const { button, badge, panel } = build(host.attachShadow({ mode: "open" }), words);
  let frame: HTMLIFrameElement | null = null;
  let ready = false;

  function show(open: boolean): void {
    if (open && !frame) {
      frame = panel.appendChild(makeFrame(base, language, words.frame));
    }
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.setAttribute("aria-label", open ? words.close : words.open);
    host.toggleAttribute("data-open", open);
    tell(open);
    (open && frame ? frame : button).focus();
  }

  function tell(open: boolean): void {
    if (ready) frame?.contentWindow?.postMessage({ from: "zhanggui-widget", type: "open", open }, base.origin);
  }

  function count(unread: number): void {
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    if (panel.hidden) button.setAttribute("aria-label", unread ? `${words.open}，${words.unread(unread)}` : words.open);
  }

  button.addEventListener("click", () => show(panel.hidden));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) show(false);
  });
  window.addEventListener("message", (event) => {
    if (event.origin !== base.origin || !frame || event.source !== frame.contentWindow) return;
    const data = event.data as { from?: unknown; type?: unknown; count?: unknown } | null;
    if (!data || data.from !== "zhanggui-chat") return;
    if (data.type === "close") show(false);
    if (data.type === "ready") {
      ready = true;
      tell(!panel.hidden);
    }
    if (data.type === "unread" && Number.isInteger(data.count)) count(Math.max(0, data.count as number));
  });
  document.body.appendChild(host);
}

function build(root: ShadowRoot, words: (typeof WORDS)["zh"]): Parts {
  style(root);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.setAttribute("aria-label", words.open);
  button.setAttribute("aria-expanded", "false");
  button.append(icon("open", BUBBLE), icon("shut", "M6 9l6 6 6-6"));
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.hidden = true;
  button.append(badge);
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  root.append(panel, button);
  return { button, badge, panel };
}

const BUBBLE = "M12 4c4.7 0 8.5 3.3 8.5 7.4S16.7 18.8 12 18.8c-1 0-2-.2-2.9-.4L5 20l1.1-3.3C4.5 15.3 3.5 13.5 3.5 11.4 3.5 7.3 7.3 4 12 4zM9.5 9h5v5h-5z";

function icon(name: string, path: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** A constructed sheet is no inline style: the strict CSP of a bank's page allows it. */
function style(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const element = document.createElement("style"); // Safari before 16.4
    element.textContent = css;
    root.append(element);
  }
}

function makeFrame(base: URL, language: string, title: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  const query = new URLSearchParams({ embed: "1", lang: language, host: window.location.origin });
  frame.src = `${base.href}?${query.toString()}`;
  frame.title = title;
  frame.allow = "clipboard-write";
  return frame;
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => begin(script));
  else begin(script);
}
