// The seats: who was handed over, and what a seat does.
"use strict";
(() => {
  const place = document.getElementById("waiting");
  let shown = "";
  const post = async (body) => {
    const answer = await fetch("/seats/api/act", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) alert((await answer.json()).problem);
    await look();
  };
  const button = (text, deed) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", deed);
    return made;
  };
  const section = (one) => {
    const made = document.createElement("section");
    const title = document.createElement("h2");
    title.textContent = `${one.name}：${one.seat ? `${one.seat} 在接待` : "在等"}`;
    const lines = document.createElement("ul");
    for (const line of one.lines) {
      const item = document.createElement("li");
      item.textContent = line;
      lines.append(item);
    }
    made.append(title, lines);
    const person = one.person;
    if (!one.seat) made.append(button("接待", () => post({ person, act: "take" })));
    else {
      const words = document.createElement("input");
      words.setAttribute("aria-label", `回复${one.name}`);
      made.append(words, button("发送", () => post({ person, act: "say", words: words.value })), button("结束", () => post({ person, act: "close" })));
    }
    return made;
  };
  const look = async () => {
    const { waiting } = await (await fetch("/seats/api/state")).json();
    const now = JSON.stringify(waiting);
    if (now === shown || place.contains(document.activeElement) && document.activeElement.value) return;
    shown = now;
    place.replaceChildren(...waiting.map(section));
    if (!waiting.length) place.textContent = "现在没有人在等。";
  };
  setInterval(look, 1500);
  look();
})();
