// Ticking a list: all at once, by a button or one key, and how many are ticked. ES2017, no libraries; without
// scripts every box is ticked by hand, or the whole bag taken with the button that says so.
const form = document.querySelector("[data-ticks]");

function boxes() {
  return Array.from(form.querySelectorAll("input[type=checkbox]"));
}

function tell() {
  const all = boxes();
  const told = form.querySelector("[data-ticked]");
  if (told) {
    told.textContent = form.dataset.told.replace("{ticked}", all.filter((one) => one.checked).length).replace("{all}", all.length);
  }
}

function tick(checked) {
  boxes().forEach((one) => { one.checked = checked; });
  tell();
}

if (form) {
  form.querySelector(".tick-all").hidden = false;
  form.addEventListener("change", tell);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tick]");
    if (button) { tick(button.dataset.tick === "all"); }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!typing && !event.ctrlKey && !event.altKey && !event.metaKey && event.key === form.dataset.tickKey) { tick(true); }
  });
  tell();
}
