// What takes longer than a second says so: a form with data-busy shows these words and a bar that
// moves. Without this script the form works all the same.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const words = form.dataset.busy;
  if (!words || event.defaultPrevented) { return; }
  const busy = document.createElement("div");
  busy.className = "busy";
  busy.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", words);
  const text = document.createElement("p");
  text.textContent = words;
  busy.append(bar, text);
  form.append(busy);
});
window.addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll(".busy")) { busy.remove(); }
});
