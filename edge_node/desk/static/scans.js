// A barcode gun on a page that is being filled in. It is a keyboard: it types wherever the cursor stands, blanks too, and
// ends with Enter. What it typed is taken out again; the slip is opened where nothing is filled in, else it is told.
// ES2017, no libraries; without scripts Enter brings the page back, with nothing recorded.
const told = document.querySelector("[data-scanned]");
const PAUSE_MS = 1000;
const TEXTS = "textarea, input:not([type=checkbox])";
const SLIP = /handover:[a-z0-9]+-[a-z2-7]{16}|^\s*J[0-9]{18}[0-9A-Z]{7}\s*$/i;
// What was typed without a pause, and what stood before in the field where that began.
let typed = "";
let typedAt = 0;
let field = null;
let before = "";

// A slip's code, or as long a number as the slip of an application has. A telephone and a name in a text are none.
function isScan(text, isLines) {
  return SLIP.test(text) || (!isLines && text.length >= 20 && text.replace(/\D/g, "").length >= 12);
}

function isFilledIn() {
  const all = Array.from(document.querySelectorAll(`main form[method=post] input[type=checkbox], main form[method=post] :is(${TEXTS})`));
  return told.hasAttribute("data-touched") || all.some((one) => one.checked !== one.defaultChecked || one.value !== one.defaultValue);
}

function isThis(text) {
  const { id, number } = told.dataset;
  return Boolean(id) && (text.toLowerCase().includes(id) || text.toUpperCase().includes(number));
}

function say(sentence, address) {
  const link = told.querySelector("[data-open]");
  told.querySelector("[data-said]").textContent = sentence;
  link.hidden = !address;
  if (address) { link.href = address; }
  told.hidden = false;
  told.scrollIntoView({ block: "nearest" });
}

function caught(text) {
  const address = `${told.dataset.bags}?q=${encodeURIComponent(text.trim())}`;
  if (isThis(text)) {
    say(told.dataset.same, "");
  } else if (!SLIP.test(text)) {
    say(told.dataset.none, "");
  } else if (isFilledIn()) {
    say(told.dataset.other, address);
  } else {
    location.assign(address);
  }
}

function listen(event) {
  const isText = event.target.matches(TEXTS);
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  if (event.timeStamp - typedAt > PAUSE_MS) {
    typed = "";
  }
  typedAt = event.timeStamp;
  if ((event.key === "Enter" || event.key === "Tab") && isScan(typed, event.target.matches("textarea"))) {
    event.preventDefault();
    if (field && "value" in field) { field.value = before; }
    const text = typed;
    typed = "";
    caught(text);
  } else if (event.key === "Enter" || event.key === "Tab") {
    typed = "";
  } else if (event.key.length === 1 && (typed || isText || event.key !== " ")) {
    if (!typed) {
      field = isText ? event.target : null;
      before = isText ? event.target.value : "";
    }
    if (event.key === " " && typed && !isText) { event.preventDefault(); } // a gun's blank presses no button
    typed += event.key;
  }
}

if (told) {
  document.addEventListener("keydown", listen, true);
  document.addEventListener("keyup", (event) => {
    if (event.key === " " && typed.trim() && !event.target.matches(TEXTS)) { event.preventDefault(); }
  }, true);
}
