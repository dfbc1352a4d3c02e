// Ticks all tickets of a list at once.
for (const button of document.querySelectorAll("button.all")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of button.form.querySelectorAll("input[name=numbers]")) box.checked = true;
  });
}
