// A step of the wizard: Alt with an arrow goes a step back or on, Enter goes on from everywhere, and what is to be brought
// follows the answers. What is typed is kept (keeping.js). The page works without. ES2017.
import { keeping } from "./keeping.js";
import { words } from "./words.js";

const form = document.querySelector("form.wizard");

// What this page sends has a name and a turn (desk/turns.py): what is late never replaces what was typed after it.
const turns = () => {
  const hidden = (name, value) => {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(input);
    return input;
  };
  hidden("page", Array.from(crypto.getRandomValues(new Uint32Array(4)), (one) => one.toString(36)).join(""));
  const turn = hidden("turn", "0");
  const count = () => { turn.value = Number(turn.value) + 1; };
  form.addEventListener("submit", count);
  return () => {
    count();
    return new FormData(form);
  };
};

// What was typed over was not read off the card any more.
const sources = () => {
  const sign = form.querySelector("[data-source]");
  const names = ["fields.applicant_name", "fields.id_number"];
  form.addEventListener("input", (event) => {
    if (sign && names.includes(event.target.name) && sign.dataset.source === "card") {
      sign.dataset.source = "hand";
      sign.querySelector(".tag").textContent = words("typed");
    }
  });
};

// What is to be brought follows the answers, as the station works it out; without scripts there is a button for it.
const situations = (nextForm) => {
  const place = form.querySelector("[data-needed]");
  const byHand = form.querySelector("[data-look]");
  let turn = 0;
  if (!place || !byHand) {
    return;
  }
  byHand.hidden = true;
  form.addEventListener("change", async (event) => {
    if (!event.target.name.startsWith("situations.")) {
      return;
    }
    turn += 1;
    const own = turn;
    const body = nextForm();
    body.set("go", "look");
    try {
      const answer = await fetch(window.location.href, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-needed]");
      if (own === turn) {
        place.innerHTML = fresh.innerHTML;
        byHand.hidden = true;
      }
    } catch (error) { // no answer, or another page: who sits here has signed out, or the station refused
      byHand.hidden = false;
    }
  });
};

// The first input has the keyboard, and the page stays at its top: what stands above it is to be read first. A key that
// changes it brings it into sight; the browser's own autofocus would have gone there at once.
const begin = () => {
  const first = form.querySelector("[data-focus]");
  if (first && document.activeElement === document.body && !window.scrollY) {
    first.focus({ preventScroll: true });
  }
};

const press = (selector) => {
  const button = form.querySelector(selector);
  if (button && !button.disabled) {
    button.click();
  }
};

const keys = () => {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) {
      return;
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      press(event.key === "ArrowLeft" ? "[data-back]" : "[data-next]");
    } else if (event.key === "Enter" && !event.isComposing && event.target.tagName === "SELECT") {
      event.preventDefault();
      press("[data-next]");
    }
  });
};

if (form) {
  const nextForm = turns();
  begin();
  keys();
  sources();
  situations(nextForm);
  if (form.dataset.autosave) {
    keeping(nextForm);
  }
}
