// What one item of a phone looks like. Text never becomes HTML: elements are made one by one.

const HOW = { passive: "被动回复", push: "客服消息", template: "模板消息", agent: "人工客服" };
const KINDS = {
  image: "图片", voice: "语音", video: "视频", shortvideo: "小视频", location: "位置", link: "链接", file: "文件",
  music: "音乐", miniprogrampage: "小程序", miniprogram: "小程序", wxcard: "卡券", mpnews: "图文", mpnewsarticle: "图文",
};

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function bubble(item, customer, account, act) {
  if (item.how === "notice" || item.how === "error") {
    const sort = item.how === "error" ? "centre failure" : "centre";
    return element("li", { className: sort }, element("span", { textContent: item.text }));
  }
  const own = item.how === "customer";
  const face = element("span", { className: "face", textContent: (own ? customer : account).slice(0, 1) });
  face.setAttribute("aria-hidden", "true");
  const what = element("div", { className: "what" }, content(item, own, act));
  if (HOW[item.how]) what.append(element("div", { className: "how", textContent: HOW[item.how] }));
  return element("li", { className: own ? "own" : "" }, face, what);
}

function content(item, own, act) {
  if (item.kind === "text") {
    const children = own ? [item.text] : rich(item.text, act);
    return element("div", { className: "bubble" }, ...children);
  }
  const drawn = { news, msgmenu: menu, template, link: news }[item.kind];
  if (drawn && !own) return drawn(item, act);
  const said = item.text ? `：${item.text}` : "";
  return element("div", { className: "bubble", textContent: `〔${KINDS[item.kind] || item.kind}〕${said}` });
}

// Only <a href> is markup in WeChat; everything else is shown as it is written.
function rich(text, act) {
  const parts = [];
  let last = 0;
  for (const found of text.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a>/gi)) {
    parts.push(text.slice(last, found.index), anchor(found[1] ?? found[2], found[3], act));
    last = found.index + found[0].length;
  }
  return [...parts, text.slice(last)];
}

function anchor(address, label, act) {
  const url = parsed(address);
  if (url?.protocol === "weixin:" && /bizmsgmenu/.test(address)) {
    const text = url.searchParams.get("msgmenucontent") || label;
    const id = url.searchParams.get("msgmenuid") || "";
    const button = element("button", { type: "button", className: "inline", textContent: label });
    button.addEventListener("click", () => act("say", { text, menu_id: id }));
    return button;
  }
  return url && /^https?:$/.test(url.protocol) ? outward(url.href, label) : document.createTextNode(label);
}

function parsed(address) {
  try {
    return new URL(address.replaceAll("&amp;", "&"));
  } catch {
    return null;
  }
}

function outward(href, label) {
  return element("a", { href, target: "_blank", rel: "noopener noreferrer", textContent: label });
}

function news(item) {
  const url = parsed(item.data.url || "");
  const web = url && /^https?:$/.test(url.protocol);
  const card = element("div", { className: "bubble card" });
  card.append(element("b", {}, web ? outward(url.href, item.text) : item.text));
  if (item.data.picurl || item.data.thumb_url) card.append(element("div", { className: "picture", textContent: "封面图片" }));
  const about = item.data.description || item.data.desc;
  if (about) card.append(element("p", { textContent: about }));
  return card;
}

function menu(item, act) {
  const box = element("div", { className: "bubble" }, ...rich(item.data.head_content, act));
  for (const choice of item.data.list) {
    const button = element("button", { type: "button", className: "choice", textContent: choice.content });
    button.addEventListener("click", () => act("say", { text: choice.content, menu_id: choice.id }));
    box.append(button);
  }
  if (item.data.tail_content) box.append(element("span", { className: "tail" }, ...rich(item.data.tail_content, act)));
  return box;
}

function template(item) {
  const rows = Object.entries(item.data.values).map(([name, value]) =>
    element("tr", {}, element("th", { textContent: name }), element("td", { textContent: value })));
  const url = parsed(item.data.url || "");
  const card = element("div", { className: "bubble card" }, element("b", { textContent: "服务通知" }));
  card.append(element("table", {}, ...rows));
  if (url && /^https?:$/.test(url.protocol)) card.append(element("p", {}, outward(url.href, "详情")));
  return card;
}
