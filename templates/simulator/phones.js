// The phones. Texts of people and of the account are only ever written as text.
"use strict";

const KINDS = { resident: "居民", volunteer: "党员", operator: "值班员" };
const phones = new Map();
let seen = null;

const find = (selector, within = document) => within.querySelector(selector);

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function complain(problem) {
  find("#problem").textContent = problem || "";
}

async function post(what, body) {
  try {
    const response = await fetch("api/" + what, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await response.json().catch(() => ({}));
    complain(response.ok ? "" : said.problem || "没有办到（" + response.status + "）");
  } catch {
    complain("模拟微信没有回答");
  }
  await look();
}

// What an account writes may hold links: <a href="…">…</a>, menu entries, and bare addresses.
const LINKS = /<a\s+[^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；、）]+)/g;

function writeText(into, text, key) {
  let from = 0;
  for (const match of text.matchAll(LINKS)) {
    into.append(text.slice(from, match.index), linkTo(match[1] ?? match[3], match[2] ?? match[3], key));
    from = match.index + match[0].length;
  }
  into.append(text.slice(from));
}

function linkTo(address, text, key) {
  if (/^https?:\/\//.test(address)) {
    const link = make("a", "", text);
    // Opened on this phone, as its person.
    link.href = key ? "open?" + new URLSearchParams({ person: key, url: address }) : address;
    link.target = "_blank";
    link.rel = "noreferrer";
    return link;
  }
  const menu = /^weixin:\/\/bizmsgmenu\?(.*)$/.exec(address);
  if (!menu) return text;
  const choice = new URLSearchParams(menu[1]);
  const button = make("a", "", text);
  button.href = "#";
  button.addEventListener("click", (event) => {
    event.preventDefault();
    post("choose", { person: key, id: choice.get("msgmenuid") || "", text: choice.get("msgmenucontent") || text });
  });
  return button;
}

function showLine(line, key) {
  const item = make("li");
  item.dataset.number = line.number;
  item.dataset.side = line.side;
  item.append(make("span", "time", line.time));
  if (line.side === "event") {
    item.append(make("span", "event", line.text));
  } else if (line.side === "card") {
    item.append(showCard(line, key));
  } else {
    item.className = line.side === "person" ? "person" : "account-said";
    for (const article of line.articles || []) item.append(showArticle(article, key));
    if (line.text || line.entries) item.append(showBubble(line, key));
  }
  return item;
}

function showBubble(line, key) {
  const bubble = make("div", "bubble");
  if (line.picture) {
    bubble.classList.add("picture");
    bubble.textContent = line.text;
    return bubble;
  }
  if (line.side === "person") {
    bubble.textContent = line.text;
    return bubble;
  }
  writeText(bubble, line.text, key);
  for (const [id, text] of line.entries || []) {
    const entry = make("button", "entry", text);
    entry.type = "button";
    entry.addEventListener("click", () => post("choose", { person: key, id, text }));
    bubble.append(entry);
  }
  if (line.tail) bubble.append(make("div", "tail", line.tail));
  return bubble;
}

function showCard(line, key) {
  const card = make("div", "card");
  card.append(make("h3", "", line.title));
  const fields = make("dl");
  for (const [label, value] of line.fields) fields.append(make("dt", "", label), make("dd", "", value));
  card.append(fields);
  if (line.link) {
    const more = linkTo(line.link, "查看详情", key);
    if (more instanceof Element) more.className = "more";
    card.append(more);
  }
  return card;
}

function showArticle(article, key) {
  const shown = make("div", "article");
  shown.append(make("h3", "", article.title), make("div", "", article.description), linkTo(article.link, "查看全文", key));
  return shown;
}

