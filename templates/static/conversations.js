// A talk: the latest words in view, an answer template put into the box without losing what is there,
// and nothing exchanged under the hand of somebody who reads further up.
"use strict";
(() => {
  const down = () => {
    const chat = document.querySelector("ol.chat");
    if (chat) chat.scrollTop = chat.scrollHeight;
  };
  let wasDown = true;
  document.addEventListener("DOMContentLoaded", down);
  document.body?.addEventListener("htmx:beforeSwap", () => {
    const chat = document.querySelector("ol.chat");
    wasDown = !chat || chat.scrollTop + chat.clientHeight > chat.scrollHeight - 40;
  });
  document.body?.addEventListener("htmx:afterSwap", () => { if (wasDown) down(); });
  down();
  const templates = document.querySelector("form.templates");
  const words = document.getElementById("words");
  templates?.addEventListener("submit", (event) => {
    const chosen = templates.querySelector("select").selectedOptions[0];
    if (!chosen || !words) return;
    event.preventDefault();
    words.value = words.value.trim() ? `${words.value.trimEnd()}\n${chosen.dataset.text}` : chosen.dataset.text;
    words.focus();
  });
})();
