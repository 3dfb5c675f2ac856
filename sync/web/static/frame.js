// Small comforts on top of pages that work without them. ES2017, no libraries.

// A second tap on a slow machine must not send a form twice. The server is idempotent anyway;
// this saves the person from wondering.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = form.querySelector("button[type=submit]");
  if (button && form.method === "post") {
    setTimeout(() => { button.disabled = true; }, 0);
  }
});

// Coming back with the browser's "back", the page is shown as it was left: make it usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[disabled]")) {
      button.disabled = false;
    }
  }
});

document.addEventListener("click", (event) => {
  const printer = event.target.closest("[data-print]");
  if (printer) {
    window.print();
  }
  const number = event.target.closest("[data-copy]");
  if (number && navigator.clipboard) {
    navigator.clipboard.writeText(number.dataset.copy).then(() => {
      number.classList.add("copied");
      setTimeout(() => number.classList.remove("copied"), 1500);
    });
  }
});