function newPhone(person) {
  const phone = find("#phone").content.firstElementChild.cloneNode(true);
  const key = person.key;
  phone.id = "phone-" + key;
  phone.dataset.kind = person.kind;
  phone.dataset.last = 0;
  phone.setAttribute("aria-label", person.name + "的手机");
  find(".name", phone).textContent = person.name;
  find(".kind", phone).textContent = KINDS[person.kind] || person.kind;
  find(".account", phone).textContent = person.account || "";

  const words = find(".words", phone);
  find(".compose", phone).addEventListener("submit", (event) => {
    event.preventDefault();
    const text = words.value;
    if (!text.trim()) return;
    words.value = "";
    post("say", { person: key, text });
  });
  for (const button of phone.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => post(button.dataset.act, { person: key }));
  }
  for (const button of phone.querySelectorAll("[data-key]")) {
    button.addEventListener("click", () => post("click", { person: key, key: button.dataset.key }));
  }
  for (const button of phone.querySelectorAll("[data-sheet]")) {
    button.addEventListener("click", () => openSheet(phone, button.dataset.sheet));
  }
  find(".picture-file", phone).addEventListener("change", (event) => sendPicture(event.currentTarget, key));
  find(".follow", phone).addEventListener("click", () =>
    post(phone.dataset.follows === "true" ? "unfollow" : "follow", { person: key }));
  find(".block", phone).addEventListener("click", () =>
    post("block", { person: key, blocked: phone.dataset.blocked !== "true" }));
  find(".withdraw", phone).addEventListener("change", (event) => {
    const what = event.currentTarget.value;
    event.currentTarget.value = "";
    if (what) post("person-event", { person: key, event: what });
  });
  find(".keyboard", phone).addEventListener("click", (event) => {
    const menu = find(".menu", phone);
    menu.hidden = !menu.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!menu.hidden));
  });
  prepareSheets(phone, key);
  return phone;
}

function sendPicture(input, key) {
  const file = input.files[0];
  if (!file) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    input.value = "";
    post("picture", { person: key, file: String(reader.result).split(",")[1] || "" });
  });
  reader.readAsDataURL(file);
}

function openSheet(phone, name) {
  for (const sheet of phone.querySelectorAll(".sheet")) {
    sheet.hidden = !sheet.classList.contains(name) || !sheet.hidden;
  }
  const first = find(".sheet:not([hidden]) input", phone);
  if (first) first.focus();
}

function prepareSheets(phone, key) {
  const onSubmit = (name, send) => {
    const sheet = find(".sheet." + name, phone);
    sheet.addEventListener("submit", (event) => {
      event.preventDefault();
      send(sheet);
      sheet.hidden = true;
      sheet.reset();
    });
  };
  onSubmit("voice", (sheet) => post("voice", { person: key, text: find("input", sheet).value }));
  onSubmit("places", (sheet) => post("location", {
    person: key,
    label: find(".label", sheet).value,
    latitude: Number.parseFloat(find(".latitude", sheet).value),
    longitude: Number.parseFloat(find(".longitude", sheet).value),
  }));
  onSubmit("codes", (sheet) => post("scan", { person: key, scene: find(".scene", sheet).value }));
}

function offer(phone, key, state) {
  const preset = (name, label, act, body) => {
    const sheet = find(".sheet." + name, phone);
    const button = make("button", "", label);
    button.type = "button";
    button.addEventListener("click", () => {
      sheet.hidden = true;
      post(act, { person: key, ...body });
    });
    find(".presets", sheet).append(button);
  };
  for (const place of state.places) preset("places", place.label, "location", place);
  for (const code of state.codes) preset("codes", code.label, "scan", { scene: code.scene });
}

// A menu that the account set takes the place of the built-in one.
function showMenu(phone, person) {
  const wanted = JSON.stringify(person.menu || null);
  if (!person.menu || phone.dataset.menu === wanted) return;
  phone.dataset.menu = wanted;
  find(".menu", phone).replaceChildren(...person.menu.map((button) => menuEntry(button, phone, person.key)));
}

function menuEntry(button, phone, key) {
  if (!(button.sub_button || []).length) return menuButton(button, phone, key);
  const opens = make("details", "opens");
  const below = make("div", "below");
  for (const one of button.sub_button) {
    const entry = menuButton(one, phone, key);
    entry.addEventListener("click", () => { opens.open = false; });
    below.append(entry);
  }
  opens.append(make("summary", "", button.name), below);
  return opens;
}

