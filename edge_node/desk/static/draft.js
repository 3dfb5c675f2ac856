// A form left half filled is still there after a power cut: kept in this browser, for its own account, for twelve
// hours. Identity and bank numbers are never kept: the PC is shared. ES2017, no libraries.
const PREFIX = "yizhan.draft.";
const KEPT_MS = 12 * 3600 * 1000;
const PAUSE_MS = 400;

const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch (error) {
    return null;
  }
};

const forgetOld = () => {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    const draft = read(name);
    if (!draft || !(Date.now() - draft.at < KEPT_MS)) {
      localStorage.removeItem(name);
    }
  }
};

const inputsOf = (form) => Array.from(form.elements).filter((one) =>
  one.name && !("secret" in one.dataset) && !["hidden", "file", "submit", "button"].includes(one.type)
  && one.name !== "confirmed_time");

const valuesOf = (form) => inputsOf(form).map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]);

const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });

const keepUp = (form, name) => {
  const sign = form.querySelector("[data-draft-saved]");
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      try {
        localStorage.setItem(name, JSON.stringify({ at: Date.now(), values: valuesOf(form) }));
        sign.hidden = false;
        sign.querySelector("span").textContent = clock(Date.now());
      } catch (error) {
        sign.hidden = true; // no room, or not allowed: the form itself still works
      }
    }, PAUSE_MS);
  });
  // What is sent is not written down once more, not even when this page is come back to out of the browser's memory.
  form.addEventListener("submit", () => clearTimeout(waiting));
};

const offer = (form, name, draft) => {
  const bar = document.querySelector("[data-draft-offer]");
  bar.hidden = false;
  bar.querySelector("[data-draft-time]").textContent = clock(draft.at);
  bar.querySelector("[data-draft-restore]").addEventListener("click", () => {
    const kept = new Map(draft.values);
    for (const one of inputsOf(form).filter((each) => kept.has(each.name))) {
      if (one.type === "checkbox") {
        one.checked = kept.get(one.name);
      } else {
        one.value = kept.get(one.name);
      }
    }
    bar.hidden = true;
  });
  bar.querySelector("[data-draft-discard]").addEventListener("click", () => {
    localStorage.removeItem(name);
    bar.hidden = true;
  });
};

try {
  forgetOld();
  const done = document.querySelector("[data-draft-done]");
  if (done) {
    localStorage.removeItem(PREFIX + done.dataset.draftDone);
  }
  const form = document.querySelector("form[data-draft]");
  if (form) {
    const name = PREFIX + form.dataset.draft;
    const draft = read(name);
    if (draft && "fresh" in form.dataset) {
      offer(form, name, draft);
    }
    keepUp(form, name);
  }
} catch (error) {
  // A browser that keeps nothing (private mode) has forms that work all the same.
}
