// A long list of places becomes searchable by typing. Without this script the list is a plain one.
"use strict";

for (const list of document.querySelectorAll("select[data-searchable]")) {
  const all = [...list.querySelectorAll("option")].map((one) => ({
    one,
    group: one.parentElement.tagName === "OPTGROUP" ? one.parentElement : null,
    words: (one.parentElement.label || "") + one.textContent,
  }));
  if (all.length < 15) { continue; }
  const before = list.value;
  const search = document.createElement("input");
  search.type = "search";
  search.className = "search";
  search.autocomplete = "off";
  search.placeholder = list.dataset.searchable;
  search.setAttribute("aria-label", list.dataset.searchable);
  search.setAttribute("aria-controls", list.id);
  list.before(search);
  const found = document.createElement("p");
  found.className = "unseen";
  found.setAttribute("role", "status");
  list.after(found);
  search.addEventListener("input", () => {
    const wanted = search.value.trim();
    const fits = all.filter((option) => option.words.includes(wanted));
    for (const option of all) {
      const fits = wanted === "" || option.one.value === "" || option.words.includes(wanted);
      option.one.hidden = option.one.disabled = !fits;
    }
    for (const group of list.querySelectorAll("optgroup")) {
      group.hidden = ![...group.children].some((one) => !one.hidden);
    }
    found.textContent = wanted === "" ? "" : `找到 ${fits.length} 个`;
    // A name that begins so is meant before a township in which it lies; nothing, if there is none.
    const best = fits.find((option) => option.one.textContent.startsWith(wanted)) || fits[0];
    list.value = wanted === "" ? before : best ? best.one.value : "";
  });
  // Enter takes what was found and does not send the form.
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); list.focus(); }
  });
}

// Somebody who pressed a wrong link does not lose what a caller told them.
const form = document.querySelector("form.enter");
let sent = false;
if (form) {
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => {
    const text = form.querySelector("textarea");
    if (!sent && text && text.value !== text.defaultValue) { event.preventDefault(); }
  });
}
