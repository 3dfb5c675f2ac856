// Ticking a list: all at once, by a button or Alt+A, and how many are ticked; no single letter, for a barcode gun types
// letters wherever the cursor stands. ES2017, no libraries; without scripts every box is ticked by hand, or the whole
// bag taken with the button that says so.
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
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyA") {
      event.preventDefault();
      tick(true);
    }
  });
  tell();
}
