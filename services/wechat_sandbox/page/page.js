// The phone: which follower, what is on the screen, and what touches do.
import { bubble, element } from "./bubbles.js";

const at = (id) => document.getElementById(id);
const screen = at("screen");
const state = { account: "", codes: "", openid: "", nickname: "", seen: 0, subscribed: true, round: 0, menu: "[]" };

async function call(path, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`api/${path}`, options);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error || `HTTP ${answer.status}`);
  return value;
}

function problem(text) {
  at("problem").textContent = text;
  at("problem").hidden = !text;
  if (text) setTimeout(() => { at("problem").hidden = true; }, 4000);
}

async function act(what, body) {
  try {
    await call(`phones/${encodeURIComponent(state.openid)}/${what}`, body);
  } catch (error) {
    problem(error.message);
  }
}

function show(phone) {
  const near = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 120;
  for (const item of phone.shown) {
    screen.append(bubble(item, state.nickname, state.account, act));
    state.seen = item.seq;
  }
  state.subscribed = phone.subscribed;
  const menu = phone.subscribed ? phone.menu : [];
  if (JSON.stringify(menu) !== state.menu) drawMenu(menu); // the bank may change it at any time
  at("join").hidden = phone.subscribed;
  at("entry").hidden = !phone.subscribed;
  if (!phone.subscribed) at("kinds").hidden = true;
  if (phone.shown.length && near) screen.scrollTop = screen.scrollHeight; // last: what is below has its height by now
  at("name").textContent = phone.typing ? "对方正在输入…" : state.account;
  at("follow").textContent = phone.subscribed ? "取消关注" : "关注公众号";
  at("quota").textContent = `可推送客服消息：${phone.quota_left} 条`;
  at("desk").textContent = { nobody: "", queued: "人工客服：排队中", held: "人工客服：接待中" }[phone.desk];
  at("desk").hidden = phone.desk === "nobody";
}

async function watch(round) {
  let wait = 0;
  while (round === state.round) {
    try {
      const phone = await call(`phones/${encodeURIComponent(state.openid)}?after=${state.seen}&wait=${wait}`);
      if (round !== state.round) return;
      show(phone);
      wait = 2; // short, because typing and quota change without a new bubble
    } catch (error) {
      problem(error.message);
      await new Promise((resume) => setTimeout(resume, 3000));
    }
  }
}

function choose(openid) {
  const select = at("follower");
  select.value = openid;
  Object.assign(state, { openid, nickname: select.selectedOptions[0].textContent, seen: 0 });
  screen.replaceChildren(at("start").content.cloneNode(true));
  screen.querySelector(".name").textContent = state.nickname;
  linkCodes();
  state.round += 1;
  watch(state.round);
}

function linkCodes() {
  for (const link of document.querySelectorAll("a.codes")) {
    if (state.codes) link.href = state.codes;
    else if (link.parentElement.matches("#more-menu li")) link.parentElement.hidden = true;
  }
}

function press(button) {
  if (button.type === "view" && /^https?:/.test(button.url)) window.open(button.url, "_blank", "noopener");
  act("press", { name: button.name });
}

function drawMenu(buttons) {
  state.menu = JSON.stringify(buttons);
  const boxes = buttons.map((button) => {
    const below = element("div", { className: "below", hidden: true });
    for (const item of button.sub_button || []) {
      const made = element("button", { type: "button", textContent: item.name });
      made.addEventListener("click", () => { below.hidden = true; press(item); });
      below.append(made);
    }
    const top = element("button", { type: "button", textContent: below.children.length ? `≡ ${button.name}` : button.name });
    top.addEventListener("click", () => (below.children.length ? (below.hidden = !below.hidden) : press(button)));
    return element("div", {}, top, below);
  });
  at("menu").replaceChildren(...boxes);
  at("to-menu").hidden = at("menu").hidden = buttons.length === 0;
}

function listen() {
  document.addEventListener("click", closeOthers);
  at("follower").addEventListener("change", (event) => choose(event.target.value));
  at("entry").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = at("text").value;
    if (!text.trim()) return;
    at("text").value = "";
    at("send").hidden = true;
    at("plus").hidden = false;
    act("say", { text });
    screen.scrollTop = screen.scrollHeight;
  });
  at("text").addEventListener("input", () => {
    at("send").hidden = !at("text").value;
    at("plus").hidden = !at("send").hidden;
  });
  at("plus").addEventListener("click", () => toggle(at("plus"), at("kinds")));
  at("to-menu").addEventListener("click", () => { at("menu").hidden = !at("menu").hidden; });
  at("more").addEventListener("click", () => toggle(at("more"), at("more-menu")));
  at("follow").addEventListener("click", () => {
    toggle(at("more"), at("more-menu"));
    act("follow", { follow: !state.subscribed });
  });
  at("join").addEventListener("click", () => act("follow", { follow: true }));
  for (const button of document.querySelectorAll("[data-kind]")) {
    button.addEventListener("click", () => {
      toggle(at("plus"), at("kinds"));
      const kind = button.dataset.kind;
      act("say", kind === "voice" ? { kind, recognition: at("text").value || "我的余额是多少。" } : { kind });
    });
  }
}

// A touch beside an open menu closes it, as on a phone.
function closeOthers(event) {
  for (const box of document.querySelectorAll("#menu .below, #more-menu")) {
    if (!box.parentElement.contains(event.target)) box.hidden = true;
  }
  at("more").setAttribute("aria-expanded", String(!at("more-menu").hidden));
}

function toggle(button, box) {
  box.hidden = !box.hidden;
  button.setAttribute("aria-expanded", String(!box.hidden));
  if (box.id === "kinds") screen.scrollTop = screen.scrollHeight;
}

async function start() {
  listen();
  try {
    const account = await call("account");
    state.account = account.name;
    state.codes = account.codes;
    at("name").textContent = account.name;
    const options = account.followers.map((one) => element("option", { value: one.openid, textContent: one.nickname }));
    at("follower").replaceChildren(...options);
    choose(account.followers[0].openid);
  } catch (error) {
    problem(error.message);
    screen.replaceChildren(element("li", { className: "centre" }, element("span", { textContent: error.message })));
  }
}

start();
