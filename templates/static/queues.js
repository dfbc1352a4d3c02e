// Lists of tickets: keys, ticks, and many at once with a bar that says how far it is.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("table.tickets a.open")];
  const boxes = () => [...document.querySelectorAll("input[name=ticket]")];
  const ticked = () => boxes().filter((box) => box.checked);
  const bulk = document.getElementById("bulk");
  const keys = document.getElementById("keys");

  // Ticks.
  const all = document.getElementById("tick-all");
  const said = document.getElementById("ticked");
  const tell = () => {
    const count = ticked().length;
    if (said) { said.textContent = count ? `（已勾选 ${count} 条）` : ""; }
    if (all) { all.checked = count > 0 && count === boxes().length; }
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes()) { box.checked = all.checked; }
      tell();
    });
  }
  document.addEventListener("change", (event) => {
    if (event.target.name === "ticket") { tell(); }
  });
  window.addEventListener("pageshow", tell);

  // Keys can be switched off: whoever dictates to the machine would press them by talking.
  const switched = () => localStorage.getItem("keys") !== "off";
  const current = () => {
    const row = document.activeElement && document.activeElement.closest("tr.ticket");
    return row ? rows().indexOf(row.querySelector("a.open")) : -1;
  };
  const go = (by) => {
    const list = rows();
    const at = current();
    const to = at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by;
    if (list[to]) { list[to].focus(); list[to].scrollIntoView({ block: "nearest" }); }
  };
  const box = () => {
    const open = rows()[current()];
    return open && open.closest("tr").querySelector("input[name=ticket]");
  };
  const to = (selector) => {
    const place = document.querySelector(selector);
    if (!place) { return; }
    if (!ticked().length && box()) { box().checked = true; tell(); }
    place.focus();
    place.scrollIntoView({ block: "nearest" });
  };
  const deeds = {
    j: () => go(1),
    k: () => go(-1),
    x: () => { if (box()) { box().checked = !box().checked; tell(); } },
    a: () => to("#bulk button[value=accept]"),
    d: () => to("#bulk-to"),
    n: () => to("#bulk-note"),
    m: () => to("#bulk-into"),
    "]": () => { const next = document.getElementById("next-page"); if (next) { next.click(); } },
    "/": () => document.getElementById("find").focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) { return; }
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) { return; }
    if (keys && keys.open) { return; }
    if (event.key === "?" && keys) { event.preventDefault(); keys.showModal(); return; }
    const deed = switched() && deeds[event.key];
    if (deed) { event.preventDefault(); deed(); }
  });
  if (keys) {
    const open = document.getElementById("keys-open");
    open.hidden = false;
    open.addEventListener("click", () => keys.showModal());
    const on = document.getElementById("keys-on");
    on.checked = switched();
    on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
  }

  // Many at once: a few at a time, so that one sees how far it is.
  const STEP = 10;
  if (!bulk) { return; }
  bulk.addEventListener("submit", async (event) => {
    const chosen = ticked();
    if (chosen.length <= STEP || !event.submitter) { return; }
    event.preventDefault();
    const bar = document.getElementById("bulk-bar");
    const sum = document.getElementById("bulk-said");
    const results = document.getElementById("bulk-results");
    document.getElementById("bulk-progress").hidden = false;
    for (const button of bulk.querySelectorAll("button")) { button.disabled = true; }
    const table = document.createElement("table");
    const body = table.createTBody();
    bar.max = chosen.length;
    let undone = 0;
    for (let at = 0; at < chosen.length; at += STEP) {
      const form = new URLSearchParams(new FormData(bulk));
      form.delete("ticket");
      form.set("do", event.submitter.value);
      for (const one of chosen.slice(at, at + STEP)) { form.append("ticket", one.value); }
      const answer = await fetch(bulk.action, { method: "POST", body: form, headers: { "HX-Request": "true" } }).catch(() => null);
      if (!answer || !answer.ok) {
        sum.textContent = "没有办完：网络断了或者没有权限。请刷新页面看哪些已经办成。";
        delete bulk.dataset.sent;
        return;
      }
      const part = document.createElement("template");
      part.innerHTML = await answer.text();
      undone += part.content.querySelectorAll(".undone").length;
      body.append(part.content);
      bar.value = Math.min(at + STEP, chosen.length);
      sum.textContent = `${bar.value} / ${chosen.length}`;
    }
    const done = chosen.length - undone;
    sum.textContent = `办成 ${done} 条` + (undone ? `，没有办成 ${undone} 条` : "");
    const caption = table.createCaption();
    caption.textContent = "每一条的结果";
    const back = document.createElement("a");
    back.className = "button";
    back.href = bulk.elements.back.value;
    back.textContent = "回到列表";
    results.replaceChildren(table, back);
    results.hidden = false;
    results.focus();
  });
})();
