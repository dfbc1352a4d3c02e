// One ticket, quicker: letters open forms, templates fill texts, photos turn and grow.
"use strict";

const typing = (element) => element && (element.matches("input, textarea, select") || element.isContentEditable);

// A letter opens the form of its move and goes to its first field.
const openMove = (move) => {
  if (move.matches("form")) { move.querySelector("button").focus(); return; }
  move.open = true;
  move.scrollIntoView({ block: "nearest" });
  const field = move.querySelector("form:last-of-type :is(input:not([type=hidden]), textarea, select)");
  (field || move.querySelector("form:last-of-type button")).focus();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
  if (document.querySelector("dialog[open]")) { return; }
  if (event.key === "?") { showKeys(); event.preventDefault(); return; }
  const move = document.querySelector(`.move[data-key="${CSS.escape(event.key)}"]`);
  if (move) { openMove(move); event.preventDefault(); }
});

const showKeys = () => {
  const list = document.getElementById("keys-list");
  list.replaceChildren();
  const add = (key, words) => {
    const dt = document.createElement("dt");
    dt.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    list.append(dt, Object.assign(document.createElement("dd"), { textContent: words }));
  };
  for (const move of document.querySelectorAll(".move[data-key]")) {
    add(move.dataset.key, move.querySelector("summary, button").firstChild.textContent.trim());
  }
  add("?", "显示这张表");
  add("Esc", "关闭");
  document.getElementById("keys").showModal();
};

// A chosen template fills the words at once; what was written is kept above it.
for (const select of document.querySelectorAll("select[data-fills]")) {
  select.form.querySelector("button").hidden = true;
  select.addEventListener("change", () => {
    const words = select.selectedOptions[0].dataset.words;
    const text = document.getElementById(select.dataset.fills);
    if (!words || !text) { return; }
    text.value = text.value.trim() ? `${text.value.trim()}\n${words}` : words;
    text.focus();
  });
}

// Whoever writes a name means the name, and not the suggestion above it.
for (const other of document.querySelectorAll("input[name=other]")) {
  other.addEventListener("input", () => {
    for (const one of other.form.querySelectorAll("input[name=who]")) { one.checked = false; }
  });
}

// Photos: turned by a quarter, grown in steps, by classes because pages have no inline styles.
const viewer = document.getElementById("viewer");
if (viewer) {
  const image = viewer.querySelector("img");
  let turn = 0;
  let zoom = 0;
  const draw = () => { image.className = `turn-${turn} zoom-${zoom}`; };
  const does = {
    left: () => { turn = (turn + 3) % 4; },
    right: () => { turn = (turn + 1) % 4; },
    larger: () => { zoom = Math.min(zoom + 1, 4); },
    smaller: () => { zoom = Math.max(zoom - 1, 0); },
    close: () => viewer.close(),
  };
  for (const link of document.querySelectorAll("a.look")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      [turn, zoom] = [0, 0];
      image.src = link.href;
      image.alt = link.dataset.look;
      draw();
      viewer.showModal();
    });
  }
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view]");
    if (button) { does[button.dataset.view](); draw(); }
  });
  viewer.addEventListener("keydown", (event) => {
    const key = { "[": "left", "]": "right", "+": "larger", "=": "larger", "-": "smaller" }[event.key];
    if (key) { does[key](); draw(); event.preventDefault(); }
  });
}

// A form that a link points at is opened.
const opened = () => {
  const id = location.hash.slice(1);
  const move = id && document.getElementById(id);
  if (move && move.matches(".move")) { openMove(move); }
};
window.addEventListener("hashchange", opened);
opened();