function menuButton(button, phone, key) {
  const shown = make("button", "", button.name);
  shown.type = "button";
  shown.dataset.testid = "menu-" + (button.key || button.name);
  shown.addEventListener("click", () => {
    const kind = button.type || "";
    if (kind === "click") post("click", { person: key, key: button.key });
    else if (kind.startsWith("pic_")) post("photo", { person: key });
    else if (kind.startsWith("scancode_")) openSheet(phone, "codes");
    else if (kind === "location_select") openSheet(phone, "places");
    else {
      window.open(button.url, "_blank", "noreferrer");
      if (kind === "view") post("view", { person: key, text: button.url });
    }
  });
  return shown;
}

// Codes that the account had made, besides those that hang there from the beginning.
function offerCodes(phone, person) {
  const sheet = find(".sheet.codes", phone);
  for (const [address, scene] of person.codes || []) {
    if (find("[data-code=" + CSS.escape(scene) + "]", sheet)) continue;
    const button = make("button", "", scene);
    button.type = "button";
    button.dataset.code = scene;
    button.addEventListener("click", () => {
      sheet.hidden = true;
      post("scan", { person: person.key, scene: address });
    });
    find(".presets", sheet).append(button);
  }
}

function showPhone(person, state) {
  let phone = phones.get(person.key);
  if (!phone) {
    phone = newPhone(person);
    offer(phone, person.key, state);
    phones.set(person.key, phone);
    find("#phones").append(phone);
  }
  phone.dataset.follows = person.follows;
  phone.dataset.blocked = person.blocked;
  phone.classList.toggle("away", !person.follows);
  find(".follow", phone).textContent = person.follows ? "取消关注" : "关注";
  find(".block", phone).textContent = person.blocked ? "接收通知" : "拒收通知";
  phone.dataset.tags = (person.tags || []).join(" ");
  showMenu(phone, person);
  offerCodes(phone, person);
  const chat = find(".chat", phone);
  const fresh = person.lines.filter((line) => line.number > Number(phone.dataset.last));
  for (const line of fresh) {
    const item = showLine(line, person.key);
    const time = find(".time", item);
    if (phone.dataset.time === time.textContent) time.remove();
    else phone.dataset.time = time.textContent;
    chat.append(item);
    phone.dataset.last = line.number;
  }
  if (fresh.length) chat.scrollTop = chat.scrollHeight;
}

async function look() {
  try {
    const response = await fetch("api/state" + (seen === null ? "" : "?changes=" + seen));
    const state = await response.json();
    find("#now").textContent = state.now;
    find("#advance").hidden = !state.can_advance;
    find("#mode").textContent = state.accounts.map((account) => account.name + " · " + account.mode).join("　");
    const accounts = find("#told-account");
    if (!accounts.options.length) {
      for (const account of state.accounts) accounts.append(new Option(account.name, account.slug));
    }
    find("#faults").textContent = state.faults ? "还有 " + state.faults + " 次" : "";
    if (state.phones) for (const person of state.phones) showPhone(person, state);
    seen = state.changes;
  } catch {
    complain("模拟微信没有回答");
  }
}

for (const button of document.querySelectorAll("#advance button")) {
  button.addEventListener("click", () => post("advance", { seconds: Number(button.dataset.seconds) }));
}
find("#fault-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const [fault, errcode] = find("#fault").value.split(":");
  post("fault", {
    fault,
    errcode: errcode === undefined ? null : Number(errcode),
    times: Number(find("#times").value) || 1,
  });
});
find("#platform-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const [what, days] = find("#told-event").value.split(":");
  post("account-event", { account: find("#told-account").value, event: what, days: Number(days) || 0 });
});
find("#people-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = find("#newcomer").value;
  find("#newcomer").value = "";
  post("people", { name });
});

look();
setInterval(look, 1000);
