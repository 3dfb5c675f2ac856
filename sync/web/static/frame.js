// Small comforts on top of pages that work without them. ES2017, no libraries.

// A second tap on a slow machine must not send a form twice. The server is idempotent anyway;
// this saves the person from wondering.
const AGAIN_MS = 20000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter || form.querySelector("button[type=submit]");
  if (button && form.method === "post") {
    setTimeout(() => {
      button.disabled = true;
      button.dataset.sending = "yes";
    }, 0);
  }
  setTimeout(() => release(form), AGAIN_MS);
});

// The page is still here, or here again: it can be used as before.
const release = (form) => {
  if (form.dataset.sent) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[data-sending]")) {
      button.disabled = false;
      delete button.dataset.sending;
    }
    form.dispatchEvent(new CustomEvent("stillhere"));
  }
};

// Coming back with the browser's "back", the page is shown as it was left; and Esc stops what was asked for.
const releaseAll = () => document.querySelectorAll("form[data-sent]").forEach(release);
window.addEventListener("pageshow", releaseAll);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    releaseAll();
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

// What may not be typed is told in the words of the page, and not in the language of the browser.
document.addEventListener("invalid", (event) => {
  const field = event.target;
  if (field.validity.patternMismatch && field.title) {
    field.setCustomValidity(field.title);
  }
}, true);
document.addEventListener("input", (event) => {
  if (event.target.validity && event.target.validity.customError) {
    event.target.setCustomValidity("");
  }
});
