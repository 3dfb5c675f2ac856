// What stands on a step of the wizard is kept on this machine while somebody types, photos at once: what he has touched,
// and as long as it is neither kept nor sent. ES2017.
import { has, words } from "./words.js";

const PAUSE_MS = 2000;
const AGAIN_MS = 5000;
const form = document.querySelector("form.wizard");

const say = (text, isBad) => {
  const sign = form.querySelector("[data-saved]");
  if (sign.textContent.trim() !== text) {
    sign.textContent = text;
  }
  sign.classList.toggle("bad", Boolean(isBad));
};

const showKept = (kept) => {
  for (const [name, html] of Object.entries(kept)) {
    const place = form.querySelector(`[data-kept="${name}"]`);
    if (place) {
      const crossedOut = Array.from(place.querySelectorAll("input:checked"), (one) => one.value);
      place.innerHTML = html;
      place.querySelectorAll("input").forEach((one) => { one.checked = crossedOut.includes(one.value); });
    }
  }
};

// What the register knows of whoever applies goes where nothing stands yet, and where what it knew of somebody else
// still stands; once: what is taken out again stays out.
const known = form ? JSON.parse(form.dataset.known || "{}") : {};

// Where the cursor stands something may be filled in as long as nobody has typed there: who goes on with Tab is in the
// next field before the answer comes. It is marked then, as Tab marks a field, so that what is typed next replaces it.
const putKnown = (input, value) => {
  if (input.value === value) {
    return;
  }
  input.value = value;
  if (input === document.activeElement && input.select) {
    input.select();
  }
};

const showKnown = (told, touched) => {
  const place = form.querySelector("[data-person]");
  if (place && told.person !== undefined && place.innerHTML.trim() !== told.person.trim()) {
    place.innerHTML = told.person;
  }
  const authority = form.querySelector("[data-authority]");
  if (authority && told.authority !== undefined && authority.innerHTML.trim() !== told.authority.trim()) {
    authority.innerHTML = told.authority;
  }
  for (const section of told.consents ? form.querySelectorAll("[data-consents]") : []) {
    section.hidden = !told.consents.length;
    section.querySelectorAll("[data-consent]").forEach((one) => { one.hidden = !told.consents.includes(one.dataset.consent); });
  }
  const news = told.filled || {};
  for (const name of new Set([...Object.keys(known), ...Object.keys(news)])) {
    const input = form.elements[name];
    const isBeingTyped = input && input === document.activeElement && touched.has(name);
    if (input && !isBeingTyped && known[name] !== news[name]) {
      if (!input.value || input.value === known[name]) {
        putKnown(input, news[name] || "");
      }
      known[name] = news[name];
    }
  }
};

// Whose number stands here: what is known of another, asked for before it was typed, says nothing of him.
const whose = () => ["fields.cert_kind", "fields.id_number"].map((name) => (form.elements[name] || {}).value).join(" ");

const showErrors = (errors) => {
  for (const [name, sentence] of Object.entries(errors)) {
    const progress = document.getElementById(name) && document.getElementById(name).querySelector("[data-progress]");
    if (progress) {
      progress.hidden = false;
      progress.textContent = sentence;
    }
  }
};

// Whether something stands here that the page did not come with: it was typed before this script came.
const isChanged = (one) => {
  if (one.type === "checkbox" || one.type === "radio") {
    return one.checked !== one.defaultChecked;
  }
  if (one.tagName === "SELECT") {
    return one.selectedIndex !== Math.max(0, Array.from(one.options).findIndex((each) => each.defaultSelected));
  }
  return one.defaultValue !== undefined && one.type !== "file" && one.value !== one.defaultValue;
};

const TYPED_INTO = /^(fields\.|consents\.|agent\.|situations\.|channel$|materials\.\d+\.(got|kind|copies|on_file)$)/;
const valueOf = (one) => (one.type === "checkbox" || one.type === "radio" ? String(one.checked) : one.value);

