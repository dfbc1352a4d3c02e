// j and k go through the list of calls. Every row is a link that Tab reaches as well.
"use strict";

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) { return; }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) { return; }
  const rows = [...document.querySelectorAll("ol.calls h2 a")];
  const next = rows[Math.min(Math.max(rows.indexOf(document.activeElement) + step, 0), rows.length - 1)];
  if (next) { next.focus(); event.preventDefault(); }
});