// nextForm: gives what stands on the page now, with its turn.
export const keeping = (nextForm) => {
  const inputs = () => Array.from(form.elements).filter((one) => TYPED_INTO.test(one.name) && one.type !== "hidden");
  const touched = new Set(inputs().filter(isChanged).map((one) => one.name));
  const keptOf = new Map(); // input: what was kept of it from here
  const isNew = (one) => (keptOf.has(one) ? keptOf.get(one) !== valueOf(one) : touched.has(one.name) || isChanged(one));
  const news = () => inputs().filter(isNew);
  let waiting = 0;
  let isUnkept = touched.size > 0; // whether something stands here that was neither kept nor sent
  let isBusy = false;
  let isOwed = false;
  let isLeaving = false;

  const later = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(false), delay);
  };

  // More than one request may hold: photos go one by one then, and one that is too large by itself is let go of, and told.
  let isOneByOne = false;
  const refuse = (input, files) => {
    input.dispatchEvent(new CustomEvent("photoskept", { detail: files }));
    const progress = input.closest("[data-paper]").querySelector("[data-progress]");
    progress.hidden = false;
    progress.textContent = words("413");
  };

  const bodyOf = (isLast) => {
    const body = nextForm();
    body.delete("go");
    const sent = new Map();
    for (const input of form.querySelectorAll("input[type=file]")) {
      const all = isLast ? [] : Array.from(input.files);
      const files = isOneByOne ? all.slice(0, sent.size ? 0 : 1) : all;
      body.delete(input.name);
      files.forEach((file) => body.append(input.name, file));
      if (files.length) {
        sent.set(input, files);
        input.dispatchEvent(new CustomEvent("photossent", { detail: files }));
      }
    }
    // A photo goes with the form, or to make room for another: until then it stands here, and may be kept after all.
    if (!sent.size) {
      Array.from(body.keys()).filter((name) => name.endsWith(".drop")).forEach((name) => body.delete(name));
    }
    return { body, sent };
  };

  const keep = async (isLast) => {
    if ((isLeaving || isBusy) && !isLast) {
      isOwed = true;
      return;
    }
    isBusy = true;
    isOwed = false;
    isUnkept = false;
    clearTimeout(waiting);
    const { body, sent } = bodyOf(isLast);
    const typed = new Map(news().map((one) => [one, valueOf(one)]));
    const asked = whose();
    const settle = (input, files) => input.dispatchEvent(new CustomEvent("photoskept", { detail: files }));
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body, keepalive: isLast, headers: { Accept: "application/json" },
      });
      if (!answer.ok) {
        say(words(has(String(answer.status)) ? String(answer.status) : "not_kept"), true);
        isOwed = isOwed || answer.status >= 500;
        isUnkept = true;
        if (answer.status === 413 && sent.size) {
          const isAlone = sent.size === 1 && Array.from(sent.values())[0].length === 1;
          if (isAlone) {
            sent.forEach((files, input) => refuse(input, files));
            sent.clear();
          }
          isOneByOne = true;
          isOwed = true;
        }
      } else {
        const told = await answer.json();
        say(words("kept", { time: told.saved_at }), false);
        typed.forEach((value, one) => keptOf.set(one, value));
        for (const [input, files] of sent) {
          const unkept = told.unkept[input.name.replace(/\.photos$/, "")] || [];
          settle(input, files.filter((file, number) => !unkept.includes(number + 1)));
          sent.delete(input);
        }
        showKept(told.kept);
        if (asked === whose()) {
          showKnown(told, touched);
        }
        showErrors(told.errors);
        const isMore = isOneByOne && Array.from(form.querySelectorAll("input[type=file]")).some((one) => one.files.length);
        isOneByOne = isMore && !Object.keys(told.unkept).length; // one that is refused stays here, and would be the first again
        isOwed = isOwed || isOneByOne;
      }
    } catch (error) {
      say(words("no_answer"), true);
      isOwed = true;
      isUnkept = true;
    }
    sent.forEach((files, input) => settle(input, []));
    isBusy = false;
    if (isOwed && !isLeaving) {
      later(isOneByOne ? 0 : AGAIN_MS);
    }
  };

  // Another page may have this step open, too: what nobody typed here, or what was kept from here before, is as it is
  // there. Where the page shows what could not be kept, all of it counts.
  form.addEventListener("formdata", (event) => {
    if (!("unkept" in form.dataset)) {
      const here = new Set(news().map((one) => one.name));
      const left = new Set(inputs().map((one) => one.name).filter((name) => !here.has(name)));
      event.formData.append("left", Array.from(left).join(" "));
    }
  });
  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") {
      touched.add(event.target.name);
      isUnkept = true;
      later(PAUSE_MS);
    }
  });
  form.addEventListener("change", (event) => {
    if (["fields.cert_kind", "fields.id_number"].includes(event.target.name)) {
      keep(false);
    }
  });
  form.addEventListener("photosready", (event) => {
    const old = event.target.closest("[data-paper]").querySelector("input[name$='.on_file']");
    if (old) {
      old.checked = false; // what has just been photographed stands for what was on file
    }
    keep(false);
  });
  form.addEventListener("submit", () => {
    isLeaving = true;
    isUnkept = false;
    clearTimeout(waiting);
  });
  if (isUnkept) {
    later(PAUSE_MS);
  }
  form.addEventListener("stillhere", () => {
    isLeaving = false;
    isUnkept = true;
    later(PAUSE_MS);
  });
  window.addEventListener("pageshow", () => { isLeaving = false; });
  window.addEventListener("pagehide", () => {
    // Also what was typed after the button was pressed, and what may not have left yet.
    if (isUnkept || (isBusy && !isLeaving)) {
      keep(true);
    }
  });
};
